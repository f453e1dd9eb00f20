"""What a spreadsheet gets of moments, and what a program gets."""

import csv
import json
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

from python_calamine import CalamineWorkbook

from opskit.core.table_files import TableFormat, table_bytes

AT = datetime(2026, 11, 24, 9, 30, 21, 283880, tzinfo=UTC)
ROWS = [{"day": date(2027, 1, 20), "at": AT}]
COLUMNS = {"day": "Day", "at": "Issued"}


def local() -> datetime:
    return AT.astimezone().replace(tzinfo=None, microsecond=0)


def test_excel_has_the_moment_of_the_place() -> None:
    content = BytesIO(table_bytes(TableFormat.XLSX, ROWS, COLUMNS))
    sheet = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0)
    assert sheet.to_python()[1] == [date(2027, 1, 20), local()]


def test_csv_has_a_moment_that_a_spreadsheet_reads() -> None:
    text = table_bytes(TableFormat.CSV, ROWS, COLUMNS).decode("utf-8-sig")
    assert list(csv.reader(StringIO(text)))[1] == ["2027-01-20", str(local())]


def test_json_keeps_the_exact_moment() -> None:
    (row,) = json.loads(table_bytes(TableFormat.JSON, ROWS, COLUMNS))
    assert datetime.fromisoformat(row["at"]) == AT
