"""Tables as files for others: CSV, Excel, JSON."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from opskit.core.choosing import one_of
from opskit.core.i18n import _

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet reckons with


class TableFormat(StrEnum):
    """What a table can be written as."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


def format_of(text: str | None, out: Path) -> TableFormat:
    """The format that was asked for, else the one that the file's name ends in.

    Raises:
        InvalidError: there is no such format.
    """
    wanted = out.suffix.lstrip(".") if text is None else text
    return one_of(TableFormat, wanted, otherwise=_("{text} is no format of a table"))


def table_bytes(
    form: TableFormat, rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]
) -> bytes:
    """The rows in the columns' order (key to heading); JSON has the keys instead."""
    match form:
        case TableFormat.JSON:
            listed = [{key: row[key] for key in columns} for row in rows]
            return json.dumps(listed, ensure_ascii=False, indent=2, default=str).encode() + b"\n"
        case TableFormat.CSV:
            return _csv(rows, columns)
        case TableFormat.XLSX:
            return _xlsx(rows, columns)


def _csv(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> bytes:
    """With a mark of the encoding, by which Excel reads accents."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(columns.values())
    writer.writerows([_csv_cell(row[key]) for key in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _csv_cell(value: object) -> object:
    cell = _cell(value)
    return harmless(cell) if isinstance(cell, str) else cell


def harmless(text: str) -> str:
    """A text that a spreadsheet would take for a formula gets a quote before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _xlsx(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> bytes:
    from xlsxwriter import Workbook

    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, {**options, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(columns.values()), book.add_format({"bold": True}))
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(_cell(row[key]) for key in columns):
                sheet.write(at, column, cell, moment if isinstance(cell, datetime) else None)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
        sheet.autofit()
    return file.getvalue()


def _cell(value: object) -> object:
    """A spreadsheet knows no time zones: a moment is written as the clock here showed it."""
    if isinstance(value, datetime):
        return value.astimezone().replace(tzinfo=None, microsecond=0)
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return "" if value is None else value
