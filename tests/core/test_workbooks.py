"""Excel workbooks read like CSV files, cell by cell as a person sees them."""

import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from opskit.core import workbooks
from opskit.core.errors import InvalidError
from opskit.core.tabular import Column, Table
from opskit.core.workbooks import parse_file

COLUMNS = (
    Column("name", ("Raison sociale",)),
    Column("number", ("N° client",)),
    Column("until"),
    Column("note", optional=True),
)
HEADER = ("Raison sociale", "n° client", "until")


def workbook(fill: Callable[[Any, Any], object]) -> bytes:
    file = BytesIO()
    with Workbook(file, {"in_memory": True, "default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        fill(book, sheet)
        book.add_worksheet("another").write_row(0, 0, ("other", "things"))
    return file.getvalue()


def with_rows(*rows: tuple[object, ...]) -> bytes:
    def fill(_book: object, sheet: Any) -> None:
        for at, row in enumerate(rows, 1):
            sheet.write_row(at, 0, row)

    return workbook(fill)


def parsed(content: bytes) -> Table:
    return parse_file(content, Path("form.xlsx"), COLUMNS)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (40, "40"),
        (40.0, "40"),
        (12.4, "12.4"),
        (" Délèze ", "Délèze"),
        ("007", "007"),
        (date(2027, 1, 2), "2027-01-02"),
        (datetime(2027, 1, 2, tzinfo=UTC).replace(tzinfo=None), "2027-01-02"),
        (datetime(2027, 1, 2, 8, 30, tzinfo=UTC).replace(tzinfo=None), "2027-01-02 08:30:00"),
        (True, "TRUE"),
        ("=1+1", "0"),
        (None, ""),
    ],
)
def test_a_cell_is_what_it_shows(value: object, text: str) -> None:
    row = parsed(with_rows(("Acme", value, "x"))).rows[0]
    assert (row.values["number"], row.fault) == (text, None)


def test_lines_are_those_of_the_sheet_and_empty_ones_are_left_out() -> None:
    table = parsed(with_rows(("Acme", 1, "x"), (), ("", " "), ("Bornet", 2, "y")))
    assert [(row.line, row.values["name"]) for row in table.rows] == [(2, "Acme"), (5, "Bornet")]
    assert [dict(row.values)["note"] for row in table.rows] == ["", ""]


def test_a_formula_counts_by_its_value() -> None:
    def fill(_book: object, sheet: Any) -> None:
        sheet.write_formula(1, 0, '="Ac"&"me"', None, "Acme")
        sheet.write_formula(1, 1, "=6*7", None, 42)

    values = parsed(workbook(fill)).rows[0].values
    assert (values["name"], values["number"]) == ("Acme", "42")


def with_formula(value: object) -> bytes:
    def fill(_book: object, sheet: Any) -> None:
        sheet.write_row(1, 0, ("Acme", "", "x"))
        sheet.write_formula(1, 1, "=6*7", None, value)

    return workbook(fill)


def rewritten(content: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with other text in its first sheet."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            assert name != "xl/worksheets/sheet1.xml" or old in text
            target.writestr(name, text.replace(old, new) if "sheet1" in name else text)
    return file.getvalue()


@pytest.mark.parametrize("nothing", [b"", b"<v></v>", b"<v/>", b"<v />"])
def test_a_formula_without_a_value_is_no_empty_cell(nothing: bytes) -> None:
    content = rewritten(with_formula(42), b"<v>42</v>", nothing)
    with pytest.raises(InvalidError, match="the formula in B2 has no value yet"):
        parsed(content)


def test_a_formula_whose_value_is_an_empty_text_is_an_empty_cell() -> None:
    old, new = b'<c r="B2"><f>6*7</f><v>42</v>', b'<c r="B2" t="str"><f>6*7</f><v></v>'
    content = rewritten(with_formula(42), old, new)
    assert parsed(content).rows[0].values["number"] == ""


def test_an_error_is_no_empty_cell() -> None:
    with pytest.raises(InvalidError, match="cell B2 shows an error"):
        parsed(with_formula("#REF!"))


def test_a_cell_beyond_the_columns_is_a_fault() -> None:
    row = parsed(with_rows(("Acme", 1, "x", "", "lost"))).rows[0]
    assert row.fault == "has 5 cells where the first line has 3"


def test_csv_is_read_as_well() -> None:
    assert parsed("name;number;until\nDélèze;1;\n".encode("cp1252")).rows[0].values["name"] == (
        "Délèze"
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04 no archive", "it cannot be read as a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "this is an old Excel workbook, or one with a pass"),
        (with_rows(), "there is no row below the first line"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(InvalidError, match=reason):
        parsed(content)


def test_a_damaged_workbook_is_refused() -> None:
    content = with_rows(("Acme", 1, "x"))
    for position in range(30, len(content), 97):
        damaged = content[:position] + bytes([content[position] ^ 0x55]) + content[position + 1 :]
        try:
            parsed(damaged)
        except InvalidError as err:
            assert "form.xlsx: " in err.message  # noqa: PT017 (some damage does no harm)


def test_a_bomb_is_not_unpacked() -> None:
    file = BytesIO(with_rows(("Acme", 1, "x")))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        for part in range(3):
            archive.writestr(f"xl/media/{part}", bytes(workbooks.MOST_BYTES // 3 + 1))
    assert len(file.getvalue()) < workbooks.MOST_BYTES // 500
    with pytest.raises(InvalidError, match="too large when unpacked"):
        parsed(file.getvalue())


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 5)
    assert len(parsed(with_rows(*(("Acme", n, "x") for n in range(4)))).rows) == 4
    with pytest.raises(InvalidError, match="more than 5 rows"):
        parsed(with_rows(*(("Acme", n, "x") for n in range(6))))
