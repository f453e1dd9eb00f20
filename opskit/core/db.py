"""The database: one declarative base, two dialects, one committer.

SQLite serves one home, PostgreSQL a team. Services never commit: a command opens one
`transaction()`, and what it did is stored whole or not at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Engine, MetaData, create_engine, event, text
from sqlalchemy.engine import URL, Connection, Dialect, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from opskit.core.config import Home, Settings
from opskit.core.database_errors import explaining, restore_hint
from opskit.core.errors import InvalidError, UnavailableError
from opskit.core.i18n import _

SCHEMA_REVISION = "0007"
BUSY_SECONDS = 10.0


class SchemaError(UnavailableError):
    """The database and the program do not fit together."""

    reference = "schema"


class DatabaseLostError(UnavailableError):
    """A finished home whose database is gone or empty; no command makes another by itself."""

    reference = "database-lost"


class Base(DeclarativeBase):
    """Every table of opskit."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite would hand it back naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def sqlite_url(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))


def open_engine(url: str | URL) -> Engine:
    """An engine for either dialect; nothing is connected yet.

    Raises:
        InvalidError: the address is of neither. It is not shown, since it may hold a password.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise _bad_address() from None
    match parsed.get_backend_name():
        case "sqlite":
            return _open_sqlite(parsed)
        case "postgresql":
            return _open_postgresql(parsed)
        case _:
            raise _bad_address()


def _open_postgresql(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5},
    )


def _bad_address() -> InvalidError:
    return InvalidError(
        _("the database address is not one that opskit knows"),
        hint="database_url = 'postgresql+psycopg://db.example/opskit'",
    )


def _open_sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "do_connect")
    def keep_private(*_args: object) -> None:
        # SQLite would make the file with the umask; what it puts beside it takes its mode.
        if url.database and Path(url.database).parent.is_dir():
            Path(url.database).touch(mode=0o600)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 (a DBAPI object)
        connection.isolation_level = None  # the begin below is ours, not the driver's
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes the lock before it reads, or two writers could both read a stale head.
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One unit of work; the only place that commits.

    Raises:
        UnavailableError: the database is away, or locked by a longer writer.
        ConflictError: another transaction took the same key meanwhile.
    """
    with explaining(), Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """A consistent view for reading, which never waits for a writer; its rows stay usable."""
    reader = engine.execution_options(reading=True)
    if engine.dialect.name == "postgresql":  # whose statements else see one moment each
        reader = reader.execution_options(isolation_level="REPEATABLE READ")
    with explaining(), Session(reader, expire_on_commit=False) as session:
        yield session  # closed, not rolled back: that would expire what was read


def open_home_database(home: Home, settings: Settings) -> Engine:
    """The team's database where the settings name one, else the home's SQLite file."""
    return open_engine(settings.database_url or sqlite_url(home.database_file))


def require_database(home: Home, settings: Settings) -> None:
    """Let pass a home whose file is there: opening it would make an empty one.

    Raises:
        DatabaseLostError: it is gone, or nothing is in it.
    """
    file = home.database_file
    if not settings.database_url and not (file.exists() and file.stat().st_size):
        raise database_lost(file)


def database_lost(file: Path | str) -> DatabaseLostError:
    return DatabaseLostError(
        _("the database {file} is gone or empty").format(file=file),
        hint=restore_hint(),
    )


def require_schema(session: Session) -> None:
    """Let pass a database that fits this program.

    Raises:
        DatabaseLostError: a file without tables.
        SchemaError: a team's has no tables yet; or it is older or newer than the program.
    """
    stored = stored_revision(session)
    if stored == SCHEMA_REVISION:
        return
    if stored is None:
        url = session.get_bind().engine.url
        if url.get_backend_name() == "sqlite":
            raise database_lost(url.database or "")
        raise SchemaError(_("there are no tables in the database yet"), hint="opskit upgrade")
    if stored < SCHEMA_REVISION:
        raise SchemaError(
            _("the database is older than this program ({stored}, wanted {wanted})").format(
                stored=stored, wanted=SCHEMA_REVISION
            ),
            hint="opskit upgrade",
        )
    raise newer_schema(stored)


def newer_schema(stored: str) -> SchemaError:
    return SchemaError(
        _("the database is newer than this program ({stored}, known {wanted})").format(
            stored=stored, wanted=SCHEMA_REVISION
        ),
        hint=_("install the opskit that your team uses now"),
    )


def stored_revision(session: Session) -> str | None:
    """The migration that the database stands at, None where there is no schema yet."""
    if not session.connection().dialect.has_table(session.connection(), "alembic_version"):
        return None
    revision = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if revision is None else str(revision)


def ensure_row(session: Session, row: Base) -> None:
    """Add a row that another transaction may be adding at this moment; one of them does."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return  # it is there now
