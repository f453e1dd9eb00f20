"""What a login name and a password must look like before they are sent."""

import re

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.secret import Secret

LONGEST_PASSWORD = 72  # bytes; bcrypt takes no more, and the server answers 500
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{0,62}")


def clean_login(text: str) -> str:
    """The login in lower case: the server would take `Bob` and overwrite bob.

    Raises:
        InvalidError: it is not plain letters, digits, `.`, `_`, `-`.
    """
    login = text.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise InvalidError(
            _("{text} is no login").format(text=repr(text)),
            hint=_("use lower-case letters, digits, . _ - and begin with a letter"),
        )
    return login


def check_password(password: Secret) -> None:
    """Refuse what the server could not store.

    Raises:
        InvalidError: empty, or longer than 72 bytes.
    """
    if not 0 < len(password.reveal().encode()) <= LONGEST_PASSWORD:
        raise InvalidError(_("a password has 1 to 72 bytes"), hint=_("take a shorter passphrase"))
