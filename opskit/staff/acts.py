"""A change to somebody's login on its way: intent, commit, act in the safe, outcome, commit.

What was interrupted is finished by `carry_out` with the recorded intent, from the doctor or from
the same command given again.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, assert_never

from sqlalchemy.orm import Session

from opskit.core.errors import ConflictError, OpsError, UnavailableError
from opskit.core.events import record
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.core.intents import Ending, Intent, begin, close, finish, open_intents, overtake
from opskit.core.secret import Secret
from opskit.staff import services
from opskit.staff.models import Person, PersonState
from opskit.staff.ports import Accounts
from opskit.staff.turns import locked


class Act(StrEnum):
    """The kinds of intents, frozen: an open one may come from an older program."""

    ADD = "user.add"
    ENTITY = "user.entity"
    GRANT = "user.grant"
    REVOKE = "user.revoke"
    RESET = "user.reset"
    DISABLE = "user.disable"
    ENABLE = "user.enable"


OPPOSITES = {
    Act.GRANT: Act.REVOKE,
    Act.REVOKE: Act.GRANT,
    Act.DISABLE: Act.ENABLE,
    Act.ENABLE: Act.DISABLE,
}
CHANGES_ROLES = (Act.ADD, Act.ENTITY, Act.GRANT, Act.REVOKE)
DONE = {
    Act.ADD: "user.added",
    Act.ENTITY: "user.known",
    Act.GRANT: "user.granted",
    Act.REVOKE: "user.revoked",
    Act.RESET: "user.reset",
    Act.DISABLE: "user.disabled",
    Act.ENABLE: "user.enabled",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Who changes logins, when, and with what."""

    transaction: Callable[[], AbstractContextManager[Session]]
    accounts: Accounts
    actor: Identity
    at: datetime


def begin_act(
    session: Session, desk: Desk, act: Act, person: Person, data: dict[str, Any]
) -> Intent:
    """A new intent, or the same one that was interrupted before."""
    for intent in open_intents(session):
        same = intent.kind == act and intent.subject == person.login
        if same and (act is Act.ADD or intent.data == data):
            intent.data = data
            return intent
    return begin(session, kind=act, subject=person.login, data=data, at=desk.at, actor=desk.actor)


def overtake_opposite(
    session: Session, desk: Desk, act: Act, person: Person, data: dict[str, Any]
) -> bool:
    """Close what was cut off and would undo this one; whether there was anything."""
    undoing = [
        intent
        for intent in open_intents(session)
        if (intent.kind, intent.subject) == (OPPOSITES.get(act), person.login)
        and intent.data == data
    ]
    for intent in undoing:
        overtake(session, intent, at=desk.at)
    return bool(undoing)


def carry_out(desk: Desk, intent: Intent, *, password: Secret | None = None) -> Person:
    """Do what the intent says and record the outcome; doing it twice does no harm.

    A refusal closes the intent. Where the safe did not answer, nobody knows what happened: the
    intent stays open.

    Raises:
        ConflictError: somebody wished the opposite meanwhile, so that this was taken back.
    """
    try:
        entity_id = _act(desk.accounts, intent, password)
        if intent.kind in CHANGES_ROLES:
            _place(desk, intent.subject, entity_id or intent.data["entity_id"])
    except UnavailableError:
        raise
    except OpsError:
        with desk.transaction() as session:
            finish(session, intent, at=desk.at)
        raise
    with desk.transaction() as session:
        person = locked(session, intent.subject)
        ending = close(session, intent, at=desk.at)
        if ending is Ending.ANOTHERS:
            return person
        if entity_id is not None:
            services.link_entity(
                session,
                person=person,
                entity_id=entity_id,
                can_log_in=intent.kind == Act.ADD,
                at=desk.at,
                actor=intent.actor,
            )
        _record_outcome(session, person, intent, at=desk.at)
        is_overtaken = ending is Ending.OVERTAKEN
        undoing = _undoing(session, desk, person, intent) if is_overtaken else []
    for each in undoing:
        carry_out(desk, each)
    if is_overtaken:
        raise ConflictError(
            _("somebody else changed {login} at the same moment: {act} was taken back").format(
                login=person.login, act=intent.kind
            ),
            hint=f"opskit user show {person.login}",
        )
    return person


def _undoing(session: Session, desk: Desk, person: Person, intent: Intent) -> list[Intent]:
    """The acts that take back what was overtaken; a password that was set stays set."""
    entity = {"entity_id": person.entity_id}
    roles = [*intent.data.get("roles", ()), intent.data.get("role")]
    of_roles = [{**entity, "role": role} for role in roles if role]
    act = Act(intent.kind)
    match act:
        case Act.ADD:
            wished = [(Act.DISABLE, entity), *((Act.REVOKE, data) for data in of_roles)]
        case Act.ENTITY | Act.GRANT:
            wished = [(Act.REVOKE, data) for data in of_roles]
        case Act.REVOKE:
            wished = [(Act.GRANT, data) for data in of_roles]
        case Act.DISABLE:
            wished = [(Act.ENABLE, entity)]
        case Act.ENABLE:
            wished = [(Act.DISABLE, entity)]
        case Act.RESET:
            wished = []
        case _:
            assert_never(act)
    return [begin_act(session, desk, each, person, data) for each, data in wished]


def _act(accounts: Accounts, intent: Intent, password: Secret | None) -> str | None:
    """The part that happens in the safe; returns the entity where it may be a new one."""
    data, act = intent.data, Act(intent.kind)
    match act:
        case Act.ADD:
            return accounts.create_login(
                intent.subject, _needed(password), frozenset(data["roles"])
            )
        case Act.ENTITY:
            entity_id = accounts.ensure_entity(intent.subject)
            accounts.grant(entity_id, data["role"])
            return entity_id
        case Act.GRANT:
            accounts.grant(data["entity_id"], data["role"])
        case Act.REVOKE:
            accounts.revoke(data["entity_id"], data["role"])
        case Act.RESET:
            accounts.set_password(intent.subject, _needed(password))
            accounts.end_logins(data["entity_id"])
        case Act.DISABLE:
            accounts.disable(data["entity_id"])
        case Act.ENABLE:
            accounts.enable(data["entity_id"])
        case _:
            assert_never(act)
    return None


def _place(desk: Desk, login: str, entity_id: str) -> None:
    """The clients follow the roles, and the pole of this moment."""
    with desk.transaction() as session:
        pole = services.by_login(session, login).pole
    desk.accounts.place(entity_id, pole)


def _record_outcome(session: Session, person: Person, intent: Intent, *, at: datetime) -> None:
    act = Act(intent.kind)
    before, after = _before_and_after(act, intent.data, person.state)
    if act in (Act.DISABLE, Act.ENABLE):
        person.state, person.updated_at = str((after or {})["state"]), at
    record(
        session,
        actor=intent.actor,
        at=at,
        action=DONE[act],
        subject=person.subject,
        before=before,
        after=after,
        personal={"login": person.login, "name": person.name},
    )


def _before_and_after(
    act: Act, data: Mapping[str, Any], state: str
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    match act:
        case Act.ADD:
            return None, {"roles": data["roles"]}
        case Act.GRANT | Act.ENTITY:
            return None, {"role": data["role"]}
        case Act.REVOKE:
            return {"role": data["role"]}, None
        case Act.RESET:
            return None, None
        case Act.DISABLE:
            return {"state": state}, {"state": PersonState.DISABLED.value}
        case Act.ENABLE:
            return {"state": state}, {"state": PersonState.ACTIVE.value}
        case _:
            assert_never(act)


def _needed(password: Secret | None) -> Secret:
    if password is None:
        raise TypeError("this act needs a password")
    return password
