"""What the person sits before: how wide it is, and whether it shows colours."""

import os
from dataclasses import dataclass
from enum import StrEnum
from typing import TextIO


class Tone(StrEnum):
    """How a word looks, as the number that a terminal knows it by."""

    HEADING = "1"
    BAD = "31"
    GOOD = "32"
    DOUBT = "33"


@dataclass(frozen=True, slots=True)
class Screen:
    """A terminal; without a width it is a pipe or a file, whose lines end where they end."""

    width: int | None = None
    coloured: bool = False

    def paint(self, text: str, tone: Tone | None) -> str:
        """The text in its colour, or as it is where none is shown."""
        if tone is None or not text or not self.coloured:
            return text
        return f"\x1b[{tone.value}m{text}\x1b[0m"


PAPER = Screen()


def screen_of(stream: TextIO | None) -> Screen:
    """Each stream for itself: one may be a terminal while the other goes into a file.

    `NO_COLOR` (https://no-color.org) means none, unless it is empty.
    """
    if stream is None or not stream.isatty():
        return PAPER
    from shutil import get_terminal_size

    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return Screen(width=get_terminal_size().columns, coloured=not plain)
