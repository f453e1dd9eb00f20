"""A table that fits the terminal: it folds before a word or a date breaks.

Where the columns do not fit side by side, the last ones go below the first, headings too:

    Code    Name                 City      Canton
            Contract  Until       Maintenance
    DELEZE  Délèze Outillage SA  Delémont  JU
            gold      2026-11-04  lapsed
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.cells import cell_len, chop_cells

from opskit.core.screen import Screen, Tone

GAP = 2  # between the columns
PROSE = 24  # wider columns may get as narrow as this, between their words

_WORD = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d|\S+")  # a moment is one word


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and what stands below it."""

    title: str
    cells: Sequence[Cell]

    @property
    def widest(self) -> int:
        return max(cell_len(text) for text in self._texts)

    @property
    def least(self) -> int:
        """How narrow it can get."""
        longest = max((cell_len(word) for text in self._texts for word in _words(text)), default=0)
        return min(self.widest, max(PROSE, longest))

    @property
    def _texts(self) -> list[str]:
        return [self.title, *(cell.text for cell in self.cells)]


@dataclass(frozen=True, slots=True)
class _Line:
    """The columns that stand side by side, and how wide each of them is."""

    indent: int
    columns: Sequence[Column]
    widths: Sequence[int]


def table_lines(columns: Sequence[Column], *, screen: Screen) -> Iterator[str]:
    """The headings, then the rows."""
    layout = _folded(columns, screen.width or 0)
    for line in layout:
        heads = [Cell(column.title, Tone.HEADING) for column in line.columns]
        yield from _printed(heads, line, screen)
    for row in range(len(columns[0].cells)):
        for line in layout:
            yield from _printed([column.cells[row] for column in line.columns], line, screen)


def fits(columns: Sequence[Column], width: int) -> bool:
    """Whether all of them go side by side."""
    return sum(column.least + GAP for column in columns) - GAP <= width


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of that width; only a word that is wider itself gets broken."""
    lines = [""]
    for word in _words(text):
        longer = f"{lines[-1]} {word}".lstrip()
        if cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines += chop_cells(word, width)
    return [line for line in lines if line] or [""]


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _folded(columns: Sequence[Column], width: int) -> list[_Line]:
    """As many columns a line as fit; the lines below the first are indented."""
    below = min(columns[0].least + GAP, width // 4)
    lines: list[list[Column]] = [[]]
    for column in columns:
        room = width - (below if len(lines) > 1 else 0)
        together = [*lines[-1], column]
        if fits(together, room) or not lines[-1]:
            lines[-1] = together
        else:
            lines.append([column])
    indents = [0, *(below for _ in lines[1:])]
    return [
        _Line(indent, line, _widths(line, width - indent))
        for indent, line in zip(indents, lines, strict=True)
    ]


def _widths(columns: Sequence[Column], room: int) -> list[int]:
    """Each as wide as it likes; where that is too much, the widest gives way."""
    widths = [column.widest for column in columns]
    room -= GAP * (len(columns) - 1)
    while sum(widths) > room:
        yielding = [i for i, each in enumerate(columns) if widths[i] > each.least]
        if not yielding:
            return [max(1, room)]  # one column, with a word wider than the terminal
        widths[max(yielding, key=widths.__getitem__)] -= 1
    return widths


def _printed(cells: Sequence[Cell], line: _Line, screen: Screen) -> Iterator[str]:
    """One row of one line; nothing at all where nothing stands below the first line."""
    if line.indent and not any(cell.text for cell in cells):
        return
    pieces = [wrapped(cell.text, width) for cell, width in zip(cells, line.widths, strict=True)]
    for texts in zip_longest(*pieces, fillvalue=""):
        painted = [
            screen.paint(text, cell.tone) + " " * (width - cell_len(text))
            for text, cell, width in zip(texts, cells, line.widths, strict=True)
        ]
        yield (" " * line.indent + (" " * GAP).join(painted)).rstrip()
