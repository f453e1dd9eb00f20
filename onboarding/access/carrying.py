"""A change of access on its way: the safe is asked and changed, the outcome recorded.

What was cut off in between is done by `carry_out` with the recorded intent, later.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from onboarding.access.errors import SafePendingError, StepDownError
from onboarding.access.level import Level
from onboarding.access.milestones import held_by
from onboarding.access.models import AccessChange
from onboarding.access.wishes import DONE, GRANT, REVOKE, AccessDesk, begin_correction, waiting
from onboarding.asking import require_proven
from opskit.core.errors import ConflictError, OpsError, UnavailableError
from opskit.core.events import record
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.core.intents import Ending, Intent, close, finish, note
from opskit.staff import services as staff
from opskit.staff.models import Person, PersonState
from opskit.staff.turns import locked


def carry_out_in_turn(desk: AccessDesk, intent: Intent) -> bool:
    """What waited before comes first, whatever becomes of it; then as `carry_out`."""
    with desk.transaction() as session:
        earlier = [each for each in waiting(session, intent.subject) if each.id < intent.id]
    for each in earlier:
        try:
            carry_out(desk, each)
        except UnavailableError:
            raise
        except OpsError:
            continue  # refused, and closed
    return carry_out(desk, intent)


def carry_out(desk: AccessDesk, intent: Intent) -> bool:
    """Do what the intent says and record the outcome; doing it twice does no harm.

    False where it was so already. A refusal closes the intent. Where the safe does not answer it
    stays open: it is done later.

    Raises:
        SafePendingError: the safe does not answer.
        ConflictError: not for this person, or somebody wished something else meanwhile.
        StepDownError: the person reaches more already.
        DeniedError: who asked for it while the safe was away is no admin.
    """
    data = intent.data
    try:
        require_proven(desk.transaction, desk.groups, intent, again=command_of(intent))
        with desk.transaction() as session:
            person = staff.by_login(session, intent.subject)
            if intent.kind == GRANT:
                refuse_disabled(person)
            pole = person.pole
        before = _before(desk, intent)
        desk.groups.hold(data["entity_id"], data["level"], pole)
    except UnavailableError as err:
        raise pending(err, login=intent.subject) from err
    except OpsError:
        with desk.transaction() as session:
            finish(session, intent, at=desk.at)
        raise
    return _conclude(desk, intent, before)


def pending(err: UnavailableError, *, login: str) -> SafePendingError:
    """What to tell who sees that the safe is away."""
    return SafePendingError(
        _("the change for {login} is recorded and not yet done: {reason}").format(
            login=login, reason=err.message
        ),
        hint=_("{first}; once the safe answers: opskit doctor --repair").format(first=err.hint),
    )


def refuse_disabled(person: Person) -> None:
    """Raises ConflictError: no access grows for somebody who is out."""
    if person.state != PersonState.ACTIVE:
        raise ConflictError(
            _("{login} is disabled").format(login=person.login),
            hint=f"opskit user enable {person.login}",
        )


def level_above(level: Level) -> Level:
    """What has to go for this one to remain."""
    return list(Level)[min(level.rank + 1, len(Level) - 1)]


def command_of(intent: Intent) -> str:
    """What was typed, as far as it may be kept."""
    level = Level(intent.data["level"])
    if intent.kind == GRANT:
        return f"opskit onboarding access grant {intent.subject} {level.value}"
    return f"opskit onboarding access revoke {intent.subject} {level_above(level)} --reason TEXT"


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


def _before(desk: AccessDesk, intent: Intent) -> Level:
    """What the safe gave before the first try; noted, since a try that is cut off changes it."""
    if "before" in intent.data:
        return Level(intent.data["before"])
    held = Level(desk.groups.level_of(intent.data["entity_id"]))
    _refuse_the_wrong_way(intent, held)
    with desk.transaction() as session:
        return Level(note(session, intent, {"before": held.value})["before"])


def _refuse_the_wrong_way(intent: Intent, held: Level) -> None:
    login, level = intent.subject, Level(intent.data["level"])
    if intent.kind == GRANT and held.rank > level.rank:
        raise StepDownError(
            _("{login} has the level {level} already, which is more").format(
                login=login, level=held.value
            ),
            hint=f"opskit onboarding access revoke {login} {level_above(level)} --reason TEXT",
        )
    if intent.kind == REVOKE and held.rank <= level.rank:
        raise ConflictError(
            _("{login} does not have the level {level}").format(
                login=login, level=level_above(level).value
            ),
            hint=f"opskit onboarding access show {login}",
        )


def _conclude(desk: AccessDesk, intent: Intent, before: Level) -> bool:
    with desk.transaction() as session:
        person = locked(session, intent.subject)
        ending = close(session, intent, at=desk.at)
        if ending is Ending.ANOTHERS:
            return False
        correction = None
        if ending is Ending.OVERTAKEN:
            correction = begin_correction(session, desk, person)
        else:
            _record(session, person, intent, before, at=desk.at)
        kept = session.get_one(Intent, intent.id)
        kept.data = {**kept.data, "reason": ""}  # the event has it
    if correction is None:
        return before is not Level(intent.data["level"])
    carry_out(desk, correction)
    raise ConflictError(
        _("somebody else changed {login} at the same moment: {act} was taken back").format(
            login=intent.subject, act=intent.kind
        ),
        hint=f"opskit onboarding access show {intent.subject}",
    )


def _record(
    session: Session, person: Person, intent: Intent, before: Level, *, at: datetime
) -> None:
    """Nothing where it was so already, and opskit knew it."""
    level, reason = Level(intent.data["level"]), intent.data["reason"]
    if before is level and (intent.kind == REVOKE or held_by(session, person) is level):
        return
    enter(session, person, before=before, level=level, by=intent.actor, at=at)
    record(
        session,
        actor=intent.actor,
        at=at,
        action=DONE[intent.kind],
        subject=person.subject,
        before={"level": before.value},
        after={"level": level.value},
        personal={"login": person.login, **({"reason": reason} if reason else {})},
    )
