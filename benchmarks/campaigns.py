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
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Engine, Table, event, insert, select, update
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from opskit.checklists import services as checklists
from opskit.checklists.models import Definition, PublishedTemplate, Run, Step
from opskit.core.business_days import CANTONS, PUBLIC
from opskit.core.db import Base, open_engine, snapshot, sqlite_url, transaction
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
from tests.support.database import new_database, running_postgres

CLIENTS = 500
CREATE_LIMIT, READ_LIMIT = 5.0, 3.0
FIRST, LAST, CAPACITY = date(2027, 1, 11), date(2027, 6, 25), "30/week"
ON = date(2027, 3, 1)
READINGS = 20  # of each kind, taken in turn
MADE: Sequence[type[Base]] = (
    *(PublishedTemplate, Definition, Campaign, Run, Step, Preparation, Event),
)

Making = Callable[[], URL]
Sent = list[tuple[str, Any]]


def main() -> int:
    parser = argparse.ArgumentParser(description="Speed of campaigns.")
    parser.add_argument("--rounds", type=int, default=5, help="campaigns made, each in a new place")
    parser.add_argument("--runs", type=int, default=10_000, help="preparations to list")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    given = parser.parse_args()
    fits: list[bool] = []
    with tempfile.TemporaryDirectory(prefix="opskit-bench-") as folder:
        if given.only != "postgresql":
            places = iter(range(1000))
            fits += _measure(lambda: sqlite_url(Path(folder) / f"{next(places)}.db"), given)
        if given.only != "sqlite":
            with running_postgres() as server:
                fits += _measure(lambda: new_database(server), given)
    return 0 if all(fits) else 1


def _measure(place: Making, given: argparse.Namespace) -> Iterator[bool]:
    pairs = [_create(place) for _ in range(given.rounds)]
    yield _say(place, f"create {CLIENTS} x 19", CREATE_LIMIT, pairs)
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
            yield _say(place, name, READ_LIMIT, _read(engine, reading))


def _create(place: Making) -> tuple[float, float]:
    """Seconds for a campaign, and for its rows alone."""
    with _new(place) as engine, _new(place) as other:
        before = {each: _rows(engine, each.__table__) for each in MADE}
        began = time.perf_counter()
        with transaction(engine) as session:
            created(session, wish(first=FIRST, last=LAST, capacity=CAPACITY))
        ours = time.perf_counter() - began
        rows = {each: _rows(engine, each.__table__)[len(before[each]) :] for each in MADE}
        began = time.perf_counter()
        with other.begin() as connection:
            for each in MADE:
                connection.execute(insert(each), rows[each])
        return ours, time.perf_counter() - began


def _rows(engine: Engine, table: Any) -> list[dict[str, Any]]:  # noqa: ANN401 (a Table)
    assert isinstance(table, Table)
    with engine.connect() as connection:
        found = connection.execute(select(table).order_by(*table.primary_key.columns))
        return [dict(row) for row in found.mappings()]


@contextmanager
def _new(place: Making) -> Iterator[Engine]:
    """A database with clients and agents."""
    engine = open_engine(place())
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
        session.execute(due.values(state="done", answered_at=frame().at))


def _columns() -> list[Any]:
    return list(Campaign.__table__.columns)


def _board(session: Session, *, most: int | None) -> object:
    return board(session, find_campaign(session, "C1"), on=ON, calendar=PUBLIC, most=most)


def _read(engine: Engine, reading: Callable[[Session], object]) -> list[tuple[float, float]]:
    """Seconds of the reading, and of the statements that it sends."""
    pairs = []
    with snapshot(engine) as session:
        sent = _sent(engine, lambda: reading(session))
        for _ in range(READINGS):
            session.expunge_all()
            began = time.perf_counter()
            reading(session)
            middle = time.perf_counter()
            for statement, parameters in sent:
                session.connection().exec_driver_sql(statement, parameters).all()
            pairs.append((middle - began, time.perf_counter() - middle))
    return pairs


def _sent(engine: Engine, work: Callable[[], object]) -> Sent:
    found: Sent = []

    def note(_one: object, _two: object, statement: str, parameters: Any, *_rest: object) -> None:  # noqa: ANN401
        if statement.startswith("SELECT"):
            found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    work()
    event.remove(engine, "before_cursor_execute", note)
    return found


def _say(place: Making, name: str, limit: float, pairs: Sequence[tuple[float, float]]) -> bool:
    dialect = place().get_backend_name()
    ratio = median(ours / bare for ours, bare in pairs)
    took, alone = (median(each) * 1000 for each in zip(*pairs, strict=True))
    verdict = "ok" if ratio <= limit else "TOO SLOW"
    about = f"{took:.1f} ms, bare {alone:.1f} ms"
    print(
        f"{dialect + ', ' + name:<46} {ratio:>6.2f}   {limit:.2f}   {verdict:<8} {about}",
        flush=True,
    )
    return ratio <= limit


if __name__ == "__main__":
    sys.exit(main())
