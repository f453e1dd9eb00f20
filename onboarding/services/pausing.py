"""Days that move: another first day, a pause, a longer probation."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.models import Consultant, ConsultantState, Pause
from onboarding.probation import probation_end
from onboarding.services.walks import Walk, lock, tell
from opskit.checklists import services as checklists
from opskit.checklists.models import Run
from opskit.checklists.services import Shift
from opskit.checklists.services.answers import stated
from opskit.core.business_days import Calendar
from opskit.core.errors import ConflictError, InvalidError
from opskit.core.i18n import _
from opskit.core.identity import Identity

DAY = timedelta(days=1)


def anchor_of(session: Session, run: Run, first_day: date, calendar: Calendar) -> date:
    """The day from which the dates count: the first day, and after it what the pauses took."""
    days = sum(pause.days for pause in _pauses(session, _consultant(session, run)))
    return calendar.add(first_day, days, run.canton) if days else first_day


def enter_first_day(session: Session, run: Run, *, to: date) -> None:
    """The consultant begins on the day to which the path was moved; the probation follows."""
    consultant = _consultant(session, run)
    if consultant is None:
        return
    rested = sum((_rest(pause) for pause in _pauses(session, consultant)), timedelta())
    if consultant.probation_until == probation_end(consultant.start_on) + rested:
        consultant.probation_until = probation_end(to) + rested  # one that was agreed stays
    consultant.start_on = to


def pause(
    session: Session,
    *,
    walk: Walk,
    on: date,
    today: date,
    reason: str,
    at: datetime,
    actor: Identity,
) -> Pause:
    """Let a walk rest from that day: nothing is late, nobody is reminded.

    Raises:
        ConflictError: it rests already.
        InvalidError: the day lies ahead, or in a pause of before.
        ReasonMissingError: nothing is said.
    """
    lock(session, walk)
    walk.require_under_way()
    if walk.consultant.state == ConsultantState.PAUSED:
        raise ConflictError(
            _("{run} rests already").format(run=walk.run.name),
            hint=f"opskit onboarding resume {walk.run.name}",
        )
    _refuse_day(session, walk, on, today)
    made = Pause(consultant_id=walk.consultant.id, paused_on=on, resumed_on=None, days=0)
    session.add(made)
    walk.consultant.state = ConsultantState.PAUSED
    signed: dict[str, Any] = {"at": at, "actor": actor}
    said = {"reason": stated(reason)}
    tell(session, "paused", walk, signed, after={"on": on.isoformat()}, personal=said)
    return made


def resume(
    session: Session,
    *,
    walk: Walk,
    on: date,
    calendar: Calendar,
    at: datetime,
    actor: Identity,
) -> list[Shift]:
    """Go on from that day: open dates move by as many business days as the walk rested.

    Raises:
        ConflictError: it does not rest.
        InvalidError: the day is before the pause.
    """
    lock(session, walk)
    rest = open_pause(session, walk)
    days = rest_days(rest, on=on, calendar=calendar, canton=walk.run.canton)
    rest.resumed_on, rest.days = on, days
    consultant = walk.consultant
    consultant.state = ConsultantState.ACTIVE
    if consultant.probation_until is not None:
        consultant.probation_until += on - rest.paused_on
    signed: dict[str, Any] = {"at": at, "actor": actor}
    tell(session, "resumed", walk, signed, after={"on": on.isoformat(), "days": days})
    if not days:
        return []
    to = calendar.add(walk.run.anchor_on, days, walk.run.canton)
    return checklists.move_run(session, run=walk.run, to=to, calendar=calendar, **signed)


def plan_resume(session: Session, walk: Walk, *, on: date, calendar: Calendar) -> list[Shift]:
    """What would move. Raises as `resume`."""
    rest = open_pause(session, walk)
    days = rest_days(rest, on=on, calendar=calendar, canton=walk.run.canton)
    to = calendar.add(walk.run.anchor_on, days, walk.run.canton) if days else walk.run.anchor_on
    return checklists.plan_move(walk.run, to=to, calendar=calendar)


def open_pause(session: Session, walk: Walk) -> Pause:
    """Raises ConflictError: the walk does not rest."""
    rests = [each for each in _pauses(session, walk.consultant) if each.resumed_on is None]
    if walk.consultant.state != ConsultantState.PAUSED or not rests:
        raise ConflictError(
            _("{run} does not rest").format(run=walk.run.name),
            hint=f'opskit onboarding pause {walk.run.name} --reason "TEXT"',
        )
    return rests[-1]


def resting_since(session: Session, run: Run) -> date | None:
    """The day from which the walk of that run rests; None where it goes on."""
    rests = [each for each in _pauses(session, _consultant(session, run)) if not each.resumed_on]
    return rests[-1].paused_on if rests else None


def rest_days(rest: Pause, *, on: date, calendar: Calendar, canton: str | None) -> int:
    """The business days from the first of the pause to the last before that day."""
    if on < rest.paused_on:
        raise InvalidError(
            _("{on} is before the pause, which began on {first}").format(
                on=on, first=rest.paused_on
            ),
            hint=_("give a later day: --on {day}").format(day=rest.paused_on + DAY),
        )
    return len(calendar.between(rest.paused_on, on - DAY, canton)) if on > rest.paused_on else 0


def extend(
    session: Session, *, walk: Walk, until: date, reason: str, at: datetime, actor: Identity
) -> date | None:
    """Prolong the probation; the day on which it would have ended.

    Raises:
        InvalidError: it would end no later than before.
        ReasonMissingError: nothing is said.
    """
    lock(session, walk)
    walk.require_under_way()
    before = walk.consultant.probation_until
    if until <= (before or walk.consultant.start_on):
        raise InvalidError(
            _("the probation of {name} lasts until {day} already").format(
                name=walk.person.name, day=before or walk.consultant.start_on
            ),
            hint=_("give a later day: --until {day}").format(
                day=(before or walk.consultant.start_on) + 30 * DAY
            ),
        )
    walk.consultant.probation_until = until
    tell(
        session,
        "extended",
        walk,
        {"at": at, "actor": actor},
        before={"until": before and before.isoformat()},
        after={"until": until.isoformat()},
        personal={"reason": stated(reason)},
    )
    return before


def _consultant(session: Session, run: Run) -> Consultant | None:
    return session.scalar(select(Consultant).where(Consultant.run_number == run.number))


def _pauses(session: Session, consultant: Consultant | None) -> list[Pause]:
    if consultant is None:
        return []
    query = select(Pause).where(Pause.consultant_id == consultant.id).order_by(Pause.id)
    return list(session.scalars(query))


def _rest(pause: Pause) -> timedelta:
    return pause.resumed_on - pause.paused_on if pause.resumed_on else timedelta()


def _refuse_day(session: Session, walk: Walk, on: date, today: date) -> None:
    if on > today:
        raise InvalidError(
            _("{on} lies ahead: a pause begins today or did so before").format(on=on),
            hint=_("pause the path on that day"),
        )
    ended = [each.resumed_on for each in _pauses(session, walk.consultant) if each.resumed_on]
    if ended and on < max(ended):
        raise InvalidError(
            _("{on} lies before the end of the last pause, {day}").format(on=on, day=max(ended)),
            hint=_("give a later day: --on {day}").format(day=max(ended)),
        )
