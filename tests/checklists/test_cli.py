"""opskit checklist start, list and show, as typed."""

from pathlib import Path

import pytest

from tests.checklists.office import OFFICE, begun, write
from tests.support.home import House


def test_a_file_is_published_by_starting_it(house: House, tmp_path: Path) -> None:
    text = OFFICE.replace("id: office-move", "id: shop-move")
    file = write(tmp_path, text)
    denied = house.opskit("checklist", "start", file, "--subject", "Shop", as_user="bob")
    assert denied.code == 6
    assert denied.err.startswith("error[denied]: bob lacks the role manager or admin")
    result = house.done(
        *("checklist", "start", file, "--subject", "Shop in Bern", "--on", "2035-03-01"),
        as_user="alice",
    )
    number = result.out.strip()
    assert number.startswith("K")
    assert result.err == (
        f"{number}  Office move  Shop in Bern  2035-03-01  0/9  0 %\n"
        f"next: opskit checklist show {number}\n"
    )
    again = house.done("checklist", "start", file, "--subject", "Shop in Biel", as_user="bob")
    assert again.out.strip() != number
    by_name = house.done("checklist", "start", "shop-move/1", "--subject", "Shop in Lyss")
    assert by_name.out.startswith("K")


def test_start_as_json(house: House, tmp_path: Path) -> None:
    begun(house, tmp_path)
    words = ("--subject", "Archive", "--on", "2035-03-01", "--person", "alice", "--json")
    row = house.done("checklist", "start", "office-move", *words).json
    assert row.pop("number").startswith("K")
    assert row == {
        "subject": "Archive",
        "state": "open",
        "anchor_on": "2035-03-01",
        "assignee": "alice",
        "done": 0,
        "total": 9,
        "late": 0,
        "percent": 0,
    }


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("no-such-list", "--subject", "x"), 3, "error[not-found]: "),
        (("no-such-file.yaml", "--subject", "x"), 3, "error[not-found]: there is no file"),
        (("office-move", "--subject", " "), 5, "error[invalid]: a list needs a subject"),
        (("office-move", "--subject", "x", "--canton", "XX"), 5, "error[invalid]: 'XX' is no"),
        (("office-move", "--subject", "x", "--person", "carol"), 3, "error[not-found]: "),
        (("office-move",), 2, "error[usage]: '--subject' is missing"),
    ],
)
def test_what_cannot_begin(
    house: House, tmp_path: Path, words: tuple[str, ...], code: int, error: str
) -> None:
    begun(house, tmp_path)
    result = house.opskit("checklist", "start", *words)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(error)
    assert "\nhint: " in result.err


def test_show_is_the_whole_page(house: House, tmp_path: Path) -> None:
    run = begun(house, tmp_path, "--person", "bob")
    house.done("checklist", "comment", run, "the landlord is away")
    page = house.done("checklist", "show", run.lower()).out
    assert page.startswith(f"{run}  Office move  Office ")
    assert "\nPreparation\n" in page
    assert "the landlord is away" in page
    row = house.done("checklist", "show", run, "--json").json
    assert (row["number"], row["template"]) == (run, "office-move/1")
    assert [step["step"] for step in row["steps"]][-2:] == ["unpack", "closing"]


def test_list_by_state_person_and_lateness(house: House, tmp_path: Path) -> None:
    mine = begun(house, tmp_path, "--person", "bob")
    given_up = begun(house, tmp_path)
    house.done("checklist", "cancel", given_up, "--reason", "no", "--yes")
    late = house.done(
        "checklist", "start", "office-move", "--subject", "Late", "--on", "2020-03-02"
    ).out.strip()

    def listed(*words: str) -> list[str]:
        return [row["number"] for row in house.done("checklist", "list", *words, "--json").json]

    assert {mine, given_up, late} <= set(listed())
    assert given_up in listed("--state", "cancelled")
    assert mine not in listed("--state", "cancelled")
    assert mine in listed("--person", "bob")
    assert late not in listed("--person", "bob")
    assert late in listed("--late")
    assert mine not in listed("--late")
    line = next(line for line in house.done("checklist", "list").out.splitlines() if mine in line)
    assert line.split("\t")[2:] == ["2035-03-01", "open", "bob", "0", "0"]


def test_what_list_refuses(house: House) -> None:
    wrong = house.opskit("checklist", "list", "--state", "opn")
    assert (wrong.code, wrong.err) == (
        5,
        "error[invalid]: 'opn' is no state of a list\nhint: open, closed, cancelled\n",
    )
    other = house.opskit("checklist", "show", "R3")
    assert (other.code, other.err) == (
        5,
        "error[invalid]: 'R3' is no number of this kind\nhint: it looks like K12\n",
    )
