"""The database's history, run by Alembic; the only package that imports every table."""

from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from opskit.core.db import explaining

UPGRADE_LOCK = 0x6F70736B6974  # "opskit": what upgraders of one PostgreSQL database wait at
TABLES = (
    "opskit.core.events",
    "opskit.core.intents",
    "opskit.core.numbers",
    "opskit.clients.models",
    "opskit.staff.models",
    "opskit.checklists.models",
    "licenses.models",
    "onboarding.models",
)


def load_tables() -> None:
    """Import every module that declares a table, so that the metadata is whole."""
    for module in TABLES:
        import_module(module)


def migrate(engine: Engine) -> None:
    """Bring the database to this program's revision, in one transaction.

    Raises:
        UnavailableError: the database is away, or locked by a longer writer.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with explaining(), engine.connect() as connection, connection.begin():
        _wait_for_other_upgraders(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _wait_for_other_upgraders(connection: Connection) -> None:
    """SQLite has taken its one lock already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})
