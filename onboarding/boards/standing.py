"""How a consultant is doing, in words: on track, at risk and why, late and with what. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

from onboarding.boards.tallies import Tally, tally_of
from opskit.checklists.models import Run
from opskit.checklists.page import in_language
from opskit.checklists.templates import Phase
from opskit.core.i18n import _

PROBATION_NOTICE = timedelta(days=14)


class Course(StrEnum):
    """How it goes, for scripts. Never rename."""

    UPCOMING = "upcoming"
    ON_TRACK = "on-track"
    AT_RISK = "at-risk"
    LATE = "late"
    PAUSED = "paused"
    DONE = "done"


class Why(StrEnum):
    """Why it may go wrong although nothing is late."""

    NO_MENTOR = "no-mentor"
    MENTOR_AWAY = "mentor-away"
    UNSIGNED = "unsigned"
    STUCK = "stuck"
    PROBATION_ENDS = "probation-ends"


@dataclass(frozen=True, slots=True)
class Risk:
    """One reason, with how many steps, or which day, it is about."""

    why: Why
    count: int = 0
    day: date | None = None


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
    risks: tuple[Risk, ...] = ()


def standing(run: Run, *, on: date, about: Circumstances | None = None) -> Standing:
    """Where a consultant stands on a day, from the run itself."""
    here = about or Circumstances(start_on=run.anchor_on)
    return standing_of(tally_of(run, on=on), run.phases, here, on=on)


def standing_of(
    tally: Tally, phases: Sequence[Phase], about: Circumstances, *, on: date
) -> Standing:
    """Where a consultant stands on a day, from what was counted."""
    risks = tuple(_risks(tally, about, on))
    course, status = _course(tally, about, risks, on)
    return Standing(
        phase=_phase(tally, phases),
        done=tally.done,
        total=tally.total,
        percent=tally.percent,
        late=tally.late,
        next_review=tally.next_review,
        course=course,
        status=status,
        risks=risks if course is Course.AT_RISK else (),
    )


def _phase(tally: Tally, phases: Sequence[Phase]) -> str:
    """The phase of the first open step."""
    if tally.first_open is None:
        return _("finished")
    titles = {phase.key: phase.title for phase in phases}
    key = tally.first_open.phase
    return in_language(titles[key]) if key in titles else key


def _course(
    tally: Tally, about: Circumstances, risks: Sequence[Risk], on: date
) -> tuple[Course, str]:
    if tally.first_open is None:
        return Course.DONE, _("done")
    if about.is_paused:
        return Course.PAUSED, _("paused")
    if tally.first_late is not None and tally.late_since is not None:
        return Course.LATE, _late(in_language(tally.first_late.text), tally.late_since, tally.late)
    if risks:
        why = "; ".join(_in_words(each) for each in risks)
        return Course.AT_RISK, _("at risk: {why}").format(why=why)
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


def _risks(tally: Tally, about: Circumstances, on: date) -> Iterator[Risk]:
    """The worst first."""
    if not about.has_mentor:
        yield Risk(Why.NO_MENTOR)
    elif about.mentor_is_away and tally.unsigned:
        yield Risk(Why.MENTOR_AWAY)
    if tally.unsigned:
        yield Risk(Why.UNSIGNED, count=tally.unsigned)
    if tally.stuck:
        yield Risk(Why.STUCK, count=tally.stuck)
    end = about.probation_until
    if end is not None and on <= end <= on + PROBATION_NOTICE:
        yield Risk(Why.PROBATION_ENDS, day=end)


def _in_words(risk: Risk) -> str:
    match risk.why:
        case Why.NO_MENTOR:
            return _("the mentor has left")
        case Why.MENTOR_AWAY:
            return _("the mentor is away")
        case Why.UNSIGNED:
            return _("waiting for a signature: {count}").format(count=risk.count)
        case Why.STUCK:
            return _("due within a week and blocked: {count}").format(count=risk.count)
        case Why.PROBATION_ENDS:
            return _("the probation ends on {day}").format(day=risk.day)
        case _ as never:
            assert_never(never)
