"""Tables in Excel workbooks, read as `tabular` reads CSV: every cell as the text that it shows.

The first sheet counts. A formula counts by the value that was saved with it; one without, or with
an error such as `#N/A`, would be read as an empty cell, so a workbook with one is refused.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, time
from io import BytesIO
from pathlib import Path

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.tabular import Column, Record, Table, parse_table, table_of

MOST_BYTES = 200_000_000  # unpacked; 100,000 rows of twenty columns take half of it
MOST_ROWS = 100_000
_ZIPPED = b"PK\x03\x04"
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_ERROR = re.compile(rb'<c [^>]*?r="([A-Z]+[0-9]+)"[^>]*? t="e"')  # ECMA-376, 18.18.11 ST_CellType
# A text may be empty, which is a value: `t="str"`.
_NO_VALUE = re.compile(
    rb'<c (?![^>]*t="str")[^>]*?r="([A-Z]+[0-9]+)"[^>]*>'
    rb"(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)(?:<v *(?:/>|></v>))?</c>"
)


def parse_file(content: bytes, path: Path, columns: Sequence[Column]) -> Table:
    """The table in a workbook or a CSV file: whichever it is.

    Raises:
        InvalidError: it is neither, is empty, too large, or lacks one of the columns.
    """
    if content.startswith(_OLD_OR_LOCKED):
        raise _unreadable(path, _("this is an old Excel workbook, or one with a password"))
    if not content.startswith(_ZIPPED):
        return parse_table(content, path, columns)
    with _explained(path):
        _look_inside(content, path)
        records = _records(content, path)
    table = table_of(records, path, columns, encoding="utf-8")
    return replace(table, is_workbook=True)


def _look_inside(content: bytes, path: Path) -> None:
    """A few bytes of an archive may unfold to gigabytes; the sizes it claims are the most read."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
            raise _unreadable(path, _("it is too large when unpacked"))
        for sheet in filter(_SHEET.fullmatch, archive.namelist()):
            _require_values(archive.read(sheet), path)


def _require_values(sheet: bytes, path: Path) -> None:
    if wrong := _ERROR.search(sheet):
        cell = wrong[1].decode()
        raise _unreadable(path, _("cell {cell} shows an error").format(cell=cell))
    if empty := _NO_VALUE.search(sheet):
        cell = empty[1].decode()
        raise _unreadable(path, _("the formula in {cell} has no value yet").format(cell=cell))


def _records(content: bytes, path: Path) -> list[Record]:
    """Every row of the first sheet, as wide as the first that holds something.

    What stands beyond is kept, and `tabular` finds that row too wide.
    """
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_object(BytesIO(content)).get_sheet_by_index(0)
    if sheet.total_height > MOST_ROWS:
        raise _unreadable(path, _("it has more than {most} rows").format(most=MOST_ROWS))
    rows = [_filled(row) for row in sheet.to_python(skip_empty_area=False)]
    width = next(filter(None, map(len, rows)), 0)
    return [
        Record(at, _line(cells), cells + ("",) * (width - len(cells)), fault=None)
        for at, cells in enumerate(rows, 1)
    ]


def _line(cells: Sequence[str]) -> str:
    """The row as text, with a tab between two cells and none within one."""
    return "\t".join(" ".join(cell.split("\t")) for cell in cells)


def _filled(row: Sequence[object]) -> tuple[str, ...]:
    """The cells up to the last one that holds something."""
    cells = list(map(_text, row))
    while cells and not cells[-1].strip():
        cells.pop()
    return tuple(cells)


def _text(value: object) -> str:
    """As a person reads it: 40 and not 40.0, a day without a time."""
    match value:
        case bool():
            return str(value).upper()
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time.min:
            return value.date().isoformat()
        case _:
            return str(value)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Whatever is damaged, or no workbook at all."""
    from python_calamine import CalamineError

    try:
        yield
    except (CalamineError, zipfile.BadZipFile, zlib.error) as err:
        raise _unreadable(path, _("it cannot be read as a workbook")) from err


def _unreadable(path: Path, reason: str) -> InvalidError:
    return InvalidError(
        f"{path}: {reason}",
        hint=_("mend it in Excel and save it as .xlsx without a password, or as CSV"),
    )
