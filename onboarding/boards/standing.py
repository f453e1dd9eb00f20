"""How a consultant is doing, in words: on track, at risk and why, late and with what. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from onboarding.boards.tallies import REVIEW, Tally, tally_of
from opskit.checklists.models import Run
from opskit.checklists.page import in_language
from opskit.checklists.templates import Phase
from opskit.core.i18n import _

__all__ = ["REVIEW", "Circumstances", "Course", "Standing", "standing", "standing_of"]

PROBATION_NOTICE = timedelta(days=14)


class Course(StrEnum):
    """How it goes, for scripts. Never rename."""

    UPCOMING = "upcoming"
    ON_TRACK = "on-track"
    AT_RISK = "at-risk"
    LATE = "late"
    PAUSED = "paused"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of a consultant beside the steps."""

    start_on: date
    is_paused: bool = False
    has_mentor: bool = True  # one who is still with us
    mentor_is_away: bool = False
    probation_until: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of the board."""

    phase: str
    done: int
    total: int
    percent: int
    late: int
    next_review: date | None
    course: Course
    status: str


def standing(run: Run, *, on: date, about: Circumstances | None = None) -> Standing:
    """Where a consultant stands on a day, from the run itself."""
    here = about or Circumstances(start_on=run.anchor_on)
    return standing_of(tally_of(run, on=on), run.phases, here, on=on)


def standing_of(
    tally: Tally, phases: Sequence[Phase], about: Circumstances, *, on: date
) -> Standing:
    """Where a consultant stands on a day, from what was counted."""
    course, status = _course(tally, about, on)
    return Standing(
        phase=_phase(tally, phases),
        done=tally.done,
        total=tally.total,
        percent=tally.percent,
        late=tally.late,
        next_review=tally.next_review,
        course=course,
        status=status,
    )


def _phase(tally: Tally, phases: Sequence[Phase]) -> str:
    """The phase of the first open step."""
    if tally.first_open is None:
        return _("finished")
    titles = {phase.key: phase.title for phase in phases}
    key = tally.first_open.phase
    return in_language(titles[key]) if key in titles else key


def _course(tally: Tally, about: Circumstances, on: date) -> tuple[Course, str]:
    if tally.first_open is None:
        return Course.DONE, _("done")
    if about.is_paused:
        return Course.PAUSED, _("paused")
    if tally.first_late is not None and tally.late_since is not None:
        return Course.LATE, _late(in_language(tally.first_late.text), tally.late_since, tally.late)
    if risks := _risks(tally, about, on):
        return Course.AT_RISK, _("at risk: {why}").format(why="; ".join(risks))
    if on < about.start_on:
        days = (about.start_on - on).days
        return Course.UPCOMING, (
            _("starts tomorrow") if days == 1 else _("starts in {days} days").format(days=days)
        )
    return Course.ON_TRACK, _("on track")


def _late(step: str, since: date, count: int) -> str:
    if count == 1:
        return _("late: {step} (since {day})").format(step=step, day=since)
    return _("late: {step} (since {day}) and {count} more").format(
        step=step, day=since, count=count - 1
    )


def _risks(tally: Tally, about: Circumstances, on: date) -> list[str]:
    """Why it may go wrong although nothing is late, the worst first."""
    risks = []
    if not about.has_mentor:
        risks.append(_("the mentor has left"))
    elif about.mentor_is_away and tally.unsigned:
        risks.append(_("the mentor is away"))
    if tally.unsigned:
        risks.append(_("waiting for a signature: {count}").format(count=tally.unsigned))
    if tally.stuck:
        risks.append(_("due within a week and blocked: {count}").format(count=tally.stuck))
    end = about.probation_until
    if end is not None and on <= end <= on + PROBATION_NOTICE:
        risks.append(_("the probation ends on {day}").format(day=end))
    return risks
