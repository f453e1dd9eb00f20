"""Words in the person's language: English in the source, French from the gettext catalogue.

The language is OPSKIT_LANGUAGE (the setting, put there by the configuration), else the usual
LC_ALL, LC_MESSAGES, LANG. English costs nothing: no catalogue is opened.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

LANGUAGES = ("en", "fr")
LOCALE_FOLDER = Path(__file__).parent.parent / "locale"


_borrowed: list[str] = []


@cache
def language() -> str:
    """`en` or `fr`; inside `speaking` that one."""
    if _borrowed:
        return _borrowed[-1]
    for name in ("OPSKIT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            code = value[:2].lower()
            return code if code in LANGUAGES else "en"
    return "en"


@cache
def _catalogue() -> "NullTranslations":
    from gettext import translation

    return translation("opskit", LOCALE_FOLDER, [language()], fallback=True)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """What is said inside is for somebody else, in their language; English without a catalogue."""
    _borrowed.append(code)
    _forget()
    try:
        yield
    finally:
        _borrowed.pop()
        _forget()


def _forget() -> None:
    language.cache_clear()
    _catalogue.cache_clear()


def colon(label: str) -> str:
    """`Password:`; in French a colon stands off, by a space at which no line breaks."""
    return f"{label}\u00a0:" if language() == "fr" else f"{label}:"


def _(message: str) -> str:
    """The message in the person's language, or as it stands in the source."""
    return message if language() == "en" else _catalogue().gettext(message)
