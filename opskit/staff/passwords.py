"""First passwords, and the list in which an admin hands them out."""

import csv
import io
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from opskit.core.errors import InvalidError, UnavailableError
from opskit.core.i18n import _
from opskit.core.private_files import write_private
from opskit.core.secret import Secret
from opskit.core.system_errors import reason_of
from opskit.staff.models import Person

HEADER = ("login", "name", "password")
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # without what is misread: i l o 0 1
_GROUPS, _LETTERS = 4, 5  # 99 bits


def first_password() -> Secret:
    """A password that can be read out: `k3m9x-...`."""
    groups = ("".join(secrets.choice(_READABLE) for _n in range(_LETTERS)) for _g in range(_GROUPS))
    return Secret("-".join(groups))


def list_beside(table: Path) -> Path:
    """Where the passwords of an imported table go: `staff.csv` has `staff.logins.csv`."""
    return table.with_name(f"{table.stem}.logins.csv")


def read_list(file: Path) -> dict[str, Secret]:
    """The passwords by login; none where there is no file.

    Raises:
        InvalidError: it is not one of our lists.
    """
    return {login: Secret(password) for login, _name, password in _rows_of(file)}


def complete_list(
    file: Path, people: Sequence[Person], make: Callable[[], Secret]
) -> Mapping[str, Secret]:
    """Put down a password for everybody who has none in the list yet, before it is used.

    Raises:
        InvalidError: the file is not one of our lists.
        UnavailableError: it cannot be written.
    """
    rows = _rows_of(file)
    listed = {login for login, _name, _password in rows}
    rows += [(p.login, p.name, make().reveal()) for p in people if p.login not in listed]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([HEADER, *rows])
    try:
        write_private(file, text.getvalue().encode())
    except OSError as err:
        raise UnavailableError(
            _("cannot write {file}: {reason}; no login was made").format(
                file=file, reason=reason_of(err)
            ),
            hint=_("copy the table to a folder of your own and import it from there"),
        ) from err
    return {login: Secret(password) for login, _name, password in rows}


def _rows_of(file: Path) -> list[tuple[str, str, str]]:
    if not file.exists():
        return []
    try:
        header, *rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline="")))
        if tuple(header) != HEADER:
            raise _foreign(file)
        return [(login, name, password) for login, name, password in rows]
    except (OSError, ValueError) as err:
        raise _foreign(file) from err


def _foreign(file: Path) -> InvalidError:
    return InvalidError(
        _("{file} is not a list of logins that opskit wrote").format(file=file),
        hint=_("move it away, and run the command again"),
    )
