"""A good login name for a person who has none yet."""

import re
from collections.abc import Container

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.logins import LONGEST_LOGIN
from opskit.core.text import fold


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
