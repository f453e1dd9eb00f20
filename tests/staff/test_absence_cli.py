"""opskit staff absence, as typed."""

import json
from pathlib import Path

import pytest

from tests.staff.conftest import Terminal
from tests.support.home import House

DATA = Path(__file__).parent.parent / "data"
Capture = pytest.CaptureFixture[str]
WEEKS = ("--from", "2027-02-15", "--until", "26.02.2027")


@pytest.fixture
def number(terminal: Terminal, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> int:
    """An absence of Pedro Jäggi, whom the directory has; its number."""
    monkeypatch.chdir(DATA)
    terminal("staff", "import", "staff.csv")
    capsys.readouterr()
    assert terminal("staff", "absence", "add", "jäggi", *WEEKS, "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    number = int(facts.pop("number"))
    assert facts == {
        "person": "pjggi3",
        "name": "Pedro Jäggi",
        "from": "2027-02-15",
        "until": "2027-02-26",
        "reason": "holiday",
    }
    return number


def test_add_list_and_end(terminal: Terminal, number: int, capsys: Capture) -> None:
    day = ("--from", "2027-01-11", "--until", "2027-01-11")
    assert terminal("staff", "absence", "add", "dbonvin4", *day, "--reason", "Training") == 0
    out, err = capsys.readouterr()
    assert (out, err.partition(":")[2]) == ("", " David Bonvin is away, 2027-01-11\n")

    assert terminal("staff", "absence", "list") == 0
    assert capsys.readouterr().out == (
        f"{number + 1}\tdbonvin4\tDavid Bonvin\t2027-01-11\t2027-01-11\ttraining\n"
        f"{number}\tpjggi3\tPedro Jäggi\t2027-02-15\t2027-02-26\tholiday\n"
    )
    terminal("staff", "absence", "list", "jäggi", "--json")
    assert [each["number"] for each in json.loads(capsys.readouterr().out)] == [number]
    terminal("staff", "absence", "list", "--from", "2027-02-27")
    assert capsys.readouterr() == ("", "nobody is away\n")

    assert terminal("staff", "absence", "end", number) == 0
    assert capsys.readouterr().err == (
        f"absence {number} counts no more: Pedro Jäggi, 2027-02-15 to 2027-02-26\n"
    )
    assert terminal("staff", "absence", "end", number) == 0
    assert capsys.readouterr().err == f"absence {number} was ended before\n"
    terminal("staff", "absence", "end", number, "--json")
    assert json.loads(capsys.readouterr().out)["ended"] is False


def test_past_days_are_said_to_be_past(terminal: Terminal, number: int, capsys: Capture) -> None:
    past = ("--from", "2026-02-02", "--until", "2026-02-03")
    assert terminal("staff", "absence", "add", "pjggi3", *past, "--reason", "illness") == 0
    assert capsys.readouterr().err.splitlines()[1:] == ["these days are past already"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("pjggi3", *WEEKS, "--reason", "flu"), 5, "'flu' is no reason of an absence"),
        (("pjggi3", *WEEKS[:2], "--until", "2027-02-14"), 5, "2027-02-14 is before 2027-02-15"),
        (("pjggi3", *WEEKS[:2]), 2, "--until"),
        (("nobody-at-all", *WEEKS), 3, "there is nobody called nobody-at-all"),
    ],
)
def test_what_is_refused(
    terminal: Terminal,
    number: int,
    capsys: Capture,
    words: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    assert terminal("staff", "absence", "add", *words) == code
    out, err = capsys.readouterr()
    assert (out, said in err) == ("", True)


def test_in_a_home_everybody_records_the_own(own_house: House) -> None:
    absence = ("staff", "absence")
    added = own_house.done(*absence, "add", "bob", *WEEKS, "--reason", "illness", as_user="bob")
    assert added.err == "absence 1: bob is away, 2027-02-15 to 2027-02-26\n"
    own_house.done(*absence, "add", "alice", *WEEKS, as_user="alice")
    assert own_house.done(*absence, "list", as_user="bob").out == (
        "2\talice\talice\t2027-02-15\t2027-02-26\t\n1\tbob\tbob\t2027-02-15\t2027-02-26\tillness\n"
    )
    denied = own_house.opskit(*absence, "end", "2")
    assert (denied.code, denied.err.partition("\n")[0]) == (
        6,
        ("error[denied]: the absences of alice are recorded by that person, a manager or an admin"),
    )
    assert own_house.done(*absence, "end", "1", as_user="alice").err == (
        "absence 1 counts no more: bob, 2027-02-15 to 2027-02-26\n"
    )
