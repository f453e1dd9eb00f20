"""The paths of ten thousand consultants against the bare work of the same run, on SQLite and
PostgreSQL.

- what a process does once, whomever it starts, in seconds: mappers, the layers of the path, the
  holidays of the years.
- `start`: a hundred people put on a path of 35 steps, with their events, in one transaction;
  against the bulk insert of the same rows.
- `board` and `list` of 10,000 paths; against the very statements that they send, fetched and thrown
  away.
- the charts, in seconds: a path, skills, and the cohorts of those 10,000.

Exit code 1 when something is slower than its limit.

    python -m benchmarks.onboarding
    python -m benchmarks.onboarding --only sqlite --rounds 1 --walks 1000
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session, configure_mappers

from benchmarks.bare_rows import (
    DIALECTS,
    Pair,
    Place,
    everywhere,
    made_and_bare,
    read_and_bare,
    say,
)
from onboarding import services
from onboarding.boards.board import board
from onboarding.boards.cohorts import cohorts
from onboarding.charts import cohort_curves, skills, timeline
from onboarding.models import Consultant
from onboarding.paths import Wish, choose_path, composed
from onboarding.roll import Wanted, roll
from onboarding.services import Entrant
from onboarding.skills.matrix import matrix_of
from onboarding.skills.people import find_learner
from opskit.checklists.models import Definition, PublishedTemplate, Run, Step
from opskit.core.business_days import PUBLIC
from opskit.core.db import Base, open_engine, snapshot, transaction
from opskit.core.events import Event
from opskit.core.identity import ROLES, Identity
from opskit.migrations import migrate
from opskit.staff.models import Person

STARTERS = 100
START_LIMIT, READ_LIMIT = 5.0, 3.0
ONCE_LIMIT, CHART_LIMIT = 1.0, 2.0  # in seconds
FIRST, ON, LAST = date(2027, 1, 11), date(2027, 5, 3), date(2028, 12, 31)
AT = datetime(2026, 12, 1, 8, tzinfo=UTC)
ADMIN = Identity("e-admin", "admin", frozenset(ROLES))
MENTORS = 40
READINGS = 9
MADE: Sequence[type[Base]] = (PublishedTemplate, Definition, Run, Step, Consultant, Event)


def main() -> int:
    parser = argparse.ArgumentParser(description="Speed of onboarding.")
    parser.add_argument("--rounds", type=int, default=3, help="starts, each in a new place")
    parser.add_argument("--walks", type=int, default=10_000, help="consultants on the board")
    parser.add_argument("--only", choices=DIALECTS)
    given = parser.parse_args()
    return 0 if everywhere(given.only, lambda place: _measure(place, given)) else 1


def _measure(place: Place, given: argparse.Namespace) -> Iterator[bool]:
    yield say(place, "once in a process (seconds)", ONCE_LIMIT, [(_once(), 1.0)])
    starts = [_start(place) for _ in range(given.rounds)]
    yield say(place, f"start {STARTERS} x 35", START_LIMIT, starts)
    with _new(place, given.walks) as engine:
        _fill(engine, given.walks)
        readings: dict[str, Callable[[Session], object]] = {
            "board": lambda session: board(session, on=ON),
            "list": lambda session: roll(session, wanted=Wanted(), actor=ADMIN, on=ON),
        }
        for name, reading in readings.items():
            pairs = read_and_bare(engine, reading, times=READINGS)
            yield say(place, f"{name} of {given.walks}", READ_LIMIT, pairs)
        yield from _draw(place, engine)


def _once() -> float:
    """Seconds before the first start; a second time it is nothing."""
    began = time.perf_counter()
    configure_mappers()
    composed("back-office", "sonceboz")
    PUBLIC.between(FIRST - timedelta(days=31), LAST, "BE")
    return time.perf_counter() - began


def _start(place: Place) -> Pair:
    """Seconds for a hundred starts, and for their rows alone."""
    with _new(place, STARTERS) as engine, _new(place, STARTERS) as other:
        return made_and_bare(engine, other, MADE, lambda session: _begin(session, range(STARTERS)))


def _begin(session: Session, numbers: range) -> None:
    """Those people on a path, each with one of the mentors, a few starting every day."""
    wish = Wish(pole="back-office", site="sonceboz")
    path = choose_path(session, wish)
    mentors = session.scalars(select(Person).where(Person.login.startswith("mentor"))).all()
    logins = [f"p{number}" for number in numbers]
    people = session.scalars(select(Person).where(Person.login.in_(logins))).all()
    entrants = [
        Entrant(person, mentors[at % len(mentors)], path, FIRST + timedelta(days=at % 180))
        for at, person in enumerate(people)
    ]
    services.start_many(session, entrants, canton="BE", calendar=PUBLIC, at=AT, actor=ADMIN)


@contextmanager
def _new(place: Place, people: int) -> Iterator[Engine]:
    """A database with mentors and people who are on no path yet."""
    engine = open_engine(place.new())
    migrate(engine)
    rows = [_person(f"mentor{at}") for at in range(MENTORS)]
    rows += [_person(f"p{at}") for at in range(people)]
    with engine.begin() as connection:
        connection.execute(insert(Person), rows)
    yield engine
    engine.dispose()


def _person(login: str) -> dict[str, Any]:
    empty = dict.fromkeys(("email", "site", "language"), "")
    known = {"login": login, "name": f"Person {login}", "entity_id": f"e-{login}"}
    job = {"role": "consultant", "pole": "back-office", "state": "active"}
    return {**empty, **known, **job, "created_at": AT, "updated_at": AT}


def _fill(engine: Engine, walks: int) -> None:
    """Everybody on a path; most of what was due is done."""
    for begin in range(0, walks, 500):
        with transaction(engine) as session:
            _begin(session, range(begin, min(walks, begin + 500)))
    with transaction(engine) as session:
        due = update(Step).where(Step.due_on < ON, Step.run_id % 3 != 0)
        session.execute(due.values(state="done", answered_at=AT, settled_at=AT + timedelta(90)))


def _draw(place: Place, engine: Engine) -> Iterator[bool]:
    """Each picture from the reading to the bytes."""
    with snapshot(engine) as session:
        walk = services.find(session, "O1")
        learner = find_learner(session, "p0")

        def of_skills() -> skills.SkillChart:
            return skills.skill_chart(matrix_of(session, learner=learner, on=ON))

        drawn: dict[str, Callable[[], object]] = {
            "timeline": lambda: timeline.picture(timeline.timeline(walk.run, on=ON), "png"),
            "radar": lambda: skills.radar(of_skills(), "png"),
            "heat-map": lambda: skills.heat_map(of_skills(), "png"),
            "cohorts": lambda: cohort_curves.picture(
                cohort_curves.panels(cohorts(session, on=LAST).shown), "png"
            ),
        }
        for name, draw in drawn.items():
            began = time.perf_counter()
            draw()
            took = time.perf_counter() - began
            yield say(place, f"chart {name} (seconds)", CHART_LIMIT, [(took, 1.0)])


if __name__ == "__main__":
    sys.exit(main())
