"""A step for one person alone, beside those of the path."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from onboarding.names import NEWCOMER
from onboarding.services.walks import Walk, lock, tell
from opskit.checklists import services as checklists
from opskit.checklists.models import Run, Step
from opskit.checklists.template_parts import Approval, Evidence, StepTemplate, Words
from opskit.core.business_days import Calendar
from opskit.core.cells import required_text
from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.core.text import did_you_mean

OWNERS = (NEWCOMER, "mentor", "manager", "admin")
KEY = "own-step"  # not made of the text: the event log keeps it when the person is erased
FARTHEST = 999  # business days, as many as a template may say


@dataclass(frozen=True, slots=True)
class OwnStep:
    """What is to be done, by whom, until when; `phase` is by default the one of that day."""

    text: str
    due_on: date
    owner: str = NEWCOMER
    phase: str | None = None
    evidence: Evidence = Evidence.NONE
    is_signed: bool = False


def add_own_step(
    session: Session,
    *,
    walk: Walk,
    wish: OwnStep,
    calendar: Calendar,
    at: datetime,
    actor: Identity,
) -> Step:
    """Put the step on the path of that person; it moves along with the others.

    Raises:
        NotFoundError: there is no such owner or phase.
        InvalidError: the text is empty, or too long.
        RunClosedError: the path is over.
    """
    lock(session, walk)
    walk.require_under_way()
    if wish.owner not in OWNERS:
        raise NotFoundError(
            _("nobody on a path is called {owner}").format(owner=repr(wish.owner)),
            hint=did_you_mean(wish.owner, OWNERS, otherwise=" ".join(OWNERS)),
        )
    run, text = walk.run, required_text(wish.text)
    asked = StepTemplate(
        key=checklists.free_key(session, run, KEY),
        text=Words(fr=text, en=text),
        phase=wish.phase or phase_on(run, wish.due_on),
        owner=wish.owner,
        due=_offset(run, wish.due_on, calendar),
        evidence=wish.evidence,
        approval=Approval.OTHER_PERSON if wish.is_signed else Approval.NONE,
        mandatory=False,
    )
    step = checklists.add_step(session, run=run, asked=asked, calendar=calendar, at=at, actor=actor)
    tell(session, "own-step", walk, {"at": at, "actor": actor}, after={"step": step.key})
    return step


def phase_on(run: Run, day: date) -> str:
    """The phase in which most that is due about that day stands: that of the step before it."""
    steps = sorted(run.steps, key=lambda step: (step.due_on, step.position))
    before = [step for step in steps if step.due_on <= day]
    return (before[-1] if before else steps[0]).asked.phase


def _offset(run: Run, day: date, calendar: Calendar) -> str:
    """In business days from the day from which the others count; on a day off, the next one.

    Raises:
        InvalidError: the day is years away.
    """
    days = _days(run, day, calendar)
    if abs(days) > FARTHEST:
        raise InvalidError(
            _("{day} is too far from the first day").format(day=day),
            hint=_("give a day within the path, such as --due +20bd"),
        )
    return f"{days:+d}bd" if days else "0bd"


def _days(run: Run, day: date, calendar: Calendar) -> int:
    anchor = run.anchor_on
    if day > anchor:
        days = len(calendar.between(anchor, day, run.canton))
        is_first = calendar.is_business_day(anchor, run.canton)
        is_off = not calendar.is_business_day(day, run.canton)
        return max(1, days - is_first + is_off)
    if day < anchor:
        days = len(calendar.between(day, anchor, run.canton))
        return -max(1, days - calendar.is_business_day(anchor, run.canton))
    return 0
