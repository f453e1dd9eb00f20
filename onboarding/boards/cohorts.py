"""How long the people of a pole and a year took to work alone; never told of fewer than five.

A milestone is told too only where five have reached it: the median of two is about two people.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.boards.errors import CohortTooSmallError
from onboarding.boards.milestones import MILESTONES
from onboarding.boards.tallies import KIND
from onboarding.models import Consultant, ConsultantState, Pause
from onboarding.skills.models import SignOff
from opskit.checklists.models import Run, Step
from opskit.checklists.states import State
from opskit.core.i18n import _

SMALLEST = 5  # people


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone in a cohort: after how many days each of the people stood there, in order."""

    milestone: str
    days: tuple[int, ...]

    @property
    def count(self) -> int | None:
        return len(self.days) if self._may_be_told else None

    @property
    def median_days(self) -> int | None:
        return round(median(self.days)) if self._may_be_told else None

    @property
    def _may_be_told(self) -> bool:
        return len(self.days) >= SMALLEST

    def curve(self, people: int) -> list[tuple[int, float]]:
        """Which share of the cohort stood there after so many days; empty where it is not told."""
        if not self._may_be_told:
            return []
        shares = {day: at / people for at, day in enumerate(self.days, start=1)}
        return [(0, 0.0), *shares.items()]


@dataclass(frozen=True, slots=True)
class Cohort:
    """The people of a pole who started in a year."""

    pole: str
    year: int
    people: int
    reached: tuple[Reached, ...]

    @property
    def name(self) -> str:
        return f"{self.pole} {self.year}"


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Those that may be told, and how many were left out."""

    shown: tuple[Cohort, ...]
    withheld: int


@dataclass(frozen=True, slots=True)
class _Way:
    """One person's way, as far as a cohort needs it."""

    pole: str
    year: int
    person_id: int
    days: Mapping[str, int]  # by milestone


def cohorts(
    session: Session, *, on: date, pole: str | None = None, year: int | None = None
) -> Cohorts:
    """Every cohort of those who had begun by that day, of one pole or one year where that is asked.

    Raises:
        CohortTooSmallError: the one cohort that was asked for has fewer than five people.
    """
    ways = [
        way
        for way in _ways(session, on=on)
        if pole in {None, way.pole} and year in {None, way.year}
    ]
    found = grouped(ways)
    shown = tuple(each for each in found if each.people >= SMALLEST)
    if pole is not None and year is not None and found and not shown:
        raise CohortTooSmallError(
            _("{pole} {year} has fewer than five people; nothing is said of so few").format(
                pole=pole, year=year
            ),
            hint="opskit onboarding cohorts",
        )
    return Cohorts(shown, len(found) - len(shown))


def grouped(ways: Iterable[_Way]) -> list[Cohort]:
    """By pole and year; whoever walked twice in a year counts once, by the later way."""
    members: dict[tuple[str, int], dict[int, _Way]] = defaultdict(dict)
    for way in ways:
        members[way.pole, way.year][way.person_id] = way
    return [
        Cohort(pole, year, len(people), tuple(_reached(people.values())))
        for (pole, year), people in sorted(members.items())
    ]


def _reached(ways: Iterable[_Way]) -> Iterator[Reached]:
    known = list(ways)
    for key in MILESTONES:
        yield Reached(key, tuple(sorted(way.days[key] for way in known if key in way.days)))


def _ways(session: Session, *, on: date) -> list[_Way]:
    """Everybody's who had begun, by the day they started; a path that was undone is none."""
    query = (
        select(
            *(Consultant.id, Consultant.person_id, Consultant.path, Consultant.pole),
            *(Consultant.start_on, Run.id.label("run_id")),
        )
        .join(Run, (Run.kind == KIND) & (Run.number == Consultant.run_number))
        .where(Consultant.state != ConsultantState.UNDONE, Consultant.start_on <= on)
        .order_by(Consultant.start_on, Consultant.id)
    )
    done, signed, pauses = _done(session), _signed(session), _pauses(session)
    ways = []
    for row in session.execute(query):
        days = {
            key: _days(row.start_on, day, pauses.get(row.id, ()))
            for key in MILESTONES
            if (day := _first(key, row.start_on, done[row.run_id], signed[row.person_id]))
        }
        ways.append(_Way(row.pole or row.path, row.start_on.year, row.person_id, days))
    return ways


def _first(
    key: str, start_on: date, done: Mapping[str, date], signed: Mapping[str, date]
) -> date | None:
    """What was signed off before this way began belongs to another one."""
    wanted = MILESTONES[key]
    days = [done[step] for step in wanted.steps if step in done]
    days += [signed[each] for each in wanted.competences if each in signed]
    return min((day for day in days if day >= start_on), default=None)


def _days(start_on: date, on: date, pauses: Sequence[tuple[date, date | None]]) -> int:
    """Calendar days, without those of pauses that lie before."""
    rested = sum(max(0, (min(end or on, on) - max(begin, start_on)).days) for begin, end in pauses)
    return max(0, (on - start_on).days - rested)


def _done(session: Session) -> Mapping[int, dict[str, date]]:
    """By run: the day on which a step that counts was done. What was left out is no milestone."""
    keys = {step for each in MILESTONES.values() for step in each.steps}
    query = (
        select(Step.run_id, Step.key, Step.settled_at)
        .join(Run, Run.id == Step.run_id)
        .where(Run.kind == KIND, Step.key.in_(keys), Step.state == State.DONE)
        .where(Step.dropped_at.is_(None), Step.settled_at.is_not(None))
    )
    found: dict[int, dict[str, date]] = defaultdict(dict)
    for run_id, key, at in session.execute(query):
        if at is not None:
            found[run_id][key] = at.astimezone().date()
    return found


def _signed(session: Session) -> Mapping[int, dict[str, date]]:
    """By person: the first day on which a competence was signed off, and not withdrawn since."""
    competences = {name for each in MILESTONES.values() for name in each.competences}
    query = (
        select(SignOff.person_id, SignOff.competence, SignOff.signed_on)
        .where(SignOff.competence.in_(competences), SignOff.withdrawn_at.is_(None))
        .order_by(SignOff.signed_on.desc())
    )
    found: dict[int, dict[str, date]] = defaultdict(dict)
    for person_id, competence, on in session.execute(query):
        found[person_id][competence] = on
    return found


def _pauses(session: Session) -> Mapping[int, list[tuple[date, date | None]]]:
    found: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    query = select(Pause.consultant_id, Pause.paused_on, Pause.resumed_on)
    for consultant_id, begin, end in session.execute(query):
        found[consultant_id].append((begin, end))
    return found
