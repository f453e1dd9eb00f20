"""move and upgrade as typed: what changes is shown before it does."""

import sys
from pathlib import Path

import pytest

from tests.checklists.office import begun, publish_second
from tests.support.home import House
from tests.support.terminal import sit_before

NOBODY = (
    "error[usage]: nothing was done: stdin is no terminal, so nobody can agree\n"
    "hint: give --yes to do it\n"
)


@pytest.fixture
def run(house: House, tmp_path: Path) -> str:
    """A list of bob's for the 1st of March 2035, a Thursday."""
    return begun(house, tmp_path)


def due(house: House, run: str) -> dict[str, str]:
    steps = house.done("checklist", "show", run, "--json").json["steps"]
    return {step["step"]: step["due_on"] for step in steps}


def test_what_would_move_is_shown(house: House, run: str) -> None:
    before = due(house, run)
    result = house.done("checklist", "move", run, "--to", "2035-03-08", "--dry-run")
    lines = [line.split("\t") for line in result.out.splitlines()]
    assert lines[0] == ["1", "Space measured", "2035-02-15", "2035-02-22"]
    assert len(lines) == 9
    assert due(house, run) == before


def test_a_list_moves(house: House, run: str) -> None:
    refused = house.opskit("checklist", "move", run, "--to", "2035-03-08")
    assert (refused.code, refused.err) == (2, NOBODY)
    assert due(house, run)["space"] == "2035-02-15"
    moved = house.done("checklist", "move", run, "--to", "2035-03-08", "--yes")
    assert moved.err == f"{run}, dates moved: 9\n"
    assert due(house, run)["space"] == "2035-02-22"
    again = house.done("checklist", "move", run, "--to", "2035-03-08", "--yes", "--json").json
    assert again == {"number": run, "anchor_on": "2035-03-08", "moved": []}


def test_a_pinned_step_and_what_follows_it(house: House, run: str) -> None:
    moved = house.done("checklist", "move", run, "keys", "--to", "2035-03-05", "--yes", "--json")
    assert [(each["step"], each["after"]) for each in moved.json["moved"]] == [
        ("keys", "2035-03-05"),
        ("insurance", "2035-03-07"),
    ]
    assert moved.json["anchor_on"] == "2035-03-01"
    house.done("checklist", "move", run, "--to", "2035-03-08", "--yes")
    assert due(house, run)["insurance"] == "2035-03-07"
    free = house.done("checklist", "move", run, "4", "--unpin", "--yes")
    assert free.err == f"{run}, dates moved: 2\n"
    assert due(house, run)["keys"] == "2035-03-01"


def test_a_day_off_is_told(house: House, run: str) -> None:
    moved = house.done("checklist", "move", run, "--to", "2035-03-03", "--yes")
    assert moved.err == f"2035-03-03 is no business day: weekend\n{run}, dates moved: 9\n"


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        ((), 2, "error[usage]: either a new day, or --unpin"),
        (("4", "--to", "+5bd", "--unpin"), 2, "error[usage]: either a new day, or --unpin"),
        (("--unpin",), 2, "error[usage]: only a step can be unpinned"),
        (("4", "--unpin", "--yes"), 4, "error[conflict]: keys is not pinned"),
        (("40", "--to", "+5bd"), 3, "error[not-found]: {run} has no step '40'"),
        (("--to", "soon"), 5, "error[invalid]: 'soon' is no date"),
        (("--to", "2035-02-30"), 5, "error[invalid]: '2035-02-30' is no day of the calendar"),
    ],
)
def test_what_does_not_move(
    house: House, run: str, words: tuple[str, ...], code: int, error: str
) -> None:
    result = house.opskit("checklist", "move", run, *words)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(error.format(run=run))
    assert "\nhint: " in result.err


def test_on_a_terminal_it_asks_first(house: House, run: str) -> None:
    command = [sys.executable, "-m", "opskit", "checklist", "move", run, "--to", "2035-03-08"]
    environment = house.environment(LANG="C.UTF-8")
    said_no = sit_before(command, environment, answers=[("[y/N]", "n\n")])
    assert said_no.code != 0
    assert "2035-02-22" in said_no.text
    assert due(house, run)["space"] == "2035-02-15"
    said_yes = sit_before(command, environment, answers=[("[y/N]", "y\n")])
    assert said_yes.code == 0
    assert due(house, run)["space"] == "2035-02-22"


def test_an_upgrade_is_shown_and_done(house: House, run: str, tmp_path: Path) -> None:
    house.done("checklist", "tick", run, "2", "4")
    newest = house.done("checklist", "upgrade", run, "--to", "1")
    assert newest.err == f"{run} follows office-move/1 already\n"
    publish_second(house, tmp_path)
    planned = house.done("checklist", "upgrade", run, "--dry-run")
    lines = planned.out.splitlines()
    assert lines[1] == "kept\t2\tmovers\tMovers hired"
    assert lines[3] == "reopened\t4\tkeys\tKeys and badges received"
    refused = house.opskit("checklist", "upgrade", run)
    assert (refused.code, refused.err) == (2, NOBODY)
    done = house.done("checklist", "upgrade", run, "--to", "2", "--yes")
    assert done.err == f"{run} follows office-move/2 now\n"
    page = house.done("checklist", "show", run, "--json").json
    assert page["template"] == "office-move/2"
    assert [step["state"] for step in page["steps"]][1:4:2] == ["done", "ready"]
    back = house.opskit("checklist", "upgrade", run, "--to", "1", "--yes")
    assert back.code == 4
    assert back.err.startswith(
        f"error[conflict]: {run} follows office-move/2: office-move/1 does not come after that\n"
    )


def test_an_upgrade_as_json(house: House, run: str, tmp_path: Path) -> None:
    publish_second(house, tmp_path)
    row = house.done("checklist", "upgrade", run, "--dry-run", "--json").json
    assert (row["number"], row["template"]) == (run, "office-move/2")
    assert row["changes"][3] == {
        "change": "changed",
        "position": 4,
        "step": "keys",
        "text": "Keys and badges received",
    }
    assert house.done("checklist", "upgrade", run, "--yes", "--json").json == row


def test_on_a_terminal_an_upgrade_is_coloured(house: House, run: str, tmp_path: Path) -> None:
    house.done("checklist", "tick", run, "4")
    publish_second(house, tmp_path)
    command = [sys.executable, "-m", "opskit", "checklist", "upgrade", run, "--dry-run"]
    shown = sit_before(command, house.environment(LANG="C.UTF-8")).text
    assert "\x1b[32mstays   \x1b[0m   1  Space measured\n" in shown
    assert "\x1b[31mreopened\x1b[0m   4  Keys and badges received\n" in shown


def test_a_retired_version_is_not_followed(house: House, run: str, tmp_path: Path) -> None:
    text = "id: office-move", "id: shed-move"
    first = tmp_path / "shed.yaml"
    source = (tmp_path / "office-move.yaml").read_text(encoding="utf-8").replace(*text)
    first.write_text(source, encoding="utf-8")
    house.login("alice")
    begin = ("checklist", "start", first, "--subject", "Shed", "--on", "2035-03-01")
    number = house.done(*begin).out.strip()
    first.write_text(source.replace("version: 1", "version: 2"), encoding="utf-8")
    house.done("checklist", "template", "publish", first)
    house.done("checklist", "template", "retire", "shed-move", "--version", "2", "--reason", "no")
    refused = house.opskit("checklist", "upgrade", number, "--to", "2", "--yes")
    assert (refused.code, refused.err.partition("\n")[0]) == (
        4,
        "error[conflict]: shed-move/2 was retired",
    )
    newest = house.done("checklist", "upgrade", number)
    assert newest.err == f"{number} follows shed-move/1 already\n"
