"""opskit calendar, as typed."""

import json
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from tests.calendar.conftest import Terminal
from tests.support.home import House

Capture = pytest.CaptureFixture[str]


def test_import_says_how_many(folder: Path, terminal: Terminal, capsys: Capture) -> None:
    assert terminal("import", "closures.csv", "--dry-run") == 0
    assert capsys.readouterr() == (
        "4 added, 0 changed, 0 unchanged, 0 rejected\n",
        "this was a trial; nothing was stored\n",
    )
    assert terminal("import", "closures.csv") == 0
    assert capsys.readouterr() == ("4 added, 0 changed, 0 unchanged, 0 rejected\n", "")
    assert terminal("import", "closures.csv", "--json") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["unchanged"] == [
        "2027-12-24",
        "2027-12-27",
        "2028-01-03 BE",
        "2027-04-19 ZH",
    ]
    assert err == "every row was known already\n"


def test_a_workbook_and_the_workbook_of_its_rejected_rows(
    folder: Path, terminal: Terminal, capsys: Capture
) -> None:
    with Workbook(folder / "closures.xlsx") as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(
            [("Date", "Canton", "Name"), ("2027-05-07", "", "Pont"), ("2027-05-32", "BE", "Brücke")]
        ):
            sheet.write_row(at, 0, row)
    assert terminal("import", "closures.xlsx") == 5
    out, err = capsys.readouterr()
    assert out == "1 added, 0 changed, 0 unchanged, 1 rejected\n"
    assert err.splitlines() == [
        "closures.xlsx:3: date: '2027-05-32' is no day of the calendar",
        "error[rejected-rows]: 1 of 2 rows were rejected; the others are fine",
        "hint: mend closures.rejected.xlsx and import it in the same way",
    ]
    assert terminal("import", "closures.rejected.xlsx", "--dry-run") == 5
    assert "closures.rejected.xlsx:2: date: '2027-05-32'" in capsys.readouterr().err


def test_a_file_without_dates(folder: Path, terminal: Terminal, capsys: Capture) -> None:
    (folder / "names.csv").write_text("name,canton\nPont,BE\n")
    assert terminal("import", "names.csv") == 5
    assert capsys.readouterr().err == (
        "error[invalid]: names.csv: the first line lacks the columns date\n"
        "hint: the first line must name: date, name\n"
    )


def test_list_of_a_canton_and_of_all(folder: Path, terminal: Terminal, capsys: Capture) -> None:
    terminal("import", "closures.csv")
    capsys.readouterr()
    period = ("--from", "2027-12-20", "--until", "2028-01-05")
    assert terminal("list", "--canton", "be", *period) == 0
    assert capsys.readouterr().out == (
        "2027-12-24\tCH\thalf\tVeille de Noël\tteam\n"
        "2027-12-25\tCH\tfull\tChristmas Day\tpublic\n"
        "2027-12-26\tBE\tfull\tSaint Stephen's Day\tpublic\n"
        "2027-12-27\tCH\tfull\tFermeture annuelle\tteam\n"
        "2028-01-01\tCH\tfull\tNew Year's Day\tpublic\n"
        "2028-01-02\tBE\tfull\tSaint Berchtold's Day\tpublic\n"
        "2028-01-03\tBE\tfull\tPont de Berne\tteam\n"
    )
    assert terminal("list", "--year", "2028", "--json") == 0
    first, second, *_rest = json.loads(capsys.readouterr().out)
    assert first == {
        "date": "2028-01-01",
        "canton": None,
        "part": "full",
        "name": "New Year's Day",
        "source": "public",
    }
    assert (second["date"], second["canton"], second["source"]) == ("2028-01-03", "BE", "team")


def test_list_shows_this_year_by_itself(terminal: Terminal, capsys: Capture) -> None:
    assert terminal("list") == 0
    assert {line[:4] for line in capsys.readouterr().out.splitlines()} == {"2026"}
    assert terminal("list", "--from", "2026-12-01") == 0
    assert capsys.readouterr().out == "2026-12-25\tCH\tfull\tChristmas Day\tpublic\n"


def test_list_refuses_what_makes_no_sense(terminal: Terminal, capsys: Capture) -> None:
    assert terminal("list", "--canton", "XX") == 5
    assert "'XX' is no Swiss canton" in capsys.readouterr().err
    assert terminal("list", "--year", "2027", "--from", "2027-01-01") == 2
    assert "exclude each other" in capsys.readouterr().err
    assert terminal("list", "--from", "2027-01-02", "--until", "2027-01-01") == 5
    assert "2027-01-01 is before 2027-01-02" in capsys.readouterr().err


def test_remove(folder: Path, terminal: Terminal, capsys: Capture) -> None:
    terminal("import", "closures.csv")
    capsys.readouterr()
    assert terminal("remove", "03.01.2028") == 3
    assert capsys.readouterr().err == (
        "error[not-found]: no closure is recorded for 2028-01-03\n"
        "hint: opskit calendar remove 2028-01-03 --canton BE\n"
    )
    assert terminal("remove", "03.01.2028", "--canton", "be") == 0
    assert capsys.readouterr() == (
        "",
        "2028-01-03 BE is no closure any more: Pont de Berne\n",
    )
    assert terminal("remove", "2027-12-24", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "date": "2027-12-24",
        "canton": None,
        "name": "Veille de Noël",
    }


def test_in_a_home(own_house: House, folder: Path) -> None:
    assert own_house.done("calendar", "import", folder / "closures.csv").out.startswith("4 added")
    again = own_house.done("calendar", "import", folder / "closures.csv")
    assert again.err == "every row was known already\n"
    listed = own_house.done("calendar", "list", "--from", "2028-01-03", "--until", "2028-01-03")
    assert listed.out == "2028-01-03\tBE\tfull\tPont de Berne\tteam\n"
    denied = own_house.opskit("calendar", "remove", "2028-01-03", "--canton", "BE", as_user="bob")
    assert (denied.code, "bob lacks the role manager or admin" in denied.err) == (6, True)
