"""The database's history, run by Alembic; the only package that imports every table."""

from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from opskit.core.database_errors import explaining

UPGRADE_LOCK = 0x6F70736B6974  # "opskit": what upgraders of one PostgreSQL database wait at
BECOME_OWNER = """
SELECT set_config('role', pg_get_userbyid(datdba)::text, true) FROM pg_database
WHERE datname = current_database() AND pg_has_role(datdba, 'MEMBER')
"""
TABLES = (
    "opskit.core.events",
    "opskit.core.intents",
    "opskit.core.numbers",
    "opskit.clients.models",
    "opskit.staff.models",
    "opskit.checklists.models",
    "opskit.calendar.models",
    "opskit.patches.models",
    "licenses.models",
    "onboarding.models",
    "onboarding.access.models",
    "onboarding.leaving.models",
    "onboarding.skills.models",
    "onboarding.reviews.models",
    "vault.breakglass.models",
    "opskit.todo.models",
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
        wait_for_other_upgraders(connection)
        become_owner(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def wait_for_other_upgraders(connection: Connection) -> None:
    """SQLite has taken its one lock already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})


def become_owner(connection: Connection) -> bool:
    """Go on as the database's owner until the transaction ends; False for who may not.

    What a login for an hour made would belong to it, and keep it from being dropped.
    """
    if connection.dialect.name != "postgresql":
        return True
    return connection.scalar(text(BECOME_OWNER)) is not None
