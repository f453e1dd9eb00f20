"""Bringing the database to this program's revision, never without a copy of the old one."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from opskit.core.config import Home, Settings
from opskit.core.db import (
    SCHEMA_REVISION,
    database_lost,
    newer_schema,
    open_engine,
    snapshot,
    stored_revision,
)
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.secret import Secret
from opskit.migrations import migrate
from opskit.migrations.grants import give_rights
from opskit.setup.backup import back_up


@dataclass(frozen=True, slots=True)
class Upgrade:
    """From where to where; `backup` is None where nothing had to be copied.

    `missing_roles` are those of PostgreSQL that this login could not make.
    """

    stored: str | None
    wanted: str
    backup: Path | None
    missing_roles: tuple[str, ...] = ()

    @property
    def needed(self) -> bool:
        return self.stored != self.wanted


def plan(engine: Engine) -> Upgrade:
    """What an upgrade would do.

    Raises:
        DatabaseLostError: a file without tables: only `opskit init` makes the first.
        SchemaError: the database is newer than this program.
    """
    with snapshot(engine) as session:
        stored = stored_revision(session)
    if stored is None and engine.dialect.name == "sqlite":
        raise database_lost(engine.url.database or "")
    if stored is not None and stored > SCHEMA_REVISION:
        raise newer_schema(stored)
    return Upgrade(stored, SCHEMA_REVISION, None)


def upgrade(engine: Engine, home: Home, *, at: datetime) -> Upgrade:
    """Copy, then migrate in one transaction. A team's PostgreSQL is backed up by its keeper.

    The rights of PostgreSQL's roles are set again each time.

    Raises:
        DatabaseLostError: a file without tables.
        SchemaError: the database is newer than this program.
        DeniedError: it is a team's, and this login may not change its tables.
    """
    planned = plan(engine)
    if not planned.needed:
        return replace(planned, missing_roles=give_rights(engine))
    backup = back_up(engine, home, at=at) if engine.dialect.name == "sqlite" else None
    migrate(engine)
    return replace(planned, backup=backup, missing_roles=give_rights(engine))


def open_as(settings: Settings, *, username: str, password: Secret) -> Engine:
    """The team's database as this user, while the safe cannot make logins to it yet.

    Raises:
        UsageProblemError: the home uses a file.
    """
    if not settings.database_url:
        raise UsageProblemError(
            _("--username is for a team's database"), hint="opskit upgrade --help"
        )
    url = make_url(settings.database_url)
    return open_engine(url.set(username=username, password=password.reveal()))
