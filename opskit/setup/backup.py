"""A copy of the home's database, whole and consistent while others go on writing."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from opskit.core.config import Home
from opskit.core.db import database_lost, snapshot, stored_revision
from opskit.core.errors import ConflictError, NotFoundError, UnavailableError, UsageProblemError
from opskit.core.i18n import _
from opskit.core.private_files import make_private_folder
from opskit.core.system_errors import reason_of


def back_up(engine: Engine, home: Home, *, at: datetime, out: Path | None = None) -> Path:
    """Copy the database into the home's folder `backups`, or into the file that is asked for.

    Raises:
        UsageProblemError: the database is a team's.
        DatabaseLostError: there is nothing to copy.
        ConflictError: the file is there already. NotFoundError: its folder is not.
        UnavailableError: the database cannot be read, or the copy not be written.
    """
    if engine.dialect.name != "sqlite":
        raise UsageProblemError(
            _("a team's database is backed up by its keeper"), hint="pg_dump --help"
        )
    with snapshot(engine) as session:
        revision = stored_revision(session)
    if revision is None:
        raise database_lost(home.database_file)
    if out is None:
        make_private_folder(home.backup_folder)
        out = home.backup_folder / f"opskit-{at:%Y%m%dT%H%M%S.%fZ}-{revision}.db"
    _make_empty(out)
    try:
        _copy(Path(engine.url.database or ""), out)
    except BaseException:
        out.unlink()
        raise
    return out


def _make_empty(file: Path) -> None:
    """For the owner alone from its first byte on, and never over something else."""
    try:
        file.touch(mode=0o600, exist_ok=False)
    except FileExistsError as err:
        raise ConflictError(
            _("{file} is there already").format(file=file), hint=_("choose another name")
        ) from err
    except FileNotFoundError as err:
        raise NotFoundError(
            _("there is no folder {folder}").format(folder=file.parent),
            hint=_("make the folder, or choose another"),
        ) from err
    except OSError as err:
        raise UnavailableError(
            _("cannot write {file}: {reason}").format(file=file, reason=reason_of(err)),
            hint=_("choose a folder that you may write to"),
        ) from err


def _copy(database: Path, target: Path) -> None:
    """SQLite's own online backup."""
    try:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
    except sqlite3.Error as err:
        raise UnavailableError(
            _("cannot copy the database: {reason}").format(reason=err), hint="opskit doctor"
        ) from err
