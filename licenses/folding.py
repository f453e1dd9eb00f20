"""A page of lines on a terminal: what is too long goes on below, where its value begins."""

import re
import sys
from collections.abc import Iterable, Iterator
from typing import TextIO

from opskit.core.output import data, say
from opskit.core.screen import Screen, screen_of

_LABEL = re.compile(r" *\S+(?: \S+)*  +(?=\S)|  +(?=\S)")  # or the indent of a line without one
_DEEPER = "  "
_LEAST = 16  # a narrower value would be harder to read than a line that is broken anywhere


def show_page(lines: Iterable[str]) -> None:
    """What was asked for."""
    data("\n".join(_on(sys.stdout, lines)))


def say_page(lines: Iterable[str]) -> None:
    """What a person should know."""
    for line in _on(sys.stderr, lines):
        say(line)


def folded(lines: Iterable[str], screen: Screen) -> Iterator[str]:
    """The lines as they fit; in a pipe each as it is."""
    for line in lines:
        if screen.width is None or len(line) <= screen.width:
            yield line
        else:
            yield from _folded(line, screen.width)


def _on(stream: TextIO | None, lines: Iterable[str]) -> Iterator[str]:
    return folded(lines, screen_of(stream))


def _folded(line: str, width: int) -> Iterator[str]:
    from opskit.core.tables import wrapped

    found = _LABEL.match(line)
    label = found[0] if found else ""
    indent = _DEEPER + label if not label.strip() else " " * len(label)
    room = width - len(indent)
    if room < _LEAST:
        yield line
        return
    first, *more = wrapped(line[len(label) :], room)
    yield label + first
    yield from (indent + each for each in more)
