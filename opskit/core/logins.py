"""What a login and a password must look like: the same wherever one is made or used."""

import re

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.secret import Secret

LONGEST_LOGIN = 32
SHORTEST_NEW_PASSWORD = 8  # characters
LONGEST_PASSWORD = 72  # bytes; bcrypt takes no more, and the server answers 500
_LOGIN = re.compile(r"[a-z](?:[a-z0-9._-]{0,30}[a-z0-9_])?")


def parse_login(text: str) -> str:
    """A login in lower case; the safe would take `Bob` and `bob` for the same person.

    It becomes a segment of paths and a word of the server's configuration.

    Raises:
        InvalidError: the safe could not use it as a name.
    """
    login = text.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise InvalidError(
            _("{login} is no login").format(login=repr(text)),
            hint=_("begin with a letter; a-z, 0-9, dot, dash, underscore; for example cperret"),
        )
    return login


def check_password(password: Secret) -> None:
    """Refuse what the safe could not keep.

    Raises:
        InvalidError: empty, or longer than 72 bytes.
    """
    if not 0 < len(password.reveal().encode()) <= LONGEST_PASSWORD:
        raise InvalidError(_("a password has 1 to 72 bytes"), hint=_("take a shorter passphrase"))


def check_new_password(password: Secret) -> None:
    """Refuse what nobody should choose; who has such a password already can still log in.

    Raises:
        InvalidError: as `check_password`, or too short.
    """
    check_password(password)
    if len(password.reveal()) < SHORTEST_NEW_PASSWORD:
        raise InvalidError(
            _("a new password has at least {count} characters").format(count=SHORTEST_NEW_PASSWORD),
            hint=_("take several words that you remember"),
        )
