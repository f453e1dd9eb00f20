"""opskit onboarding, as typed."""

import shutil
from itertools import count
from pathlib import Path

import pytest

from tests.support.commands import shown
from tests.support.home import DATA, House

START = "2035-12-03"  # a Monday
WORDS = ("--path", "back-office", "--start", START, "--mentor", "echatriant0")
_letters = (f"{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in count())


@pytest.fixture(autouse=True)
def _staff(house: House, tmp_path: Path) -> None:
    house.done("staff", "import", shutil.copy(DATA / "staff.csv", tmp_path))


@pytest.fixture
def name() -> str:
    """A newcomer whom no other test knows."""
    return f"Zoé Perret-{next(_letters).capitalize()}"


def login_of(name: str) -> str:
    return f"z{name.split()[1].lower().replace('-', '')}"


def test_start_and_show(house: House, name: str) -> None:
    result = house.done("onboarding", "start", name, *WORDS)
    number = result.out.strip()
    assert result.out == f"{number}\n"
    assert result.err == (
        f"{name} ({login_of(name)}) starts on {START}, with Ethan Chatriant as mentor\n"
    )
    page = house.done("onboarding", "show", name.upper().replace("É", "e"))
    lines = page.out.splitlines()
    assert lines[0].startswith("This week, ")
    assert lines[1].startswith("nothing is due; next on 2035-12-04: 5  Confidentiality")
    assert lines[3:6] == [
        "Mentor: Ethan Chatriant",
        "Probation until 2036-03-02",
        f"{number}  Back-office path, finance and payroll  {name}  {START}  0/33  0 %",
    ]
    assert lines[7].startswith("next:  1  Mentor and backup named")
    begin = lines.index("Before the first day")
    assert lines[begin + 1].startswith("[ ]  1  ")
    assert len([line for line in lines if line.startswith("[")]) == 33
    assert page.out == house.done("onboarding", "show", number.lower()).out
    assert page.out == house.done("onboarding", "show", login_of(name)).out
    whole = house.done("onboarding", "show", number, "--json").json
    assert (whole["name"], whole["login"], whole["mentor"]) == (
        name,
        login_of(name),
        "Ethan Chatriant",
    )
    assert len(whole["steps"]) == 33


def test_the_newcomer_is_a_person_of_the_staff_without_login(house: House, name: str) -> None:
    house.done("onboarding", "start", name, *WORDS)
    person = house.done("staff", "show", login_of(name), "--json").json
    assert (person["name"], person["role"], person["pole"]) == (name, "consultant", "back-office")
    page = house.done("user", "list", "--json").json
    assert login_of(name) not in {row["login"] for row in page}


def test_start_as_json_with_a_first_day_in_business_days(house: House, name: str) -> None:
    words = ("--path", "logistics", "--start", "+10bd", "--mentor", "Ethan Chatriant", "--json")
    row = house.done("onboarding", "start", name, *words).json
    assert (row["name"], row["path"], row["mentor"]) == (name, "logistics", "Ethan Chatriant")
    assert (row["done"], row["total"], row["percent"]) == (0, 33, 0)
    assert row["number"].startswith("O")


def test_board_and_list(house: House, name: str) -> None:
    number = house.done("onboarding", "start", name, *WORDS).out.strip()
    lines = house.done("onboarding", "board").out.splitlines()
    line = next(line for line in lines if line.startswith(name)).split("\t")
    assert line[:4] == [name, "back-office", "Before the first day", "0"]
    assert line[4].startswith("starts in ")
    assert line[5:] == ["2036-01-07", "Ethan Chatriant"]
    rows = house.done("onboarding", "board", "--json").json
    row = next(row for row in rows if row["number"] == number)
    assert (row["start_on"], row["next_review"], row["late"]) == (START, "2036-01-07", 0)
    listed = house.done("onboarding", "list", "--state", "active").out.splitlines()
    assert f"{number}\t{name}\tback-office\t{START}\tEthan Chatriant\t0" in listed
    assert any(each["number"] == number for each in house.done("onboarding", "list", "--json").json)


def test_an_empty_board_says_how_to_begin(own_house: House) -> None:
    result = own_house.done("onboarding", "board")
    assert (result.out, result.err) == (
        "",
        "nobody is on a path; begin with: opskit onboarding start --help\n",
    )
    assert own_house.done("onboarding", "board", "--json").json == []


def test_paths(house: House) -> None:
    assert house.done("onboarding", "paths").out == (
        "back-office\tBack-office path, finance and payroll\t33\n"
        "logistics\tLogistics and production path\t33\n"
        "path-back-office-sonceboz\tBack-office path, Sonceboz\t35\n"
        "path-back-office-lausanne\tBack-office path, Lausanne\t35\n"
        "path-logistics-sonceboz\tLogistics path, Sonceboz\t35\n"
        "path-logistics-lausanne\tLogistics path, Lausanne\t35\n"
    )
    rows = house.done("onboarding", "paths", "--json").json
    assert [row["path"] for row in rows][:2] == ["back-office", "logistics"]


@pytest.mark.parametrize(
    ("changes", "code", "error"),
    [
        ({"--path": "front-office"}, 3, "error[not-found]: there is no path 'front-office'"),
        ({"--mentor": "nobody7"}, 3, "error[not-found]: there is nobody called nobody7"),
        ({"--mentor": "bonvin"}, 4, "error[conflict]: bonvin may be dbonvin4, lbonvin17"),
        ({"--start": "2035-02-30"}, 5, "error[invalid]: '2035-02-30' is no day"),
    ],
)
def test_start_refuses_and_leaves_nobody_behind(
    house: House, name: str, changes: dict[str, str], code: int, error: str
) -> None:
    words = {**dict(zip(WORDS[::2], WORDS[1::2], strict=True)), **changes}
    options = [each for pair in words.items() for each in pair]
    result = house.opskit("onboarding", "start", name, *options)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(error)
    assert "\nhint: " in result.err
    assert house.opskit("staff", "show", name).code == 3


def test_the_same_person_twice(house: House, name: str) -> None:
    house.done("onboarding", "start", name, *WORDS)
    again = house.opskit("onboarding", "start", name.lower(), *WORDS)
    assert again.code == 4
    assert again.err == (
        f"error[conflict]: {name} is on the path back-office already\n"
        f'hint: opskit onboarding show "{name}"\n'
    )


def test_who_may_not_start(house: House, name: str) -> None:
    result = house.opskit("onboarding", "start", name, *WORDS, as_user="bob")
    assert result.code == 6
    assert result.err.startswith("error[denied]: bob lacks the role manager or admin\nhint: ")


@pytest.mark.parametrize("typed", ["Nobody Known", "O999", "Ethan Chatriant"])
def test_an_unknown_consultant(house: House, name: str, typed: str) -> None:
    house.done("onboarding", "start", name, *WORDS)
    result = house.opskit("onboarding", "show", typed)
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith("error[not-found]: ")


def test_steps_are_ticked_waived_and_reopened_by_name_or_number(house: House, name: str) -> None:
    number = house.done("onboarding", "start", name, *WORDS).out.strip()
    first = house.done("onboarding", "show", number, "--json").json["steps"][0]
    ticked = house.done("onboarding", "tick", name.lower(), "1", "--answer", "Maria, deputy Paul")
    assert ticked.err == f"{number} 1: {first['text']}: done\n"
    reopened = house.done("onboarding", "reopen", number, "1", "--reason", "Paul leaves")
    assert reopened.err == f"{number} 1: {first['text']}: ready\n"
    waived = house.done("onboarding", "waive", login_of(name), "1", "--reason", "a small team")
    assert waived.err == f"{number} 1: {first['text']}: waived\n"
    events = house.done("audit", "list", "--json").json
    told = [each["action"] for each in events if each["subject"] == f"{number}/{first['step']}"]
    assert sorted(told) == ["onboarding.reopened", "onboarding.ticked", "onboarding.waived"]


def test_a_newcomer_with_a_login_cannot_sign_for_another_person(house: House, name: str) -> None:
    number = house.done("onboarding", "start", name, *WORDS).out.strip()
    steps = house.done("onboarding", "show", number, "--json").json["steps"]
    for step in steps[:15]:
        house.done("onboarding", "waive", number, step["step"], "--reason", "rehearsal")
    house.done(
        *("user", "add", login_of(name), "--role", "consultant", "--password-file", "-"),
        stdin="pass of the newcomer",
    )
    house.done("login", login_of(name), "--password-file", "-", stdin="pass of the newcomer")
    house.done("onboarding", "tick", number, "16", "--answer", "all is well")
    refused = house.opskit("onboarding", "tick", number, "16", "--answer", "all is very well")
    assert refused.code == 6
    assert refused.err.startswith(f"error[second-person]: {login_of(name)} cannot decide this")
    own_waiver = house.opskit("onboarding", "waive", number, "17", "--reason", "no need")
    assert own_waiver.code == 6
    house.opskit("onboarding", "tick", number, "16", as_user="bob")
    assert house.done("onboarding", "show", number, "--json", as_user="alice").json["done"] == 15
    house.done("onboarding", "tick", number, "16", as_user="alice")


def test_a_name_that_cannot_be_seen_is_refused(house: House) -> None:
    words = ("--path", "back-office", "--start", "2026-12-01", "--mentor", "alice")
    result = house.opskit("onboarding", "start", "Evil\x07Name", *words)
    assert (result.code, result.out) == (5, "")
    assert result.err.startswith("error[invalid]: --name: ")


def test_the_examples_of_the_help_work(house: House, name: str) -> None:
    house.done("onboarding", "start", name, *WORDS)
    for verb, person in (("tick", "alice"), ("skip", "alice"), ("waive", "alice")):
        house.done("onboarding", verb, name, *shown("onboarding", verb)[0], as_user=person)
    house.done("onboarding", "tick", name, "workstation")
    house.done("onboarding", "reopen", name, *shown("onboarding", "reopen")[0])


def test_a_path_moves_with_its_first_day(house: House, name: str) -> None:
    number = house.done("onboarding", "start", name, *WORDS).out.strip()
    house.done("onboarding", "move", name, "--to", "2035-12-10", "--yes")
    row = house.done("onboarding", "show", name, "--json").json
    assert (row["start_on"], row["anchor_on"]) == ("2035-12-10", "2035-12-10")
    house.done("onboarding", "move", number, "1", "--to", "2035-12-20", "--yes")
    assert house.done("onboarding", "show", name, "--json").json["start_on"] == "2035-12-10"


def test_nobody_decides_upon_a_path(house: House) -> None:
    for verb in ("go", "no-go", "close"):
        result = house.opskit("onboarding", verb, "O1")
        assert (result.code, result.err.partition("\n")[0]) == (
            2,
            f"error[usage]: there is no command {verb!r}",
        )
