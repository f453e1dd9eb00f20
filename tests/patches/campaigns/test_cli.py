"""Campaigns as they are typed, in a home of their own."""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from opskit.patches.campaigns import planning_cli
from tests.support.completion import offers
from tests.support.home import House, copy_of
from tests.support.terminal import sit_before

PERIOD = ("--from", "2035-01-15", "--until", "2035-02-23")
BERNE = ("create", "--to", "12.4", "--clients", "canton:BE", *PERIOD, "--capacity", "3/week")
REMARKS = "maintenance ends before that day: BETSCH, DEDARD, DUBEYM\n"


@pytest.fixture(scope="module")
def campaigns(house_pattern: House) -> Iterator[House]:
    """A home in which nobody else begins preparations."""
    with copy_of(house_pattern) as house:
        yield house


@pytest.fixture
def house(campaigns: House) -> House:
    campaigns.login("bob")
    return campaigns


@pytest.fixture(scope="module")
def berne(campaigns: House) -> str:
    """The first campaign: BETSCH, DEDARD and DUBEYM."""
    return campaigns.done("patch", "campaign", *BERNE, "--yes", as_user="bob").out.strip()


def test_there_is_none_yet(own_house: House) -> None:
    result = own_house.done("patch", "campaign", "list")
    assert (result.out, result.err) == ("", "there is no campaign yet\n")
    missing = own_house.opskit("patch", "campaign", "board", "C1")
    assert (missing.code, missing.err) == (
        3,
        "error[not-found]: there is no campaign C1\nhint: none has been made yet\n",
    )


def test_the_plan_is_shown_and_nothing_is_written(own_house: House) -> None:
    result = own_house.done("patch", "campaign", *BERNE, "--dry-run", as_user="bob")
    assert (
        result.out
        == "2035-01-15\tBETSCH\tbob\t\n2035-01-29\tDEDARD\tbob\t\n2035-02-12\tDUBEYM\tbob\t\n"
    )
    assert result.err == REMARKS
    facts = own_house.done("patch", "campaign", *BERNE, "--dry-run", "--json").json
    assert facts["placed"][0] == {
        "on": "2035-01-15",
        "client": "BETSCH",
        "agent": "bob",
        "moved": None,
    }
    assert facts["weeks"][0] == {"monday": "2035-01-15", "room": 3, "load": 1}
    assert (facts["capacity"], facts["lapsing"]) == ("3/week", ["BETSCH", "DEDARD", "DUBEYM"])
    assert own_house.done("patch", "campaign", "list").out == ""
    assert own_house.done("patch", "list").out == ""


def test_a_campaign(house: House, berne: str) -> None:
    assert berne == "C1"
    assert house.done("patch", "campaign", "list").out == (
        "C1\t12.4\t2035-01-15\t2035-02-23\t3/week\topen\t3\t0\t3\n"
    )
    assert house.done("patch", "campaign", "show", "c1").out.splitlines()[0] == (
        "2035-01-15\tP1\tBETSCH\t12.1\tbob\topen\t0\t0"
    )
    shown = house.done("patch", "campaign", "show", "C1", "--json").json
    assert (shown["number"], shown["query"], shown["open"]) == ("C1", "canton:BE", 3)
    assert shown["members"][1]["client"] == "DEDARD"


def test_its_board(house: House, berne: str, tmp_path: Path) -> None:
    board = house.done("patch", "campaign", "board", berne)
    assert board.out.splitlines()[0] == (
        "P1\tBETSCH\t2035-01-15\topen\t0\t19\t0\t....~~.~~.~~~~~~~~~"
    )
    assert board.err == "nobody is stuck\nnothing is behind; the end is 2035-02-13, as planned\n"
    late = house.done("patch", "campaign", "board", berne, "--on", "2035-02-01")
    assert late.err.splitlines()[0] == (
        '3 clients are stuck at "File opened, current and target version noted": late (agent) 3'
    )
    assert late.err.splitlines()[-1] == (
        "steps behind: 49; too few were settled of late to tell the end, planned is 2035-02-13"
    )
    facts = house.done("patch", "campaign", "board", berne, "--json").json
    assert (facts["clients"], len(facts["steps"]), facts["forecast"]["outlook"]) == (
        3,
        19,
        "planned",
    )
    for name in ("board.json", "board.csv", "board.xlsx", "board.svg", "board.png"):
        file = tmp_path / name
        written = house.done("patch", "campaign", "board", berne, "--out", file)
        assert (written.out, written.err) == ("", f"{file} written\n")
        assert file.stat().st_size > 500
    assert json.loads((tmp_path / "board.json").read_text()) == facts
    with (tmp_path / "board.csv").open(encoding="utf-8-sig") as table:
        head, first, *_rest = csv.reader(table)
    assert head[7] == "1 File opened, current and target version noted"
    assert first[:8] == ["P1", "BETSCH", "2035-01-15", "open", "0", "19", "0", "ready"]


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (
            (*BERNE[:-1], "3"),
            5,
            "error[invalid]: '3' is no capacity\nhint: write 6/week or 2/day\n",
        ),
        ((*BERNE[:-1], "0/week"), 5, "error[invalid]: a capacity of 0 plans nothing\n"),
        (
            (*BERNE, "--until", "2035-01-14"),
            5,
            "error[invalid]: 2035-01-14 is before 2035-01-15\n",
        ),
        ((*BERNE, "--from", "2020-01-15"), 5, "error[invalid]: "),
        ((*BERNE, "--clients", "canton:XX"), 5, "error[invalid]: 'XX' is no canton of a client\n"),
        ((*BERNE, "--clients", "zzz"), 3, "error[not-found]: no client fits 'zzz'\n"),
        ((*BERNE, "--to", "12.9"), 3, "error[not-found]: there is no version 12.9"),
        ((*BERNE, "--template", "nothing"), 3, "error[not-found]: "),
        ((*BERNE, "--yes"), 4, "left out, P1 prepares it already: BETSCH\n"),
        (
            ("board", "C1", "--format", "svg"),
            2,
            "error[usage]: --format needs a file to write into\nhint: --out board.svg\n",
        ),
        (("board", "C1", "--out", "x.gif"), 2, "error[usage]: 'gif' is no format of a board\n"),
        (("board", "P1"), 5, "error[invalid]: 'P1' is no number of this kind\n"),
        (("show", "C9"), 3, "error[not-found]: there is no campaign C9\nhint: the last one is C1"),
        (("close", "C1"), 4, "error[conflict]: C1: preparations that are still open: 3\n"),
        (("cancel", "C1", "--reason", "x"), 2, "error[usage]: nothing was done: stdin is no"),
    ],
)
def test_refused(house: House, berne: str, words: tuple[str, ...], code: int, error: str) -> None:
    result = house.opskit("patch", "campaign", *words)
    assert (result.code, result.out) == (code, ""), result.err
    assert result.err.startswith(error)


def test_nobody_is_asked_in_a_pipe(house: House) -> None:
    words = ("create", "--to", "12.4", "--clients", "canton:NE", *PERIOD, "--capacity", "1/day")
    result = house.opskit("patch", "campaign", *words)
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith("hint: give --yes to do it\n")


def test_all_frozen(own_house: House) -> None:
    own_house.done(
        *("client", "freeze", "add", "--all", "--from", "2035-01-01", "--until", "2035-12-31"),
        *("--reason", "a quiet year"),
        as_user="alice",
    )
    result = own_house.opskit("patch", "campaign", *BERNE, "--yes")
    assert (result.code, result.out) == (4, "")
    assert result.err.splitlines()[0] == (
        "not planned, no day outside its freeze periods between 2035-01-15 and 2035-02-23: "
        "BETSCH, DEDARD, DUBEYM"
    )
    assert result.err.splitlines()[-2] == "error[conflict]: not one client finds a day"


def test_on_a_terminal_the_plan_is_shown_and_asked_about(own_house: House) -> None:
    own_house.login("bob")
    command = [sys.executable, "-m", "opskit", "patch", "campaign", *BERNE]
    environment = own_house.environment(LANG="C.UTF-8", NO_COLOR="1")
    question = "Begin preparations for 3 clients? [y/N]"
    refused = sit_before(command, environment, answers=[(question, "n")])
    assert refused.code == 1
    assert refused.text.splitlines()[:4] == [
        "Week of     Load  Clients",
        "2035-01-15  1/3   15: BETSCH (bob)",
        "2035-01-22  0/3",
        "2035-01-29  1/3   29: DEDARD (bob)",
    ]
    assert own_house.done("patch", "campaign", "list").out == ""
    agreed = sit_before(command, environment, answers=[(question, "y")])
    assert agreed.code == 0
    assert "C1\npreparations begun: 3\n" in agreed.text
    page = sit_before([*command[:5], "board", "C1"], environment).text.splitlines()
    assert page[0].startswith("C1  12.4  ")
    assert "DEDARD  2035-01-29  ....~~.~~.~~~~~~~~~  P2  0/19" in page


def test_a_day_off_that_comes_between_plan_and_agreement(
    own_house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closures = tmp_path / "closures.csv"
    closures.write_text("date,canton,part,name\n2035-01-15,BE,full,town fair\n")

    def agree(question: str, *, yes: bool) -> None:
        own_house.done("calendar", "import", closures, as_user="alice")
        own_house.login("bob")

    monkeypatch.setattr(planning_cli, "agree", agree)
    result = own_house.opskit("patch", "campaign", *BERNE, as_user="bob")
    assert (result.code, result.out) == (4, "")
    assert "error[conflict]: the plan has changed since it was shown" in result.err
    assert own_house.done("patch", "campaign", "list").out == ""


def test_a_larger_capacity_where_no_day_moves(own_house: House) -> None:
    own_house.login("bob")
    own_house.done("patch", "campaign", *BERNE, "--yes")
    done = own_house.done("patch", "campaign", "replan", "C1", "--capacity", "8/week")
    assert done.err == "every day can stay\nC1: moved 0, kept 3, fixed 0\n"
    assert own_house.done("patch", "campaign", "show", "C1", "--json").json["capacity"] == "8/week"


def test_from_adding_to_cancelling(own_house: House) -> None:
    own_house.login("bob")
    number = own_house.done("patch", "campaign", *BERNE, "--yes").out.strip()
    own_house.done("patch", "cancel", "P3", "--reason", "the client waits", "--yes")
    added = own_house.done("patch", "campaign", "add", number, "DELEZE", "BETSCH", "--yes")
    assert added.err.startswith("left out, P1 prepares it already: BETSCH\n")
    assert added.err.endswith("C1: preparations begun: 1\n")

    replan = ("patch", "campaign", "replan", number, "--from", "2035-01-29")
    moved = own_house.done(*replan, "--dry-run")
    assert moved.out == "P1\tBETSCH\t2035-01-15\t2035-02-05\tnot from 2035-01-29 to 2035-02-23\n"
    assert own_house.done(*replan, "--yes").err == "C1: moved 1, kept 2, fixed 0\n"
    assert own_house.done(*replan, "--yes").err.startswith("every day can stay\n")

    cancelled = own_house.done("patch", "campaign", "cancel", number, "--reason", "no", "--yes")
    assert cancelled.err == "C1 was cancelled, with open preparations: 3\n"
    row = own_house.done("patch", "campaign", "list", "--json").json[0]
    assert (row["state"], row["cancelled"], row["open"]) == ("cancelled", 4, 0)
    assert own_house.done("patch", "campaign", "board", number).err == "nobody takes part\n"
    again = own_house.opskit("patch", "campaign", "cancel", number, "--reason", "no", "--yes")
    assert again.err == ("error[conflict]: C1 was cancelled\nhint: opskit patch campaign show C1\n")


def test_the_shell_is_offered_campaigns(house: House, berne: str) -> None:
    assert offers(house, "patch campaign board c") == [berne]
    assert offers(house, "patch campaign board C1 --format s") == ["svg"]
