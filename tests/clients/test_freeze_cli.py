"""opskit client freeze, as typed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.conftest import Terminal
from tests.support.home import House

DATA = Path(__file__).parent.parent / "data"
Capture = pytest.CaptureFixture[str]
Type = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(
    tmp_path: Path, terminal: Terminal, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> Type:
    """Type a command in a home with forty clients; what it left."""
    shutil.copy(DATA / "clients.csv", tmp_path)
    monkeypatch.chdir(tmp_path)
    terminal("import", "clients.csv")
    capsys.readouterr()

    def run(*words: object) -> tuple[int, str, str]:
        code = terminal(*words)
        return code, *capsys.readouterr()

    return run


def number_of(typed: Type, *words: str) -> int:
    code, out, _err = typed("freeze", "add", *words, "--json")
    assert code == 0
    return int(json.loads(out)["number"])


CLOSE = ("--from", "2027-01-25", "--until", "2027-02-03", "--reason", "payroll close")


def test_add_list_and_end(typed: Type) -> None:
    one = number_of(typed, "deleze", *CLOSE)
    code, out, err = typed(
        *("freeze", "add", "DELEZE", "--monthly", "25-3", "--reason", "payroll close")
    )
    assert (code, out) == (0, "")
    assert err == (f"freeze {one + 1}, DELEZE: payroll close (every month from day 25 to day 3)\n")
    code, _out, err = typed(
        *("freeze", "add", "--all", "--from", "2027-12-20", "--until", "05.01.2028"),
        *("--reason", "year end"),
    )
    assert err == f"freeze {one + 2}, every client: year end (2027-12-20 to 2028-01-05)\n"

    assert typed("freeze", "list", "deleze") == (
        0,
        (
            f"{one + 1}\tDELEZE\t\t\t25-3\tpayroll close\n"
            f"{one}\tDELEZE\t2027-01-25\t2027-02-03\t\tpayroll close\n"
            f"{one + 2}\t*\t2027-12-20\t2028-01-05\t\tyear end\n"
        ),
        "",
    )
    code, out, _err = typed("freeze", "list", "MASSER", "--json")
    assert json.loads(out) == [
        {
            "number": one + 2,
            "client": None,
            "from": "2027-12-20",
            "until": "2028-01-05",
            "monthly": None,
            "reason": "year end",
        }
    ]

    gone = f"freeze {one} counts no more: payroll close (2027-01-25 to 2027-02-03)\n"
    assert typed("freeze", "end", one) == (0, "", gone)
    assert typed("freeze", "end", one) == (0, "", f"freeze {one} was ended before\n")
    code, out, _err = typed("freeze", "end", one, "--json")
    assert (json.loads(out)["number"], json.loads(out)["ended"]) == (one, False)


def test_the_list_is_of_a_period(typed: Type) -> None:
    number_of(typed, "DELEZE", *CLOSE)
    assert typed("freeze", "list", "--until", "2027-01-24")[1:] == ("", "no freeze period\n")
    assert typed("freeze", "list", "--from", "2027-02-04")[1] == ""
    assert typed("freeze", "list", "--from", "2027-02-03")[1] != ""


def test_past_days_are_recorded_and_said_to_be_past(typed: Type) -> None:
    days = ("--from", "2026-01-25", "--until", "2026-02-03")
    code, _out, err = typed("freeze", "add", "DELEZE", *days, "--reason", "x")
    assert (code, err.splitlines()[1:]) == (0, ["these days are past already"])
    assert typed("freeze", "list")[1] == ""
    assert "2026-01-25" in typed("freeze", "list", "--from", "2026-01-01")[1]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("DELEZE", "--all", *CLOSE), 2, "name one client, or --all for every client"),
        (CLOSE, 2, "name one client, or --all for every client"),
        (("DELEZE", *CLOSE[:4]), 2, "--reason"),
        (("DELEZE", "--reason", "x"), 5, "a freeze needs its first and its last day"),
        (("DELEZE", "--monthly", "32-3", "--reason", "x"), 5, "'32-3' are no days of every month"),
        (("DELEZE", *CLOSE[2:], "--from", "2027-03-01"), 5, "2027-02-03 is before 2027-03-01"),
        (("DELEZZ", *CLOSE), 3, "there is no client DELEZZ"),
    ],
)
def test_what_is_refused(typed: Type, words: tuple[str, ...], code: int, said: str) -> None:
    answer, out, err = typed("freeze", "add", *words)
    assert (answer, out) == (code, "")
    assert said in err


def test_the_clients_page_shows_what_is_not_over(typed: Type) -> None:
    one = number_of(typed, "DELEZE", *CLOSE)
    number_of(typed, "DELEZE", "--from", "2026-01-25", "--until", "2026-02-03", "--reason", "past")
    number_of(typed, "--all", "--monthly", "31-31", "--reason", "month end")
    _code, out, _err = typed("show", "DELEZE")
    assert (
        "  frozen         payroll close (2027-01-25 to 2027-02-03); "
        "month end (every month from day 31 to day 31)\n"
    ) in out
    page = json.loads(typed("show", "DELEZE", "--json")[1])
    assert [each["reason"] for each in page["freezes"]] == ["payroll close", "month end"]
    assert page["freezes"][0]["number"] == one


def test_in_a_home(own_house: House) -> None:
    own_house.done("client", "freeze", "add", "DELEZE", *CLOSE, as_user="bob")
    assert own_house.done("client", "freeze", "list").out == (
        "1\tDELEZE\t2027-01-25\t2027-02-03\t\tpayroll close\n"
    )
    assert own_house.done("client", "freeze", "end", "1").err.startswith("freeze 1 counts no more")
    assert own_house.opskit("client", "freeze", "end", "2").code == 3
