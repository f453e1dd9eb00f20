"""Reading tables as people export them, and writing back the rows that did not fit."""

import csv
import io
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.errors import InvalidError, NotFoundError, UnavailableError
from opskit.core.tabular import DELIMITERS, Column, Row, Table, keep_rejected, read_table

COLUMNS = (
    Column("name", ("Raison sociale", "Firma")),
    Column("number", ("N° client", "Kunden-Nr.")),
    Column("until", ("Maintenance jusqu'au",)),
)
TEXT = "name,number,until\nDélèze,1,2027-01-20\nKäserei,2,\n"


def table_of(folder: Path, content: bytes | str, name: str = "clients.csv") -> Table:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(file, COLUMNS)


def values(rows: tuple[Row, ...]) -> list[dict[str, str]]:
    return [dict(row.values) for row in rows]


EXPORTS = {
    "UTF-8": (TEXT.encode(), "utf-8"),
    "UTF-8 with a mark": (TEXT.encode("utf-8-sig"), "utf-8-sig"),
    "Windows": (TEXT.encode("cp1252"), "cp1252"),
    "semicolons": (TEXT.replace(",", ";").encode("cp1252"), "cp1252"),
    "tabs": (TEXT.replace(",", "\t").encode(), "utf-8"),
    "Windows line ends": (TEXT.replace("\n", "\r\n").encode(), "utf-8"),
    "old Mac line ends": (TEXT.replace("\n", "\r").encode(), "utf-8"),
    "no last line end": (TEXT.rstrip("\n").encode(), "utf-8"),
    "empty lines": (TEXT.replace("\nK", "\n\n,,\nK").encode(), "utf-8"),
    "French headers": (
        TEXT.replace("name,number,until", "Raison sociale,n° client,Maintenance jusqu’au").encode(),
        "utf-8",
    ),
    "another order": (b"until,name,number\n2027-01-20,D\xe9l\xe8ze,1\n,K\xe4serei,2\n", "cp1252"),
    "quoted": (
        b'"name","number","until"\n"D\xe9l\xe8ze","1","2027-01-20"\nK\xe4serei,2,\n',
        "cp1252",
    ),
}


@pytest.mark.parametrize("export", EXPORTS)
def test_every_usual_export_reads_the_same(tmp_path: Path, export: str) -> None:
    content, encoding = EXPORTS[export]
    table = table_of(tmp_path, content)
    assert values(table.rows) == [
        {"name": "Délèze", "number": "1", "until": "2027-01-20"},
        {"name": "Käserei", "number": "2", "until": ""},
    ]
    assert table.encoding == encoding


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'name,number,until\n\n"a\nb",1,\nc,2,\n')
    assert [(row.line, row.values["name"]) for row in table.rows] == [(3, "a\nb"), (5, "c")]


def test_columns_that_nobody_knows_are_named(tmp_path: Path) -> None:
    assert table_of(tmp_path, "name,shoe size,number,until\na,44,1,\n").ignored == ("shoe size",)


FAULTS = {
    "too many cells": ("Blum, Co,1,", "has 4 cells where the first line has 3"),
    "too few cells": ("Blum", "has 1 cells where the first line has 3"),
    "a quote never closes": ('"Blum,1,', "never closes"),
    "a quote in the wrong place": ('"Le Pont" SA,1,', "in the wrong place"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_row_that_does_not_fit_spoils_no_other(tmp_path: Path, fault: str) -> None:
    line, reason = FAULTS[fault]
    table = table_of(tmp_path, f'name,number,until\na,1,\n{line}\n"c",3,\nd,4,\n')
    assert [row.line for row in table.rows] == [2, 3, 4, 5]
    bad = table.rows[1]
    assert reason in (bad.fault or "")
    assert bad.raw == line + "\n"
    assert [row.fault for row in table.rows if row is not bad] == [None, None, None]


REFUSED = {
    "empty": (b"", "the file is empty"),
    "blank": (b"\n\n", "the file is empty"),
    "no header": (b"a,1,\nb,2,\n", "lacks the columns name, number, until"),
    "one column missing": (b"name,number\na,1\n", "lacks the columns until"),
    "only a header": (b"name,number,until\n", "there is no row below the first line"),
    "a column twice": (b"name,Firma,number,until\n", "two columns mean name"),
    "NUL": (b"name,number,until\na,1,\nb\0,2,\n", "clients.csv:3: there is a NUL byte"),
    "UTF-16": (TEXT.encode("utf-16"), "UTF-16 text, not CSV"),
    "Excel": (b"PK\x03\x04\x14\x00", "an Excel workbook, not CSV"),
    "two encodings": (
        b"name,number,until\nD\xc3\xa9,1,\nK\xe4,2,\n",
        "csv:3: this line is not UTF-8",
    ),
    "no text": (b"name,number,until\n\x81\x8d,1,\n", "csv:2: this is neither UTF-8 nor Windows"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_table_is_refused(tmp_path: Path, case: str) -> None:
    content, reason = REFUSED[case]
    with pytest.raises(InvalidError, match=reason):
        table_of(tmp_path, content)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"cannot read .*nothing.csv: No such file"):
        read_table(tmp_path / "nothing.csv", COLUMNS)
    with pytest.raises(NotFoundError, match="Is a directory"):
        read_table(tmp_path, COLUMNS)


def test_rejected_rows_are_written_as_they_came(tmp_path: Path) -> None:
    content = 'Firma;Kunden-Nr.;until\r\n"Käserei; Blum";1;\r\nDélèze;2;'.encode("cp1252")
    table = table_of(tmp_path, content)
    kept = keep_rejected(table, table.rows)
    assert kept == tmp_path / "clients.rejected.csv"
    assert kept.read_bytes() == content + b"\r\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_the_mark_of_utf8_is_kept(tmp_path: Path) -> None:
    table = table_of(tmp_path, TEXT.encode("utf-8-sig"))
    kept = keep_rejected(table, table.rows[1:])
    assert kept.read_bytes() == "\ufeffname,number,until\nKäserei,2,\n".encode()


def test_what_is_being_mended_is_never_overwritten(tmp_path: Path) -> None:
    table = table_of(tmp_path, TEXT)
    first = keep_rejected(table, table.rows)
    assert keep_rejected(table, table.rows) == first
    first.write_text("half mended")
    assert keep_rejected(table, table.rows).name == "clients.rejected-2.csv"


def test_rejected_again_gets_the_next_number(tmp_path: Path) -> None:
    table = table_of(tmp_path, TEXT, name="clients.rejected.csv")
    assert keep_rejected(table, table.rows).name == "clients.rejected-2.csv"


def test_a_folder_that_cannot_be_written_stops_the_import(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    table = table_of(folder, TEXT)
    table.path.unlink()
    folder.rmdir()
    folder.touch()
    with pytest.raises(UnavailableError, match="nothing was imported"):
        keep_rejected(table, table.rows)


CELLS = st.text(alphabet="aé\"';,\t\n #", max_size=6).map(str.strip)


@given(
    cells=st.lists(st.tuples(CELLS.filter(bool), CELLS, CELLS), min_size=1, max_size=5),
    delimiter=st.sampled_from(DELIMITERS),
    newline=st.sampled_from(("\n", "\r\n")),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "cp1252")),
)
def test_any_well_formed_table_reads_back(
    cells: list[tuple[str, str, str]], delimiter: str, newline: str, encoding: str
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    writer.writerows([("name", "number", "until"), *cells])
    with tempfile.TemporaryDirectory() as folder:
        table = table_of(Path(folder), text.getvalue().encode(encoding))
        again = read_table(keep_rejected(table, table.rows), COLUMNS)
    assert [tuple(row.values.values()) for row in table.rows] == cells
    assert [row.raw for row in again.rows] == [row.raw for row in table.rows]


def test_an_optional_column_may_be_missing(tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    file.write_text(TEXT, encoding="utf-8")
    columns = (*COLUMNS, Column("note", ("Bemerkung",), optional=True))
    assert [row.values["note"] for row in read_table(file, columns).rows] == ["", ""]
    file.write_text(TEXT.replace("until\n", "until,Bemerkung\n", 1), encoding="utf-8")
    with_note = read_table(file, columns)
    assert with_note.ignored == ()
    assert with_note.rows[0].fault == "has 3 cells where the first line has 4"
