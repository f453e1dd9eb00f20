"""A row of a table of closures becomes a record, or a list of what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from opskit.core import cells
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.importing import ParsedRow, Problem, RejectedRow, parse_rows
from opskit.core.tabular import Column, Row
from opskit.core.text import fold

EVERYWHERE = "CH"  # an empty cell says the same

COLUMNS = (
    Column("date", ("jour", "day", "Datum", "Tag")),
    Column("canton", ("Kanton",), optional=True),
    Column("part", ("durée", "partie", "portion", "Dauer", "Teil"), optional=True),
    Column("name", ("nom", "libellé", "désignation", "motif", "Name", "Bezeichnung")),
)
_IS_HALF = {
    **dict.fromkeys(("", "full", "whole", "entier", "jour entier", "journee", "ganz"), False),
    **dict.fromkeys(("half", "demi", "demi-jour", "demi-journee", "halb", "halbtag"), True),
}


@dataclass(frozen=True, slots=True)
class ClosureRecord:
    """A closure as the table describes it; the fields are those of `models.CalendarClosure`."""

    day: date
    canton: str | None
    half: bool
    name: str

    @property
    def label(self) -> str:
        return label_of(self.day, self.canton)


def label_of(day: date, canton: str | None) -> str:
    """`2027-12-24 BE`; one that counts everywhere is known by its day alone."""
    return f"{day} {canton}" if canton else str(day)


def parse_closures(
    rows: Sequence[Row],
) -> tuple[list[ParsedRow[ClosureRecord]], list[RejectedRow]]:
    """Every row, either as a record or with its problems; a day stands once for each canton."""
    parsed, rejected = parse_rows(rows, _READERS, _record, unique=())
    first: dict[str, int] = {}
    kept: list[ParsedRow[ClosureRecord]] = []
    for each in parsed:
        line = first.setdefault(each.record.label, each.row.line)
        if line == each.row.line:
            kept.append(each)
        else:
            reason = _("{value} stands on line {line} already")
            told = reason.format(value=each.record.label, line=line)
            rejected.append(RejectedRow(each.row, (Problem("date", told),)))
    return kept, rejected


def _record(*, date: date, canton: str | None, part: bool, name: str) -> ClosureRecord:
    return ClosureRecord(date, canton, part, name)


def _canton(cell: str) -> str | None:
    return None if cell.strip().upper() == EVERYWHERE else cells.optional_canton(cell)


def _part(cell: str) -> bool:
    """Whether only half of the day is off."""
    word = fold(cells.optional_text(cell))
    if word not in _IS_HALF:
        raise InvalidError(
            _("{text} is none of {choices}").format(text=repr(cell.strip()), choices="full, half"),
            hint=_("mend the row and import it again"),
        )
    return _IS_HALF[word]


_READERS: Mapping[str, cells.Reader] = {
    "date": cells.day,
    "canton": _canton,
    "part": _part,
    "name": cells.required_text,
}
