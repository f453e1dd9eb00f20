"""A desk on each dialect, with small chunks; every test has a copy of one furnished database."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from licenses.batching import chunks
from opskit.core.db import open_engine, sqlite_url
from opskit.migrations import migrate
from tests.licenses.batching.desk import Desk, furnish
from tests.licenses.lifecycle import key_ring
from tests.support.database import new_database

CHUNK = 3

Copy = Callable[[Path], URL]


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def furnished(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Makes a copy of a database with tables and clients."""
    if request.param == "sqlite":
        return _sqlite(tmp_path_factory.mktemp("pattern") / "opskit.db")
    return _postgresql(request.getfixturevalue("postgres_server"))


@pytest.fixture
def desk(furnished: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(chunks, "CHUNK", CHUNK)
    engine = open_engine(furnished(tmp_path))
    yield Desk(engine, key_ring(), tmp_path)
    engine.dispose()


def _sqlite(pattern: Path) -> Copy:
    _fill(sqlite_url(pattern))
    return lambda folder: sqlite_url(Path(shutil.copy(pattern, folder / "opskit.db")))


def _postgresql(server: URL) -> Copy:
    pattern = new_database(server)
    _fill(pattern)

    def copy(_folder: Path) -> URL:
        name = f"opskit_{uuid.uuid4().hex[:12]}"
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {pattern.database}"))
        engine.dispose()
        return server.set(database=name)

    return copy


def _fill(url: URL) -> None:
    engine = open_engine(url)
    migrate(engine)
    furnish(engine)
    engine.dispose()
