"""The database: one committer, one clock, and clear words when it is away, locked or foreign."""

import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from opskit.core import db
from opskit.core.config import Home, Settings
from opskit.core.db import (
    SCHEMA_REVISION,
    DatabaseLostError,
    SchemaError,
    UtcDateTime,
    open_engine,
    open_home_database,
    require_schema,
    snapshot,
    sqlite_url,
    stored_revision,
    transaction,
)
from opskit.core.errors import ConflictError, InvalidError, UnavailableError
from opskit.core.intents import Intent
from opskit.core.numbers import Counter, next_number
from opskit.migrations import migrate
from tests.support.database import new_database

NOBODY_LISTENS = "postgresql+psycopg://opskit:geheim@127.0.0.1:1/opskit"


@pytest.fixture
def letter(engine: Engine) -> Iterator[str]:
    """A counter of this test alone; what it commits is taken away."""
    yield "X"
    with transaction(engine) as session:
        session.execute(text("DELETE FROM core_counter WHERE letter = 'X'"))


@pytest.fixture
def file_engine(tmp_path: Path) -> Iterator[Engine]:
    """A migrated SQLite file of this test alone."""
    engine = open_engine(sqlite_url(tmp_path / "opskit.db"))
    migrate(engine)
    yield engine
    engine.dispose()


def count(engine: Engine, letter: str) -> int | None:
    with snapshot(engine) as session:
        return session.scalar(select(Counter.last).where(Counter.letter == letter))


def test_a_transaction_is_stored_whole(engine: Engine, letter: str) -> None:
    with transaction(engine) as session:
        next_number(session, letter)
        next_number(session, letter)
    assert count(engine, letter) == 2


def test_a_transaction_that_fails_leaves_nothing(engine: Engine, letter: str) -> None:
    def fail() -> None:
        with transaction(engine) as session:
            next_number(session, letter)
            raise KeyError("in the middle")

    with pytest.raises(KeyError):
        fail()
    assert count(engine, letter) is None


def test_what_was_written_stays_usable_afterwards(engine: Engine, letter: str) -> None:
    with transaction(engine) as session:
        session.add(counter := Counter(letter=letter, last=7))
    with snapshot(engine) as session:
        read = session.get_one(Counter, letter)
    assert (counter.last, read.last) == (7, 7)


def test_a_reader_sees_one_moment_and_waits_for_nobody(engine: Engine, letter: str) -> None:
    with snapshot(engine) as reader:
        assert reader.get(Counter, letter) is None
        with transaction(engine) as writer:
            next_number(writer, letter)
            assert count(engine, letter) is None
    assert count(engine, letter) == 1


def test_a_reader_keeps_its_view(engine: Engine, letter: str) -> None:
    mine = select(Counter).where(Counter.letter == letter)
    with snapshot(engine) as reader:
        assert reader.scalars(mine).all() == []
        with transaction(engine) as writer:
            next_number(writer, letter)
        assert reader.scalars(mine).all() == []


def test_a_snapshot_stores_nothing(engine: Engine, letter: str) -> None:
    with snapshot(engine) as session:
        next_number(session, letter)
    assert count(engine, letter) is None


def test_a_mistake_of_ours_is_not_taken_for_an_absent_database(engine: Engine) -> None:
    with pytest.raises((ProgrammingError, UnavailableError)) as caught, snapshot(engine) as session:
        session.execute(text("SELECT nonsense FROM core_counter"))
    assert engine.dialect.name == "sqlite" or caught.type is ProgrammingError
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.add(Intent(kind="k", subject="s", data={}, actor_id="a", actor_name="a"))


def test_moments_come_back_in_utc(session: Session, now: datetime) -> None:
    zurich = timezone(timedelta(hours=1))
    local = datetime(2026, 11, 24, 10, 30, 15, 123456, tzinfo=zurich)
    session.add(
        intent := Intent(
            kind="k", subject="s", data={}, actor_id="a", actor_name="a", begun_at=local
        )
    )
    session.flush()
    session.expire_all()
    assert intent.begun_at == local
    assert intent.begun_at.tzinfo is UTC
    assert intent.begun_at.isoformat() == "2026-11-24T09:30:15.123456+00:00"
    assert intent.finished_at is None
    assert session.scalar(select(Intent.id).where(Intent.begun_at == local)) == intent.id
    assert session.scalar(select(Intent.id).where(Intent.begun_at > local)) is None


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 24, 10, 30)  # noqa: DTZ001 (that is the point)
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(naive, create_engine("sqlite://").dialect)


def test_a_locked_database_is_explained(
    file_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.05)
    hurried = open_engine(file_engine.url)
    with transaction(file_engine) as first:
        next_number(first, "X")
        with pytest.raises(UnavailableError) as caught, transaction(hurried) as second:
            next_number(second, "X")
        with snapshot(hurried) as reader:
            assert stored_revision(reader) == SCHEMA_REVISION
    hurried.dispose()
    assert caught.value.message == "the database does not answer: database is locked"
    assert caught.value.hint == "opskit doctor"


def test_writers_wait_for_each_other(engine: Engine, letter: str) -> None:
    """All read the counter before they write it, and nobody has counted before."""
    together = threading.Barrier(4)

    def take(_writer: int) -> list[int]:
        taken = []
        together.wait()
        for _turn in range(8):
            with transaction(engine) as session:
                taken.append(next_number(session, letter))
        return taken

    with ThreadPoolExecutor(4) as writers:
        taken = [number for each in writers.map(take, range(4)) for number in each]
    assert sorted(taken) == list(range(1, 33))


@pytest.mark.parametrize("content", [b"no database " * 500, b"SQLite format 3\0" + b"\x7f" * 9000])
def test_a_damaged_file_is_explained(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "opskit.db"
    file.write_bytes(content)
    engine = open_engine(sqlite_url(file))
    with (
        pytest.raises(UnavailableError, match=r"damaged|does not answer") as caught,
        snapshot(engine) as session,
    ):
        require_schema(session)
    engine.dispose()
    assert "sqlalche.me" not in caught.value.message
    assert file.read_bytes() == content


def test_a_home_that_is_not_there_is_explained(tmp_path: Path) -> None:
    engine = open_home_database(Home(tmp_path / "nowhere"), Settings())
    with (
        pytest.raises(UnavailableError, match="unable to open database file"),
        snapshot(engine) as session,
    ):
        require_schema(session)
    assert not (tmp_path / "nowhere").exists()


def test_an_absent_server_is_explained_without_its_password(tmp_path: Path) -> None:
    engine = open_home_database(Home(tmp_path), Settings(database_url=NOBODY_LISTENS))
    with (
        pytest.raises(UnavailableError, match="does not answer") as caught,
        snapshot(engine) as session,
    ):
        require_schema(session)
    assert "geheim" not in caught.value.message
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    "url", ["nonsense geheim", "mysql://u:geheim@db.example/opskit", "a:geheim@b"]
)
def test_another_kind_of_address_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(InvalidError, match="not one that opskit knows") as caught:
        open_engine(url)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_one_driver_serves_every_way_to_write_the_address(scheme: str) -> None:
    assert open_engine(f"{scheme}://db.example/opskit").dialect.driver == "psycopg"


def test_a_key_that_was_taken_meanwhile_is_a_conflict(engine: Engine, letter: str) -> None:
    with transaction(engine) as session:
        next_number(session, letter)
    with (
        pytest.raises(ConflictError, match="somebody else was faster"),
        transaction(engine) as session,
    ):
        session.add(Counter(letter=letter, last=7))
    assert count(engine, letter) == 1


def test_a_stranger_is_explained_without_the_password(postgres_server: URL) -> None:
    engine = open_engine(postgres_server.set(username="nobody", password="geheim"))
    with pytest.raises(UnavailableError, match="nobody") as caught, snapshot(engine) as session:
        require_schema(session)
    assert "geheim" not in caught.value.message


def test_the_database_is_the_owners_alone(file_engine: Engine) -> None:
    with transaction(file_engine) as session:
        next_number(session, "X")
        folder = Path(str(file_engine.url.database)).parent
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}
    assert modes == dict.fromkeys(("opskit.db", "opskit.db-wal", "opskit.db-shm"), 0o600)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without a table."""
    if request.param == "sqlite":
        engine = open_engine(sqlite_url(tmp_path / "empty.db"))
    else:
        engine = open_engine(new_database(request.getfixturevalue("postgres_server")))
    yield engine
    engine.dispose()


def refusal(engine: Engine) -> UnavailableError:
    with pytest.raises((SchemaError, DatabaseLostError)) as caught, snapshot(engine) as session:
        require_schema(session)
    return caught.value


def set_revision(engine: Engine, revision: str) -> None:
    with engine.connect() as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})


def test_an_empty_database_is_refused(empty: Engine) -> None:
    found = refusal(empty)
    if empty.dialect.name == "sqlite":
        assert found.message == f"the database {empty.url.database} is gone or empty"
        assert found.hint.endswith("docs/setup.md")
    else:
        assert found.message == "there are no tables in the database yet"
        assert found.hint == "opskit upgrade"


def test_an_older_and_a_newer_database_are_refused(empty: Engine) -> None:
    migrate(empty)
    with snapshot(empty) as session:
        require_schema(session)
    set_revision(empty, "0000")
    older = refusal(empty)
    set_revision(empty, "9999")
    newer = refusal(empty)
    assert older.message == (
        f"the database is older than this program (0000, wanted {SCHEMA_REVISION})"
    )
    assert older.hint == "opskit upgrade"
    assert newer.message == (
        f"the database is newer than this program (9999, known {SCHEMA_REVISION})"
    )
    assert newer.hint == "install the opskit that your team uses now"
    assert (older.exit_code, newer.exit_code) == (7, 7)


def test_a_schema_without_a_revision_is_no_schema(empty: Engine) -> None:
    migrate(empty)
    with empty.connect() as connection, connection.begin():
        connection.execute(text("DELETE FROM alembic_version"))
    assert "empty" in refusal(empty).message or "no tables" in refusal(empty).message
