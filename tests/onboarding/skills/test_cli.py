"""opskit onboarding rate, skills, ratings, sign-off, skill-tree, as typed."""

import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from onboarding.skills.tree_file import shipped_tree, tree_text
from tests.onboarding.skills.desk import Newcomer, log_in, newcomer
from tests.support.home import House
from tests.support.terminal import CTRL_C, sit_before

TODAY = date.today()  # noqa: DTZ011 (the wall's, as the commands have it)
KEEP = "Keep a ticket, from opening to closing"


@pytest.fixture
def zoe(house: House, tmp_path: Path) -> Newcomer:
    return newcomer(house, tmp_path, start=TODAY - timedelta(40))


def test_self_and_mentor_and_the_gap(house: House, zoe: Newcomer) -> None:
    log_in(house, zoe)
    result = house.done("onboarding", "rate", zoe.login, "vat", 3)
    number = int(result.err.split()[1].rstrip(":"))
    assert result.err == f"rating {number}: {zoe.name}, vat: 3 (self)\n"
    assert result.out == ""
    house.login("bob")
    words = ("--note", "two returns with me", "--evidence", "cs-1001", "--json")
    row = house.done("onboarding", "rate", zoe.path, "vat", 1, *words).json
    assert row == {
        "number": number + 1,
        "login": zoe.login,
        "skill": "vat",
        "kind": "mentor",
        "level": 1,
        "rated_on": TODAY.isoformat(),
        "note": "two returns with me",
        "evidence": ["CS-1001"],
    }
    lines = house.done("onboarding", "skills", zoe.login).out.splitlines()
    assert lines[0] == f"service\tticket-handling\t{KEEP}\t\t\t\t"
    assert "ledger\tvat\tVAT return and its methods\t3\t1\t2\t" in lines
    page = house.done("onboarding", "skills", zoe.name.upper(), "--json").json
    ledger = next(each for each in page["groups"] if each["group"] == "ledger")
    assert (ledger["self"], ledger["mentor"], ledger["gap"], ledger["compared"]) == (3, 1, 2, 1)
    assert [point["on"] for point in page["curve"]] == [TODAY.isoformat()]
    past = (TODAY - timedelta(1)).isoformat()
    old = house.done("onboarding", "skills", zoe.login, "--on", past, "--json").json
    assert [each["gap"] for each in old["groups"]] == [None] * 6


def test_a_rating_is_withdrawn_and_stays_in_the_history(house: House, zoe: Newcomer) -> None:
    first = house.done("onboarding", "rate", zoe.login, "vat", 2, "--json").json["number"]
    last = house.done("onboarding", "rate", zoe.login, "vat", 4, "--json").json["number"]
    reason = ("--reason", "the other skill")
    result = house.done("onboarding", "withdraw-rating", last, *reason)
    assert result.err == f"rating {last} counts no more\n"
    rows = house.done("onboarding", "ratings", zoe.login, "vat").out.splitlines()
    assert rows == [
        f"{first}\t{TODAY}\tvat\tmentor\t2\talice\tactive\t\t",
        f"{last}\t{TODAY}\tvat\tmentor\t4\talice\twithdrawn\t\t",
    ]
    again = house.opskit("onboarding", "withdraw-rating", last, *reason)
    assert (again.code, again.err.splitlines()[0]) == (
        4,
        f"error[conflict]: rating {last} was withdrawn before",
    )
    empty = house.done("onboarding", "ratings", zoe.login, "payroll-run")
    assert (empty.out, empty.err) == ("", "nothing was rated so far\n")


@pytest.mark.parametrize(
    ("words", "code", "error", "hint"),
    [
        (("vat", "5"), 5, "error[invalid]: '5' is no level", "hint: the levels go from 0 to 4"),
        (
            ("payroll", "2"),
            3,
            "error[not-found]: the tree back-office/1 has no skill 'payroll'",
            "hint: did you mean payroll-run (Monthly payroll run)?",
        ),
        (
            ("vat", "2", "--evidence", "my desk"),
            5,
            "error[invalid]: 'my desk' is no evidence",
            "hint: a ticket such as CS-1001, a patch run such as P7, or a link with https://",
        ),
        (
            ("vat", "2", "--on", "2999-01-01"),
            5,
            "error[invalid]: 2999-01-01 is still to come",
            "hint: a rating is of today, or of before",
        ),
        (("vat",), 2, "error[usage]: the level is missing", "vat 2"),
        ((), 2, "error[usage]: the skill is missing", "vat 2"),
        (("2",), 2, "error[usage]: the skill is missing", "vat 2"),
    ],
)
def test_rate_refuses(
    house: House, zoe: Newcomer, words: tuple[str, ...], code: int, error: str, hint: str
) -> None:
    result = house.opskit("onboarding", "rate", zoe.login, *words)
    lines = result.err.splitlines()
    assert (result.code, lines[0], result.out) == (code, error, "")
    assert hint in lines[1]


def test_who_may_not(house: House, tmp_path: Path, zoe: Newcomer) -> None:
    other = newcomer(house, tmp_path, start=TODAY, mentor="echatriant0")
    log_in(house, zoe)
    for words in (("rate", other.login, "vat", 2), ("skills", other.login)):
        result = house.opskit("onboarding", *words)
        assert (result.code, result.err.split(":")[0]) == (6, "error[not-yours-to-rate]")
    house.login("bob")  # nobody's mentor here
    denied = house.opskit("onboarding", "rate", other.path, "vat", 2)
    said = f"bob is neither {other.name} nor their mentor, a manager or an admin"
    assert denied.err.splitlines() == [
        f"error[not-yours-to-rate]: {said}",
        "hint: ask Ethan Chatriant, or a manager",
    ]


def test_a_sign_off_and_its_end(house: House, zoe: Newcomer) -> None:
    sign = ("onboarding", "sign-off", zoe.login, "patch-preparation")
    result = house.done(*sign, "--reason", "three with me", as_user="bob")
    assert result.err == f"{zoe.name} is signed off for patch-preparation\n"
    again = house.opskit(*sign, "--reason", "four")
    assert (again.code, again.err.splitlines()[0]) == (
        4,
        f"error[conflict]: {zoe.name} is signed off for patch-preparation already",
    )
    page = house.done("onboarding", "skills", zoe.login, "--json").json
    assert [(each["competence"], each["holds"]) for each in page["sign_offs"]] == [
        ("patch-preparation", True)
    ]
    ended = house.done(
        *("onboarding", "withdraw-sign-off", zoe.login, "patch-preparation"),
        *("--reason", "a year away"),
    )
    assert ended.err == f"{zoe.name} is signed off for patch-preparation no more\n"
    log_in(house, zoe)
    own = house.opskit(*sign, "--reason", "I can")
    assert (own.code, own.err.splitlines()[0]) == (
        6,
        "error[not-yours-to-rate]: nobody decides this about themselves",
    )


def test_a_tree_of_ones_own(own_house: House, tmp_path: Path) -> None:
    text = own_house.done("onboarding", "skill-tree", "show", "back-office").out
    assert text == tree_text(shipped_tree("back-office"))
    file = tmp_path / "my-tree.yaml"
    file.write_text(text.replace("version: 1", "version: 2"), encoding="utf-8")
    lint = own_house.done("onboarding", "skill-tree", "lint", file)
    assert lint.err == "back-office/2 can be published, skills: 24\n"
    for said in ("counts from now on, skills: 24", "was published before; nothing changed"):
        published = own_house.done("onboarding", "skill-tree", "publish", file)
        assert published.err == f"back-office/2 {said}\n"
    assert own_house.done("onboarding", "skill-tree", "list").out.splitlines() == [
        "back-office\t2\tBack-office skills, finance and payroll\t24\tyes",
        "back-office\t1\tBack-office skills, finance and payroll\t24\tno",
        "logistics\t1\tLogistics and production skills\t24\tyes",
    ]
    file.write_text(text.replace("version: 1", "version: two"), encoding="utf-8")
    for verb, code, reference in (
        ("lint", 8, "check-failed"),
        ("publish", 5, "skill-tree-invalid"),
    ):
        wrong = own_house.opskit("onboarding", "skill-tree", verb, file)
        assert wrong.code == code
        assert wrong.err.startswith(f"error[{reference}]: my-tree.yaml, line 4, version: ")


def test_the_tree_of_a_pole(house: House) -> None:
    lines = house.done("onboarding", "skills", "--tree", "logistics").out.splitlines()
    assert lines[0] == "Logistics and production skills  logistics/1"
    assert lines[2] == "0  none                   Does not know the subject yet"
    assert "  mrp                     Material requirements planning (MRP)" in lines
    assert [line for line in lines if len(line) > 80] == []
    facts = house.done("onboarding", "skills", "--tree", "logistics", "--json").json
    assert [each["level"] for each in facts["levels"]] == [0, 1, 2, 3, 4]
    for words in ((), ("bob", "--tree", "logistics")):
        result = house.opskit("onboarding", "skills", *words)
        assert (result.code, result.err.splitlines()[0]) == (
            2,
            "error[usage]: give either a person or --tree",
        )


def test_through_the_tree_on_a_terminal(house: House, zoe: Newcomer) -> None:
    """Enter keeps, ? explains, a slip is asked again; Ctrl-C loses nothing."""
    house.done("onboarding", "rate", zoe.login, "client-call", 3)
    answers = [
        (KEEP, "2"),
        ("Lead a call with a client [3]", ""),
        ("Reproduce a bug", "7"),
        ("Reproduce a bug", "?"),
        ("Reproduce a bug", "1"),
        ("Write an article", CTRL_C),
    ]
    command = (sys.executable, "-m", "opskit", "onboarding", "rate", zoe.login)
    screen = sit_before(command, house.environment(), answers=answers)
    assert screen.code == 1
    assert "'7' is no level" in screen.text
    assert "\nratings stored: 2\n" in screen.text
    rows = house.done("onboarding", "ratings", zoe.login, "--json").json
    assert [(row["skill"], row["level"]) for row in rows] == [
        ("client-call", 3),
        ("ticket-handling", 2),
        ("bug-report", 1),
    ]


def test_the_page_of_a_person_on_a_terminal(house: House, zoe: Newcomer) -> None:
    for level, on in ((4, "yesterday"), (0, "today")):
        words = ("payroll-run", level, "--on", on)
        house.done("onboarding", "rate", zoe.login, *words, as_user="bob")
    log_in(house, zoe)
    house.done("onboarding", "rate", zoe.login, "payroll-run", 3)
    command = (sys.executable, "-m", "opskit", "onboarding", "skills", zoe.login)
    environment = {**house.environment(), "COLUMNS": "80"}
    plain = sit_before(command, {**environment, "NO_COLOR": "1"}).text.splitlines()
    assert f"{'':53}self  mentor   gap  trend" in plain
    assert f"{'  Monthly payroll run':53}   3       0    +3  falling" in plain
    assert f"{'Payroll':53} 3.0     0.0  +3.0" in plain
    assert "0 none  1 basics  2 with help  3 alone  4 teaches" in plain
    assert [line for line in plain if len(line) > 80] == []
    coloured = sit_before(command, environment).text
    assert "\x1b[31m    +3\x1b[0m  falling" in coloured
