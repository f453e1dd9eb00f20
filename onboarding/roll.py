"""The list of consultants, a line each, counted by the database: there may be ten thousand."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session, aliased

from onboarding.models import UNDER_WAY, Consultant, ConsultantState
from onboarding.services.rights import LEADERS, READERS
from onboarding.services.walks import KIND, LETTER
from opskit.checklists.models import OPEN
from opskit.checklists.services import RunLine, overview
from opskit.core.identity import Identity
from opskit.core.refs import format_number
from opskit.staff.models import Person


@dataclass(frozen=True, slots=True)
class RollLine:
    """One walk; `walk` is whether it goes on."""

    number: str
    name: str
    login: str
    path: str
    pole: str | None
    site: str | None
    modules: tuple[str, ...]
    start_on: date
    probation_until: date | None
    mentor: str
    walk: str
    done: int
    total: int
    late: int
    percent: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which walks; without a word about it those under way, of every pole and site."""

    states: Collection[str] = field(default=UNDER_WAY)
    pole: str | None = None
    site: str | None = None
    mentor_id: int | None = None


def roll(session: Session, *, wanted: Wanted, actor: Identity, on: date) -> list[RollLine]:
    """The walks that somebody may see, by the first day."""
    counted = {line.name: line for line in overview(session, kind=KIND, on=on)}
    lines = list[RollLine]()
    for row in session.execute(_query(wanted, actor)):
        now = counted[format_number(LETTER, row.run_number)]
        goes_on = row.state == ConsultantState.ACTIVE and now.state == OPEN
        lines.append(_line(row, now, late=now.progress.late if goes_on else 0))
    return lines


def _line(row: Row[Any], now: RunLine, *, late: int) -> RollLine:
    progress = now.progress
    return RollLine(
        number=now.name,
        name=row.name,
        login=row.login,
        path=row.path,
        pole=row.pole,
        site=row.site,
        modules=tuple(row.modules or ()),
        start_on=row.start_on,
        probation_until=row.probation_until,
        mentor=row.mentor,
        walk=row.state,
        done=progress.done,
        total=progress.total,
        late=late,
        percent=progress.percent,
    )


def _query(wanted: Wanted, actor: Identity) -> Select[*tuple[Any, ...]]:
    mentor = aliased(Person)
    query = (
        select(
            *(Consultant.run_number, Consultant.path, Consultant.pole, Consultant.site),
            *(Consultant.modules, Consultant.start_on, Consultant.probation_until),
            *(Consultant.state, Person.name, Person.login, mentor.name.label("mentor")),
        )
        .join(Person, Person.id == Consultant.person_id)
        .join(mentor, mentor.id == Consultant.mentor_id)
        .where(Consultant.state.in_(wanted.states))
        .order_by(Consultant.start_on, Consultant.id)
    )
    narrowed = {
        Consultant.pole: wanted.pole,
        Consultant.site: wanted.site,
        Consultant.mentor_id: wanted.mentor_id,
    }
    for column, value in narrowed.items():
        if value is not None:
            query = query.where(column == value)
    if actor.roles.isdisjoint(LEADERS | READERS):
        own = Person.entity_id == actor.entity_id
        query = query.where(or_(own, mentor.entity_id == actor.entity_id))
    return query
