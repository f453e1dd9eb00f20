"""Tables as people export them: CSV from a database, from Excel, with headers in their language.

A file that is no table at all is refused as a whole. A row that does not fit is kept with its
fault and its exact text, so that the others can be used and this one can be mended.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from opskit.core.errors import InvalidError, NotFoundError, UnavailableError
from opskit.core.i18n import _
from opskit.core.private_files import write_private
from opskit.core.system_errors import reason_of
from opskit.core.text import fold
from opskit.core.text_encoding import decode

DELIMITERS = (",", ";", "\t")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_REJECTED = re.compile(r"(.*)\.rejected(?:-[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its key in our code, and what else people call it."""

    key: str
    aliases: tuple[str, ...] = ()
    optional: bool = False  # a file without it has an empty cell there in every row


@dataclass(frozen=True, slots=True)
class Row:
    """One record: where it begins, its cells by column key, and its text as it stands there."""

    line: int
    values: Mapping[str, str]
    raw: str
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was read; `raw_header` and `encoding` let a part of it be written again."""

    path: Path
    encoding: str
    raw_header: str
    ignored: tuple[str, ...]
    rows: tuple[Row, ...]
    is_workbook: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """What stands between two ends of line: its cells as they are, blanks and all."""

    line: int
    raw: str
    cells: tuple[str, ...]
    fault: str | None


def read_table(path: Path, columns: Sequence[Column]) -> Table:
    """Read a CSV file, whatever its encoding, delimiter, and order of columns.

    Raises:
        NotFoundError: the file cannot be read.
        InvalidError: it is empty, is no text, or lacks one of the columns.
    """
    return parse_table(read_bytes(path), path, columns)


def parse_table(content: bytes, path: Path, columns: Sequence[Column]) -> Table:
    """`read_table`, for a file whose bytes are at hand."""
    text, encoding = decode(content, source=str(path))
    delimiter = guess_delimiter(text, columns)
    return table_of(records_in(text, delimiter), path, columns, encoding=encoding)


def table_of(
    records: Iterable[Record], path: Path, columns: Sequence[Column], *, encoding: str
) -> Table:
    """The first record with a word in it names the columns of the others.

    Raises:
        InvalidError: there are none, or it lacks one of the columns.
    """
    stripped = (_stripped(each) for each in records)
    worded = [each for each in stripped if any(each.cells) or each.fault]
    if not worded:
        raise _invalid(path, _("the file is empty"), columns)
    header, *body = worded
    keys = _keys_of(header, columns, path)
    if not body:
        raise _invalid(path, _("there is no row below the first line"), columns)
    left_out = dict.fromkeys((each.key for each in columns if each.key not in keys), "")
    return Table(
        path=path,
        encoding=encoding,
        raw_header=header.raw,
        ignored=tuple(
            cell for cell, key in zip(header.cells, keys, strict=True) if key is None and cell
        ),
        rows=tuple(_row_of(record, keys, left_out) for record in body),
    )


def keep_rejected(table: Table, rows: Iterable[Row]) -> Path:
    """Write these rows beside the input, in its own format, ready to be mended and imported.

    What somebody may be mending there already is never overwritten: the name gets a number.

    Raises:
        UnavailableError: the folder cannot be written.
    """
    lines = [table.raw_header, *(row.raw for row in rows)]
    content = _workbook_of(lines) if table.is_workbook else _text_of(table, lines)
    try:
        target = _free_name(table.path, content)
        write_private(target, content)
    except OSError as err:
        raise UnavailableError(
            _("cannot keep the rejected rows beside {file}: {reason}; nothing was imported").format(
                file=table.path, reason=reason_of(err)
            ),
            hint=_("copy the file to a folder of your own and import it from there"),
        ) from err
    return target


def _text_of(table: Table, lines: Sequence[str]) -> bytes:
    newline = table.raw_header[len(table.raw_header.rstrip("\r\n")) :] or "\n"
    return "".join(line.rstrip("\r\n") + newline for line in lines).encode(table.encoding)


def _workbook_of(lines: Sequence[str]) -> bytes:
    """Each line is a row, with tabs between its cells."""
    from opskit.core.table_files import TableFormat, table_bytes

    header, *rows = (line.split("\t") for line in lines)
    columns = {str(at): title for at, title in enumerate(header)}
    filled = [dict.fromkeys(columns, "") | dict(zip(columns, row, strict=False)) for row in rows]
    return table_bytes(TableFormat.XLSX, filled, columns)


def read_bytes(path: Path) -> bytes:
    """Raises NotFoundError: the file cannot be read."""
    try:
        return path.read_bytes()
    except OSError as err:
        raise NotFoundError(
            _("cannot read {file}: {reason}").format(file=path, reason=reason_of(err)),
            hint=_("give an Excel or CSV file that you may read"),
        ) from err


def records_in(text: str, delimiter: str) -> Iterator[Record]:
    """Every record with a reader of its own, so that an open quote spoils one row, not the rest.

    Beside the text only the record at hand is held.
    """
    at, line = 0, 1
    while at < len(text):
        lines = _LinesFrom(text, at)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            cells, fault, end, count = next(reader), None, lines.end, reader.line_num
        except csv.Error:
            cells, end, count = [], next(_LinesFrom(text, at).ends), 1
            fault = _("a quote opens or closes in the wrong place, or never closes")
        yield Record(line, text[at:end], tuple(cells), fault)
        at, line = end, line + count


class _LinesFrom:
    """The lines of a text from there on; `end` is where the last one given ends."""

    def __init__(self, text: str, at: int) -> None:
        self.end = at
        self.ends = (found.end() for found in _LINE.finditer(text, at))
        self._text = text

    def __iter__(self) -> Iterator[str]:
        for end in self.ends:
            begin, self.end = self.end, end
            yield self._text[begin:end]


def _stripped(record: Record) -> Record:
    return replace(record, cells=tuple(cell.strip() for cell in record.cells))


def guess_delimiter(text: str, columns: Sequence[Column]) -> str:
    """The sign that parts the first line into most of the columns."""
    header = next((found[0] for found in _LINE.finditer(text) if found[0].strip()), "")
    names = _names_of(columns)
    return max(DELIMITERS, key=lambda each: sum(_plain(h) in names for h in header.split(each)))


def _keys_of(header: Record, columns: Sequence[Column], path: Path) -> list[str | None]:
    names = _names_of(columns)
    keys = [names.get(_plain(cell)) for cell in header.cells]
    missing = [each.key for each in columns if each.key not in keys and not each.optional]
    if missing:
        raise _invalid(
            path,
            _("the first line lacks the columns {columns}").format(columns=", ".join(missing)),
            columns,
        )
    twice = [column.key for column in columns if keys.count(column.key) > 1]
    if twice:
        reason = _("two columns mean {column}").format(column=twice[0])
        raise _invalid(path, reason, columns)
    return keys


def _row_of(record: Record, keys: Sequence[str | None], left_out: Mapping[str, str]) -> Row:
    fault = record.fault
    if fault is None and len(record.cells) != len(keys):
        fault = _("has {found} cells where the first line has {expected}").format(
            found=len(record.cells), expected=len(keys)
        )
    values = {key: cell for key, cell in zip(keys, record.cells, strict=False) if key is not None}
    return Row(record.line, {**left_out, **values}, record.raw, fault)


def _names_of(columns: Sequence[Column]) -> dict[str, str]:
    return {
        _plain(name): column.key for column in columns for name in (column.key, *column.aliases)
    }


def _plain(header: str) -> str:
    """`N° client`, `"n client"` and `N_CLIENT` are the same header."""
    return re.sub(r"[^a-z0-9]", "", fold(header))


def _free_name(path: Path, content: bytes) -> Path:
    stem = match[1] if (match := _REJECTED.fullmatch(path.stem)) else path.stem
    number = 1
    while True:
        suffix = ".rejected" if number == 1 else f".rejected-{number}"
        target = path.with_name(f"{stem}{suffix}{path.suffix}")
        if not target.exists() or (target != path and target.read_bytes() == content):
            return target
        number += 1


def _invalid(path: Path, reason: str, columns: Sequence[Column]) -> InvalidError:
    return InvalidError(
        f"{path}: {reason}",
        hint=_("the first line must name: {columns}").format(
            columns=", ".join(column.key for column in columns if not column.optional)
        ),
    )
