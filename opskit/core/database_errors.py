"""What a driver complains about, in words that a person understands."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)

from opskit.core.errors import ConflictError, DeniedError, UnavailableError
from opskit.core.i18n import _

INSUFFICIENT_PRIVILEGE = "42501"
TRANSACTION_ROLLBACK = "40"  # the class of deadlocks and failed serialization
HOME_IS_CLOSED = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_FULL")


@contextmanager
def explaining() -> Iterator[None]:
    """Turn the driver's complaint about the database itself into one that a person understands.

    Raises:
        UnavailableError: it is away, locked, or damaged.
        ConflictError: two transactions made the same thing.
        DeniedError: PostgreSQL does not let this login do it.
    """
    try:
        yield
    except (OperationalError, InterfaceError) as err:
        if str(getattr(err.orig, "sqlstate", "")).startswith(TRANSACTION_ROLLBACK):
            raise _somebody_was_faster() from err
        raise UnavailableError(
            _("the database does not answer: {reason}").format(reason=_first_line(err)),
            hint=_hint_for(err),
        ) from err
    except IntegrityError as err:
        if not _is_duplicate(err):
            raise  # a mistake of ours
        raise _somebody_was_faster() from err
    except ProgrammingError as err:
        if getattr(err.orig, "sqlstate", None) != INSUFFICIENT_PRIVILEGE:
            raise  # a mistake of ours
        raise DeniedError(
            _("the database refuses: {reason}").format(reason=_first_line(err)),
            hint=_("with new roles log in again; else an admin types opskit upgrade"),
        ) from err
    except DatabaseError as err:
        if type(err) is not DatabaseError:  # a mistake of ours
            raise
        raise UnavailableError(
            _("the database is damaged: {reason}").format(reason=_first_line(err)),
            hint=restore_hint(),
        ) from err


def _hint_for(err: DBAPIError) -> str:
    name = str(getattr(err.orig, "sqlite_errorname", ""))
    if name.startswith(HOME_IS_CLOSED):
        return _("even who only reads must be able to write into the home: mend its rights or room")
    return "opskit doctor"


def restore_hint() -> str:
    return _("put the newest copy from the folder backups in its place: docs/setup.md")


def _somebody_was_faster() -> ConflictError:
    return ConflictError(
        _("somebody else was faster; nothing was changed"), hint=_("look, then try again")
    )


def _is_duplicate(err: DBAPIError) -> bool:
    """Two rows with one key, as SQLite (by name) and PostgreSQL (by SQLSTATE) tell it."""
    name = getattr(err.orig, "sqlite_errorname", None) or getattr(err.orig, "sqlstate", None)
    return name in ("SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE", "23505")


def _first_line(err: DBAPIError) -> str:
    # The driver's own words; SQLAlchemy's would add the statement and its values.
    return next(iter(str(err.orig).strip().splitlines()), type(err.orig).__name__)
