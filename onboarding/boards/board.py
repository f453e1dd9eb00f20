"""Every consultant on a line, counted in SQL; and what each mentor carries."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, aliased

from onboarding.boards.circumstances import circumstances, confirmed
from onboarding.boards.standing import Course, Standing, standing_of
from onboarding.boards.tallies import KIND, Tally, tallies
from onboarding.models import UNDER_WAY, Consultant
from opskit.checklists.models import PublishedTemplate, Run
from opskit.checklists.templates import Phase
from opskit.core.refs import format_number
from opskit.staff import absences
from opskit.staff.models import Person


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of the board; None is everybody. `entity_id` is somebody who sees no more
    than their own line and those of their newcomers.
    """

    pole: str | None = None
    mentor: str | None = None  # a login
    only_late: bool = False
    entity_id: str | None = None


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One consultant, the mentor, and where they stand."""

    number: str
    name: str
    login: str
    path: str
    pole: str
    start_on: date
    mentor: str
    mentor_login: str
    mentor_load: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class MentorLoad:
    """How many newcomers a mentor goes along with, and how many of them are behind."""

    login: str
    name: str
    consultants: int
    behind: int
    is_away: bool


EVERYBODY = Wanted()
NOTHING = Tally(0, 0, 0, 0, 0, None, None, None, None)  # a path without a step


def board(session: Session, *, on: date, wanted: Wanted = EVERYBODY) -> list[BoardLine]:
    """The consultants under way by their first day, then by name."""
    away = absences.absent(session, on=on)
    counted = tallies(session, on=on)
    phases = _phases(session)
    rows = session.execute(_people()).all()
    loads = Counter(row.mentor_login for row in rows)
    settled = confirmed(session)
    lines = []
    for row in rows:
        if _is_wanted(row, wanted):
            tally = counted.get(row.run_id, NOTHING)
            about = circumstances(
                start_on=row.start_on,
                state=row.state,
                mentor_login=row.mentor_login,
                mentor_state=row.mentor_state,
                away=away,
                probation_until=None if row.number in settled else row.probation_until,
            )
            found = standing_of(tally, phases[row.template_digest], about, on=on)
            if found.course is Course.LATE or not wanted.only_late:
                lines.append(_line(row, loads[row.mentor_login], found))
    return lines


def mentor_loads(session: Session, lines: Sequence[BoardLine], *, on: date) -> list[MentorLoad]:
    """Of the mentors on these lines, whoever carries most first."""
    away = absences.absent(session, on=on)
    found: dict[str, MentorLoad] = {}
    for line in lines:
        load = found.get(line.mentor_login) or MentorLoad(
            line.mentor_login, line.mentor, line.mentor_load, 0, line.mentor_login in away
        )
        is_behind = line.standing.course in {Course.LATE, Course.AT_RISK}
        found[line.mentor_login] = replace(load, behind=load.behind + is_behind)
    return sorted(found.values(), key=lambda each: (-each.consultants, each.login))


def _people() -> Select[*tuple[Any, ...]]:
    mentor = aliased(Person)
    return (
        select(
            *(Consultant.path, Consultant.pole, Consultant.start_on, Consultant.state),
            *(Consultant.probation_until, Person.name, Person.login, Person.entity_id),
            mentor.name.label("mentor"),
            mentor.login.label("mentor_login"),
            mentor.state.label("mentor_state"),
            mentor.entity_id.label("mentor_entity_id"),
            *(Run.id.label("run_id"), Run.letter, Run.number, Run.template_digest),
        )
        .join(Person, Person.id == Consultant.person_id)
        .join(mentor, mentor.id == Consultant.mentor_id)
        .join(Run, (Run.kind == KIND) & (Run.number == Consultant.run_number))
        .where(Consultant.state.in_(UNDER_WAY))
        .order_by(Consultant.start_on, Person.name, Consultant.id)
    )


def _is_wanted(row: Row[*tuple[Any, ...]], wanted: Wanted) -> bool:
    return (
        wanted.pole in {None, row.pole or row.path}
        and wanted.mentor in {None, row.mentor_login}
        and wanted.entity_id in {None, row.entity_id, row.mentor_entity_id}
    )


def _line(row: Row[*tuple[Any, ...]], load: int, found: Standing) -> BoardLine:
    return BoardLine(
        number=format_number(row.letter, row.number),
        name=row.name,
        login=row.login,
        path=row.path,
        pole=row.pole or row.path,
        start_on=row.start_on,
        mentor=row.mentor,
        mentor_login=row.mentor_login,
        mentor_load=load,
        standing=found,
    )


def _phases(session: Session) -> Mapping[str, Sequence[Phase]]:
    """The phases of every template that a path under way follows."""
    used = select(Run.template_digest).where(Run.kind == KIND)
    published = select(PublishedTemplate).where(PublishedTemplate.digest.in_(used))
    return {each.digest: each.content.phases for each in session.scalars(published)}
