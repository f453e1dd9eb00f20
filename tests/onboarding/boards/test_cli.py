"""opskit onboarding board, cohorts, chart, report, export and calendar, as typed."""

import json
import shutil
from itertools import count
from pathlib import Path

import pytest

from tests.support.home import DATA, House

START = "2035-12-03"  # a Monday
_letters = (f"{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in count())


@pytest.fixture(autouse=True)
def _staff(house: House, tmp_path: Path) -> None:
    house.done("staff", "import", shutil.copy(DATA / "staff.csv", tmp_path))


@pytest.fixture
def zoe(house: House) -> str:
    """A newcomer whom no other test knows, on a path."""
    name = f"Zoé Boardwalk-{next(_letters).capitalize()}"
    words = ("--path", "logistics", "--start", START, "--mentor", "echatriant0")
    house.done("onboarding", "start", name, *words)
    return name


def test_a_narrower_board(house: House, zoe: str) -> None:
    def names(*words: str) -> list[str]:
        return [row["name"] for row in house.done("onboarding", "board", *words, "--json").json]

    assert zoe in names("--pole", "logistics")
    assert zoe not in names("--pole", "back-office")
    assert zoe in names("--mentor", "Ethan Chatriant")
    assert zoe not in names("--late")
    assert zoe in names("--late", "--on", "2036-06-02")
    late = house.done("onboarding", "board", "--late", "--on", "2036-06-02").out
    line = next(line for line in late.splitlines() if line.startswith(zoe)).split("\t")
    assert line[4].startswith("late: Mentor and backup named (since 2035-11-19) and ")


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("board", "--pole", "logistic"), 3, "error[not-found]: there is no pole 'logistic'"),
        (("board", "--mentor", "nobody7"), 3, "error[not-found]: there is nobody called nobody7"),
        (("chart", "--kind", "pie"), 5, "error[invalid]: 'pie' is no kind of chart"),
        (("chart", "--kind", "radar"), 2, "error[usage]: cohorts are of everybody"),
        (("chart", "--format", "svg"), 2, "error[usage]: --format needs a file"),
        (("chart", "--out", "x.gif"), 2, "error[usage]: 'gif' is no format of a chart"),
        (("report", "nobody7"), 3, "error[not-found]: "),
        (("report", "x", "--lang", "it"), 5, "error[invalid]: --lang: 'it'"),
        (("report", "x", "--format", "pdf"), 5, "error[invalid]: a PDF needs a file"),
        (("export", "x", "--steps", "--out", "x.csv"), 2, "error[usage]: give one consultant"),
        (("export", "--out", "x.doc"), 5, "error[invalid]: 'doc' is no format of a table"),
        (("calendar", "x", "--all", "--out", "x.ics"), 2, "error[usage]: give one consultant"),
    ],
)
def test_what_is_refused(house: House, words: tuple[str, ...], code: int, error: str) -> None:
    result = house.opskit("onboarding", *words)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(error)
    assert "\nhint: " in result.err


def test_cohorts_of_nobody(own_house: House) -> None:
    own_house.login("alice")
    result = own_house.done("onboarding", "cohorts")
    assert (result.out, result.err) == ("", "no cohort has five people yet\n")
    assert own_house.done("onboarding", "cohorts", "--json").json == []


def test_a_cohort_of_one_is_withheld(house: House, zoe: str) -> None:
    begun = ("--path", "logistics", "--start", "-5bd", "--mentor", "echatriant0")
    house.done("onboarding", "start", f"{zoe}-b", *begun)
    assert "of which nothing is said: " in house.done("onboarding", "cohorts").err
    refused = house.opskit("onboarding", "cohorts", "--pole", "logistics", "--year", "2099")
    assert refused.code == 0
    for words in (("cohorts",), ("chart",)):
        denied = house.opskit("onboarding", *words, as_user="bob")
        assert denied.err == (
            "error[denied]: everybody's data is for managers, admins and auditors\n"
            "hint: ask a manager, or name one consultant\n"
        )


def test_charts(house: House, zoe: str, tmp_path: Path) -> None:
    lines = house.done("onboarding", "chart", zoe).out.splitlines()
    assert len(lines) == 33
    assert lines[0] == "mentor\t2035-11-19\t\topen"
    skills = house.done("onboarding", "chart", zoe, "--kind", "heat-map").out.splitlines()
    assert all(line.endswith("\t\t") for line in skills)
    for kind, name in (("timeline", "a.svg"), ("radar", "b.png"), ("heat-map", "c.svg")):
        file = tmp_path / name
        said = house.done("onboarding", "chart", zoe, "--kind", kind, "--out", file)
        assert said.err == f"{file} written\n"
        assert file.stat().st_size > 1000
    file = tmp_path / "cohorts.svg"
    house.done("onboarding", "chart", "--out", file)
    assert file.read_bytes().startswith(b"<?xml")


def test_a_report(house: House, zoe: str, tmp_path: Path) -> None:
    text = house.done("onboarding", "report", zoe, "--lang", "fr").out
    assert text.startswith("# Parcours logistique")
    assert "## Bilans" in text
    for name, start in (("r.pdf", b"%PDF"), ("r.html", b"<!doctype")):
        house.done("onboarding", "report", zoe, "--lang", "de", "--out", tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)
    denied = house.opskit("onboarding", "report", zoe, as_user="bob")
    assert (denied.code, denied.err.splitlines()[1]) == (
        6,
        "hint: ask Ethan Chatriant, or a manager",
    )


def test_exports(house: House, zoe: str, tmp_path: Path) -> None:
    board, steps = tmp_path / "board.json", tmp_path / "steps.csv"
    house.done("onboarding", "export", "--out", board)
    row = next(row for row in json.loads(board.read_text()) if row["name"] == zoe)
    assert (row["pole"], row["course"]) == ("logistics", "upcoming")
    said = house.done("onboarding", "export", zoe, "--out", steps)
    assert said.err == f"{steps} written, rows: 33\n"
    assert house.opskit("onboarding", "export", "--steps", "--out", steps, as_user="bob").code == 6
    house.login("alice")
    every = tmp_path / "all.xlsx"
    house.done("onboarding", "export", "--steps", "--out", every)
    assert every.read_bytes().startswith(b"PK")


def test_calendars(house: House, zoe: str, tmp_path: Path) -> None:
    one, reviews = tmp_path / "zoe.ics", tmp_path / "reviews.ics"
    assert "days: 34" in house.done("onboarding", "calendar", zoe, "--out", one).err
    house.done("onboarding", "calendar", "--reviews", "--all", "--out", reviews)
    assert b"review-day-30@opskit" in reviews.read_bytes()
    mine = tmp_path / "mine.ics"
    house.done("onboarding", "calendar", "--out", mine, as_user="bob")
    assert zoe in one.read_text(encoding="utf-8")
    assert zoe not in mine.read_text(encoding="utf-8")
