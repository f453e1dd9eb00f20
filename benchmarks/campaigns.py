"""A campaign against the bare work of the same run, on SQLite and PostgreSQL.

- `create`: 500 clients planned, and 500 preparations of 19 steps begun, with their events, in one
  transaction; against the bulk insert of the same rows.
- `board`, the whole one and that of a terminal, and `patch list`, both among 10,000 runs; against
  the very statements that they send, fetched and thrown away.

Exit code 1 when something is slower than its limit.

    python -m benchmarks.campaigns
    python -m benchmarks.campaigns --only sqlite --rounds 1 --runs 1000
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from benchmarks.bare_rows import (
    DIALECTS,
    Pair,
    Place,
    everywhere,
    made_and_bare,
    read_and_bare,
    say,
)
from opskit.checklists import services as checklists
from opskit.checklists.models import Definition, PublishedTemplate, Run, Step
from opskit.core.business_days import CANTONS, PUBLIC
from opskit.core.db import Base, open_engine, transaction
from opskit.core.events import Event
from opskit.core.team import POLES
from opskit.migrations import migrate
from opskit.patches.campaigns.board_page import MOST_LINES
from opskit.patches.campaigns.plans import Placed
from opskit.patches.campaigns.services.boarding import board
from opskit.patches.campaigns.services.creating import begin_runs
from opskit.patches.campaigns.services.reading import find_campaign
from opskit.patches.models import Campaign, Preparation
from opskit.patches.services import KIND
from tests.patches.campaigns.companies import add_agent, add_client, created, frame, wish

CLIENTS = 500
CREATE_LIMIT, READ_LIMIT = 5.0, 3.0
FIRST, LAST, CAPACITY = date(2027, 1, 11), date(2027, 6, 25), "30/week"
ON = date(2027, 3, 1)
READINGS = 20  # of each kind, taken in turn
MADE: Sequence[type[Base]] = (
    *(PublishedTemplate, Definition, Campaign, Run, Step, Preparation, Event),
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Speed of campaigns.")
    parser.add_argument("--rounds", type=int, default=5, help="campaigns made, each in a new place")
    parser.add_argument("--runs", type=int, default=10_000, help="preparations to list")
    parser.add_argument("--only", choices=DIALECTS)
    given = parser.parse_args()
    return 0 if everywhere(given.only, lambda place: _measure(place, given)) else 1


def _measure(place: Place, given: argparse.Namespace) -> Iterator[bool]:
    pairs = [_create(place) for _ in range(given.rounds)]
    yield say(place, f"create {CLIENTS} x 19", CREATE_LIMIT, pairs)
    with _new(place) as engine:
        _fill(engine, given.runs)
        readings: dict[str, Callable[[Session], object]] = {
            "board": lambda session: _board(session, most=MOST_LINES),
            "board --all": lambda session: _board(session, most=None),
            f"patch list of {given.runs}": lambda session: checklists.overview(
                session, kind=KIND, on=ON
            ),
        }
        for name, reading in readings.items():
            yield say(place, name, READ_LIMIT, read_and_bare(engine, reading, times=READINGS))


def _create(place: Place) -> Pair:
    """Seconds for a campaign, and for its rows alone."""
    with _new(place) as engine, _new(place) as other:
        return made_and_bare(
            engine,
            other,
            MADE,
            lambda session: created(session, wish(first=FIRST, last=LAST, capacity=CAPACITY)),
        )


@contextmanager
def _new(place: Place) -> Iterator[Engine]:
    """A database with clients and agents."""
    engine = open_engine(place.new())
    migrate(engine)
    with transaction(engine) as session:
        for at in range(CLIENTS):
            canton, pole = CANTONS[at % len(CANTONS)], POLES[at % len(POLES)]
            add_client(session, f"C{at:03}", number=at + 1, canton=canton, pole=pole)
        for at in range(9):
            add_agent(session, f"agent{at}", POLES[at % len(POLES)])
    yield engine
    engine.dispose()


def _fill(engine: Engine, runs: int) -> None:
    """The campaign that is looked at, and others until there are so many runs."""
    with transaction(engine) as session:
        campaign = created(session, wish(first=FIRST, last=LAST, capacity=CAPACITY))
        for number in range(2, runs // CLIENTS + 1):
            facts = {column.name: getattr(campaign, column.name) for column in _columns()}
            other = Campaign(**{**facts, "number": number})
            session.add(other)
            session.flush()
            placed = [Placed(f"C{at:03}", FIRST, None) for at in range(CLIENTS)]
            begin_runs(session, other, placed, frame=frame())
            session.expunge_all()
    with transaction(engine) as session:
        due = update(Step).where(Step.due_on < ON, Step.run_id % 3 != 0)
        at = frame().at
        session.execute(due.values(state="done", answered_at=at, settled_at=at))


def _columns() -> list[Any]:
    return list(Campaign.__table__.columns)


def _board(session: Session, *, most: int | None) -> object:
    return board(session, find_campaign(session, "C1"), on=ON, calendar=PUBLIC, most=most)


if __name__ == "__main__":
    sys.exit(main())
