"""One state of the database for readers in several processes.

PostgreSQL gives a snapshot a name that others can begin with. SQLite does not: there two readers
see the same when the event log ends at the same event, since whatever counts is logged.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from opskit.core import events
from opskit.core.db import open_engine, snapshot

Head = tuple[int, str]

# Such a reader is one of several and looks up many rows by their numbers. Left alone, the planner
# would start helpers for it, compile its plans, read a whole table for each part of it, or keep one
# at hand and go through it for each row.
_BY_NUMBER = (
    "SET LOCAL max_parallel_workers_per_gather = 0",
    "SET LOCAL jit = off",
    "SET LOCAL enable_hashjoin = off",
    "SET LOCAL enable_mergejoin = off",
    "SET LOCAL enable_material = off",
)


class MovedOnError(Exception):
    """Somebody wrote before this reader began."""


@dataclass(frozen=True, slots=True)
class SharedState:
    """What another process needs to see what this one sees; travels through a pipe only."""

    url: URL = field(repr=False)  # with the password of the moment
    exported: str | None  # PostgreSQL's name for it
    head: Head


def share(session: Session) -> SharedState:
    """The state that this snapshot sees; good for as long as it is open."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        return SharedState(connection.engine.url, None, _head(session))
    exported = connection.scalar(text("SELECT pg_export_snapshot()"))
    return SharedState(_as_connected(connection), exported, _head(session))


@contextmanager
def joining(state: SharedState) -> Iterator[Session]:
    """A snapshot of that very state.

    Raises:
        MovedOnError: this database cannot go back to it.
    """
    with snapshot(open_engine(state.url)) as session:
        if state.exported is not None:  # a name by PostgreSQL, not by a person
            session.execute(text(f"SET TRANSACTION SNAPSHOT '{state.exported}'"))
            for setting in _BY_NUMBER:
                session.execute(text(setting))
        if _head(session) != state.head:
            raise MovedOnError
        yield session


def _as_connected(connection: Connection) -> URL:
    """With the login that this connection was given: it may be a short-lived one."""
    info = connection.connection.driver_connection.info  # type: ignore[union-attr] # psycopg's
    return connection.engine.url.set(username=info.user, password=info.password or None)


def _head(session: Session) -> Head:
    head = session.get(events.EventHead, 1)
    return (head.last_id, head.hash) if head else (0, events.GENESIS)
