"""What benchmarks of the database share: a place of each dialect, the bare insert of the rows that
were made, the bare run of the statements that were sent, a line for each ratio.
"""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Engine, Table, event, insert, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from opskit.core.db import Base, snapshot, sqlite_url, transaction
from tests.support.database import new_database, running_postgres

DIALECTS = ("sqlite", "postgresql")

Pair = tuple[float, float]  # seconds of ours, and of the bare work
Sent = list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where databases are made, and of which dialect they are."""

    dialect: str
    new: Callable[[], URL]


def everywhere(only: str | None, measure: Callable[[Place], Iterable[bool]]) -> bool:
    """Measure on both dialects, or on that one alone; whether everything kept its limit."""
    fits: list[bool] = []
    with tempfile.TemporaryDirectory(prefix="opskit-bench-") as folder:
        if only != "postgresql":
            names = iter(range(1000))
            fits += measure(Place("sqlite", lambda: sqlite_url(Path(folder) / f"{next(names)}.db")))
        if only != "sqlite":
            with running_postgres() as server:
                fits += measure(Place("postgresql", lambda: new_database(server)))
    return all(fits)


def made_and_bare(
    engine: Engine, other: Engine, tables: Sequence[type[Base]], work: Callable[[Session], object]
) -> Pair:
    """Seconds of the work in one transaction, and of a bulk insert of the rows that it made."""
    before = {each: len(_rows(engine, each.__table__)) for each in tables}
    began = time.perf_counter()
    with transaction(engine) as session:
        work(session)
    ours = time.perf_counter() - began
    rows = {each: _rows(engine, each.__table__)[before[each] :] for each in tables}
    began = time.perf_counter()
    with other.begin() as connection:
        for each in tables:
            connection.execute(insert(each), rows[each])
    return ours, time.perf_counter() - began


def read_and_bare(
    engine: Engine, reading: Callable[[Session], object], *, times: int
) -> Iterator[Pair]:
    """Seconds of the reading, and of the statements that it sends, taken in turn."""
    with snapshot(engine) as session:
        sent = _sent(engine, lambda: reading(session))
        for _ in range(times):
            session.expunge_all()
            began = time.perf_counter()
            reading(session)
            middle = time.perf_counter()
            for statement, parameters in sent:
                session.connection().exec_driver_sql(statement, parameters).all()
            yield middle - began, time.perf_counter() - middle


def say(place: Place, name: str, limit: float, pairs: Iterable[Pair]) -> bool:
    """A line with the median ratio; whether it is within the limit."""
    taken = list(pairs)
    ratio = median(ours / bare for ours, bare in taken)
    took, alone = (median(each) * 1000 for each in zip(*taken, strict=True))
    verdict = "ok" if ratio <= limit else "TOO SLOW"
    about = f"{took:.1f} ms, bare {alone:.1f} ms"
    print(
        f"{place.dialect + ', ' + name:<46} {ratio:>6.2f}   {limit:.2f}   {verdict:<8} {about}",
        flush=True,
    )
    return ratio <= limit


def _rows(engine: Engine, table: Any) -> list[dict[str, Any]]:  # noqa: ANN401 (a Table)
    assert isinstance(table, Table)
    with engine.connect() as connection:
        found = connection.execute(select(table).order_by(*table.primary_key.columns))
        return [dict(row) for row in found.mappings()]


def _sent(engine: Engine, work: Callable[[], object]) -> Sent:
    found: Sent = []

    def note(_one: object, _two: object, statement: str, parameters: Any, *_rest: object) -> None:  # noqa: ANN401
        if statement.startswith("SELECT"):
            found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    work()
    event.remove(engine, "before_cursor_execute", note)
    return found
