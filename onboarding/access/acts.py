"""Access that changes: intent, commit, act in the safe, outcome, commit.

What was cut off in between is finished by `carry_out` with the recorded intent, from the doctor
or from the same command given again.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from onboarding.access.errors import SafePendingError, StepDownError
from onboarding.access.level import Level
from onboarding.access.milestones import held_by
from onboarding.access.models import AccessChange
from onboarding.ports import AccessGroups
from opskit.checklists.services.answers import stated
from opskit.core.context import AppContext
from opskit.core.errors import ConflictError, OpsError, UnavailableError
from opskit.core.events import record
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.intents import Intent, begin, finish, open_intents
from opskit.staff import services as staff
from opskit.staff.models import Person, PersonState

GRANT, REVOKE = "access.grant", "access.revoke"
DONE = {GRANT: "onboarding.access-granted", REVOKE: "onboarding.access-revoked"}


@dataclass(frozen=True, slots=True)
class AccessDesk:
    """Who changes access, when, and with what."""

    transaction: Callable[[], AbstractContextManager[Session]]
    groups: AccessGroups
    actor: Identity
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """What shall become of whose access."""

    kind: str
    login: str
    entity_id: str
    before: Level
    level: Level
    reason: str = ""

    @property
    def data(self) -> dict[str, Any]:
        return {
            "entity_id": self.entity_id,
            "before": self.before.value,
            "level": self.level.value,
            "reason": self.reason,
        }


def desk_of(run: AppContext) -> AccessDesk:
    return AccessDesk(run.transaction, run.plug(AccessGroups), run.identity(), run.now())


def grant(desk: AccessDesk, *, login: str, level: Level) -> bool:
    """Let somebody's access grow to a level; False where it has grown so far already.

    Raises:
        DeniedError: no admin. NotFoundError: an unknown person.
        ConflictError: the person has left, or was never in the safe.
        StepDownError: the person reaches more already.
        SafePendingError: the safe went away meanwhile; the change is recorded.
    """
    require_role(desk.actor, "admin")
    entity_id = _entity_of(desk, login)
    held = Level(desk.groups.level_of(entity_id))
    if held.rank > level.rank:
        raise StepDownError(
            _("{login} has the level {level} already, which is more").format(
                login=login, level=held.value
            ),
            hint=f"opskit onboarding access revoke {login} {level_above(level)} --reason TEXT",
        )
    with desk.transaction() as session:
        recorded = held_by(session, staff.by_login(session, login))
        if held is level is recorded and not _waits(session, login):
            return False
        intent = _begin(session, desk, Change(GRANT, login, entity_id, held, level))
    carry_out(desk, intent)
    return held is not level


def revoke(desk: AccessDesk, *, login: str, level: Level, reason: str) -> Level:
    """Take a level away, and every higher one; what remains is the one below.

    Raises:
        DeniedError: no admin. NotFoundError: an unknown person.
        ConflictError: the person does not have that level, or reaches every client by role.
        ReasonMissingError: no reason was given. SafePendingError: as `grant`.
    """
    require_role(desk.actor, "admin")
    reason = stated(reason)
    entity_id = _entity_of(desk, login, even_left=True)
    held = Level(desk.groups.level_of(entity_id))
    if held.rank < level.rank:
        raise ConflictError(
            _("{login} does not have the level {level}").format(login=login, level=level.value),
            hint=f"opskit onboarding access show {login}",
        )
    change = Change(REVOKE, login, entity_id, held, level.below, reason)
    with desk.transaction() as session:
        intent = _begin(session, desk, change)
    carry_out(desk, intent)
    return level.below


def carry_out(desk: AccessDesk, intent: Intent) -> None:
    """Do what the intent says and record the outcome; doing it twice does no harm.

    A refusal closes the intent. Where the safe does not answer it stays open: it is done later.
    """
    data = intent.data
    try:
        with desk.transaction() as session:
            person = staff.by_login(session, intent.subject)
            if intent.kind == GRANT:
                _refuse_disabled(person)
            pole = person.pole
        desk.groups.hold(data["entity_id"], data["level"], pole)
    except UnavailableError as err:
        raise pending(err, login=intent.subject) from err
    except OpsError:
        with desk.transaction() as session:
            finish(session, intent, at=desk.at)
        raise
    with desk.transaction() as session:
        _record(session, intent, at=desk.at)
        session.get_one(Intent, intent.id).data = {**data, "reason": ""}  # the event has it
        finish(session, intent, at=desk.at)


def repair(run: AppContext, intent: Intent) -> str:
    """Finish a change of access that was interrupted, and say what became of it.

    Raises:
        DeniedError: no admin. UnavailableError: the safe does not answer.
    """
    require_role(run.identity(), "admin")
    carry_out(desk_of(run), intent)
    return _("{login} has the access level {level} now").format(
        login=intent.subject, level=intent.data["level"]
    )


def pending(err: UnavailableError, *, login: str) -> SafePendingError:
    """What to tell who sees the safe go away in the middle."""
    return SafePendingError(
        _("the change for {login} is recorded and not yet done: {reason}").format(
            login=login, reason=err.message
        ),
        hint=_("{first}; once the safe answers: opskit doctor --repair").format(first=err.hint),
    )


def waiting(session: Session) -> list[Intent]:
    """The changes that the safe has not heard of yet."""
    return [each for each in open_intents(session) if each.kind in DONE]


def level_above(level: Level) -> Level:
    """What has to go for this one to remain."""
    return list(Level)[min(level.rank + 1, len(Level) - 1)]


def _waits(session: Session, login: str) -> bool:
    return any(each.subject == login for each in waiting(session))


def _entity_of(desk: AccessDesk, login: str, *, even_left: bool = False) -> str:
    with desk.transaction() as session:
        person = staff.by_login(session, login)
        if not even_left:
            _refuse_disabled(person)
        if person.entity_id is None:
            raise ConflictError(
                _("the safe does not know {login} yet").format(login=person.login),
                hint=f"opskit user add {person.login} --role consultant",
            )
        return person.entity_id


def _refuse_disabled(person: Person) -> None:
    if person.state != PersonState.ACTIVE:
        raise ConflictError(
            _("{login} is disabled").format(login=person.login),
            hint=f"opskit user enable {person.login}",
        )


def _begin(session: Session, desk: AccessDesk, change: Change) -> Intent:
    """A new intent, or the same one that was cut off; another gives way to what is wished last."""
    for each in waiting(session):
        if each.subject != change.login:
            continue
        if (each.kind, each.data["level"]) == (change.kind, change.level):
            return each
        finish(session, each, at=desk.at)
    return begin(
        session,
        kind=change.kind,
        subject=change.login,
        data=change.data,
        at=desk.at,
        actor=desk.actor,
    )


def _record(session: Session, intent: Intent, *, at: datetime) -> None:
    person = staff.by_login(session, intent.subject)
    before, level = intent.data["before"], intent.data["level"]
    enter(session, person, before=before, level=level, by=intent.actor, at=at)
    reason = intent.data["reason"]
    record(
        session,
        actor=intent.actor,
        at=at,
        action=DONE[intent.kind],
        subject=person.subject,
        before={"level": before},
        after={"level": level},
        personal={"login": person.login, **({"reason": reason} if reason else {})},
    )


def enter(
    session: Session, person: Person, *, before: str, level: str, by: Identity, at: datetime
) -> None:
    """One more row of how the person's access changed."""
    session.add(
        AccessChange(
            person_id=person.id,
            before=before,
            level=level,
            changed_by=by.entity_id,
            changed_at=at,
        )
    )
