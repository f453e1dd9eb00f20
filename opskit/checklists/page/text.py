"""Texts of a page: in the person's language, in lines that fit, without control characters."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from textwrap import wrap
from types import MappingProxyType
from unicodedata import category

from opskit.checklists.templates import Words
from opskit.core.i18n import language

NOBODY: Mapping[str, str] = MappingProxyType({})
LEAST_WIDTH = 20  # a narrower terminal breaks the lines itself

_UNITS = ("B", "KB", "MB", "GB")


def in_language(words: Words, code: str | None = None) -> str:
    """The text in that language, else in the person's; in English where there is none."""
    found: str | None = getattr(words, code or language(), None)
    return found or words.en


def wrapped(text: str, width: int | None) -> list[str]:
    """The text in lines of that width; without one, as it is."""
    text = printable(text)
    if width is None:
        return [text]
    return wrap(text, max(LEAST_WIDTH, width), break_on_hyphens=False) or [""]


def printable(text: str) -> str:
    """On one line. A subject and the words of a template may come from anywhere, as answers may."""
    return " ".join(printable_lines(text))


def printable_lines(text: str) -> Iterator[str]:
    """An answer may come from anywhere; it must not move the cursor or colour the terminal.

    The spaces at which no line breaks, before a French colon, are no such danger.
    """
    for line in text.splitlines():
        yield "".join(
            char if char.isprintable() or category(char) == "Zs" else "?" for char in line
        )


def name_of(who: str | None, names: Mapping[str, str]) -> str | None:
    """The name of an entity or a login; None where it is no longer known."""
    return names.get(who) if who else None


def local_time(moment: datetime) -> str:
    """Day and minute as the clock on the person's wall shows them."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def size_in_words(size: int) -> str:
    """`84 KB`: bytes as file managers show them."""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:  # noqa: PLR2004 (the metric prefixes)
        amount, unit = amount / 1000, unit + 1
    digits = 1 if unit and amount < 10 else 0  # noqa: PLR2004 (two figures say enough)
    return f"{amount:.{digits}f} {_UNITS[unit]}"
