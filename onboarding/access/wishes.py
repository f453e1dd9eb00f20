"""What shall become of somebody's access: recorded before the safe is asked for anything."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from onboarding.access.level import Level
from onboarding.access.milestones import held_by
from onboarding.asking import UNPROVEN, marks
from onboarding.ports import AccessGroups
from opskit.core.identity import Identity
from opskit.core.intents import Intent, begin, open_intents, overtake
from opskit.staff.models import Person, PersonState
from opskit.staff.turns import LEAVE

GRANT, REVOKE = "access.grant", "access.revoke"
DONE = {GRANT: "onboarding.access-granted", REVOKE: "onboarding.access-revoked"}


@dataclass(frozen=True, slots=True)
class AccessDesk:
    """Who changes access, when, and with what; unproven where only this machine knows the asker."""

    transaction: Callable[[], AbstractContextManager[Session]]
    groups: AccessGroups
    actor: Identity
    at: datetime
    is_proven: bool = True


@dataclass(frozen=True, slots=True)
class Wish:
    """A level that somebody shall have, given or left; a `reason` for what is taken away."""

    kind: str
    level: Level
    reason: str = ""


def waiting(session: Session, login: str | None = None) -> list[Intent]:
    """The changes that the safe has not heard of yet, the oldest first."""
    return open_intents(session, kinds=DONE, subject=login)


def begin_wish(session: Session, desk: AccessDesk, person: Person, wish: Wish) -> Intent:
    """A new intent, or the same one that was cut off.

    What waits to be given gives way to what is wished last; what waits to be taken stays.
    """
    same = None
    for each in waiting(session, person.login):
        if (each.kind, each.data["level"]) == (wish.kind, wish.level):
            same = each
        elif each.kind == GRANT:
            overtake(session, each, at=desk.at)
    if same is not None:
        _stand_behind(desk, same)
        return same
    data = {
        "entity_id": person.entity_id,
        "level": wish.level.value,
        "reason": wish.reason,
        **marks(is_proven=desk.is_proven),
    }
    return _begin(session, desk, wish.kind, person, data)


def begin_correction(session: Session, desk: AccessDesk, person: Person) -> Intent:
    """Bring the safe to what is wished by now; nothing of it is a change of its own."""
    level = _wished(session, person)
    data = {
        "entity_id": person.entity_id,
        "before": level.value,
        "level": level.value,
        "reason": "",
    }
    return _begin(session, desk, REVOKE, person, data)


def _begin(
    session: Session, desk: AccessDesk, kind: str, person: Person, data: Mapping[str, object]
) -> Intent:
    return begin(session, kind=kind, subject=person.login, data=data, at=desk.at, actor=desk.actor)


def _stand_behind(desk: AccessDesk, intent: Intent) -> None:
    """Whoever is known to be who they are takes over what nobody could prove."""
    if desk.is_proven and intent.data.get(UNPROVEN):
        intent.data = {key: value for key, value in intent.data.items() if key != UNPROVEN}
        intent.actor_id, intent.actor_name = desk.actor.entity_id, desk.actor.name


def _wished(session: Session, person: Person) -> Level:
    """By the last word of anybody: a departure, what still waits, what was done."""
    leaves = open_intents(session, kinds=(LEAVE,), subject=person.login)
    if leaves or person.state != PersonState.ACTIVE:
        return Level.NONE
    still = waiting(session, person.login)
    return Level(still[-1].data["level"]) if still else held_by(session, person)
