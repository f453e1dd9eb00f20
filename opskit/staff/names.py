"""Login names: what one looks like, and a good one for a person who has none yet."""

import re
from collections.abc import Container

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.text import fold

LONGEST_LOGIN = 32
_LOGIN = re.compile(r"[a-z](?:[a-z0-9._-]{0,30}[a-z0-9_])?")


def parse_login(text: str) -> str:
    """A login in lower case; the safe would take `Bob` and `bob` for the same person.

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


def suggest_login(name: str, taken: Container[str]) -> str:
    """`Camille Perret` becomes `cperret`, or `cperret2` where that is taken.

    Raises:
        InvalidError: there is no Latin letter in the name to make one of.
    """
    words: list[str] = re.findall(r"[a-z]+", fold(name).replace("-", "").replace("'", ""))
    if not words:
        raise InvalidError(
            _("no login can be made of {name}").format(name=repr(name)),
            hint=_("choose one and give it"),
        )
    stem = (words[0][0] + words[-1] if len(words) > 1 else words[0])[: LONGEST_LOGIN - 3]
    login, number = stem, 1
    while login in taken:
        number += 1
        login = f"{stem}{number}"
    return login
