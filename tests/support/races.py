"""Two people at once: a database of one's own, and two transactions that meet."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from opskit.core.db import open_engine, sqlite_url, transaction
from opskit.migrations import migrate
from tests.support.database import new_database

WAIT = 10.0


@pytest.fixture(params=["sqlite", "postgresql"])
def own_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of this test alone, since what happens here is committed."""
    url = (
        sqlite_url(tmp_path / "opskit.db")
        if request.param == "sqlite"
        else new_database(request.getfixturevalue("postgres_server"))
    )
    engine = open_engine(url)
    migrate(engine)
    yield engine
    engine.dispose()


def together(
    engine: Engine, first: Callable[[Session], Any], second: Callable[[Session], Any]
) -> list[Exception]:
    """The second begins while the first has not committed; what each of them raised."""
    begun, failures = threading.Event(), list[Exception]()

    def run(work: Callable[[Session], Any], *, is_first: bool) -> None:
        try:
            if not is_first:
                begun.wait(WAIT)
            with transaction(engine) as session:
                work(session)
                if is_first:
                    begun.set()
                    other.join(0.3)  # it has to wait for us: this ends by its timeout
                    assert other.is_alive()
        except Exception as err:  # noqa: BLE001 (told to the test)
            failures.append(err)

    other = threading.Thread(target=run, args=(second,), kwargs={"is_first": False})
    one = threading.Thread(target=run, args=(first,), kwargs={"is_first": True})
    other.start()
    one.start()
    for thread in (one, other):
        thread.join(WAIT)
        assert not thread.is_alive()
    return failures


def at_once(engine: Engine, *works: Callable[[Session], Any]) -> list[Exception]:
    """All of them from the same moment on, in whatever order; what they raised."""
    gate, failures = threading.Barrier(len(works)), list[Exception]()

    def run(work: Callable[[Session], Any]) -> None:
        try:
            gate.wait(WAIT)
            with transaction(engine) as session:
                work(session)
        except Exception as err:  # noqa: BLE001 (told to the test)
            failures.append(err)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
        assert not thread.is_alive()
    return failures
