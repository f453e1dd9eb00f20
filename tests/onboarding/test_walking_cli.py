"""What happens on somebody's way, as typed."""

import shutil
from itertools import count
from pathlib import Path

import pytest

from tests.support.commands import shown
from tests.support.home import DATA, House

START = "2035-12-03"  # a Monday
_letters = (f"{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in count())


@pytest.fixture(autouse=True)
def _staff(house: House, tmp_path: Path) -> None:
    house.done("staff", "import", shutil.copy(DATA / "staff.csv", tmp_path))


@pytest.fixture
def name(house: House) -> str:
    """A newcomer on a path of layers, whom no other test knows."""
    made = f"Noé Ferrat-{next(_letters).capitalize()}"
    house.done(
        *("onboarding", "start", made, "--pole", "back-office", "--site", "sonceboz"),
        *("--module", "on-call", "--start", START, "--mentor", "echatriant0"),
    )
    return made


def number_of(house: House, name: str) -> str:
    return str(house.done("onboarding", "show", name, "--json").json["number"])


def test_a_path_of_layers(house: House, name: str) -> None:
    page = house.done("onboarding", "show", name, "--json").json
    assert (page["path"], page["pole"], page["site"], page["modules"]) == (
        "path-back-office-sonceboz-on-call", "back-office", "sonceboz", ["on-call"],
    )  # fmt: skip
    assert (page["walk"], page["total"], page["probation_until"]) == ("active", 37, "2036-03-02")
    assert page["week"]["own"] == []
    assert page["template"] == "path-back-office-sonceboz-on-call/2"


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("A B", "--start", START), "error[usage]: '--mentor' is missing"),
        (("A B", "--mentor", "alice"), "error[usage]: '--start' is missing"),
        (("--start", START, "--mentor", "alice"), "error[usage]: 'NAME' is missing"),
        (
            ("A B", "--start", START, "--mentor", "alice"),
            "error[usage]: either a path, or a pole with a site and modules",
        ),
        (
            ("A B", "--file", "a.csv"),
            "error[usage]: the table says who starts where: --file goes with none of the others",
        ),
        (
            ("A B", "--start", START, "--mentor", "alice", "--path", "logistics", "--dry-run"),
            "error[usage]: --dry-run is for a table",
        ),
    ],
)
def test_start_says_what_is_missing(house: House, words: tuple[str, ...], error: str) -> None:
    result = house.opskit("onboarding", "start", *words)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"{error}\nhint: ")


def test_a_first_day_on_a_holiday_or_in_the_past_is_said(house: House) -> None:
    words = ("--path", "logistics", "--mentor", "echatriant0")
    day_off = house.done("onboarding", "start", "Rose Ferrat", "--start", "2036-01-01", *words)
    assert day_off.err.splitlines()[0] == "2036-01-01 is no business day: New Year's Day"
    past = house.done("onboarding", "start", "Lise Ferrat", "--start", "2020-02-03", *words)
    assert past.err.splitlines()[0] == (
        "2020-02-03 is past: steps that were due before today are late"
    )


def test_a_custom_step(house: House, name: str) -> None:
    number = number_of(house, name)
    words = ("German course", "--due", "2036-03-03", "--owner", "mentor", "--signed")
    added = house.done("onboarding", "custom-step", name, *words)
    assert added.err == f"{number} 38: German course: ready\n"
    row = house.done("onboarding", "show", name, "--json").json["steps"][-1]
    assert (row["step"], row["due_on"], row["owner"]) == (
        "own-step", "2036-03-03", "mentor",
    )  # fmt: skip
    house.done("onboarding", "move", name, "--to", "2035-12-10", "--yes")
    assert house.done("onboarding", "show", name, "--json").json["steps"][-1]["due_on"] == (
        "2036-03-10"
    )


def test_finish_and_undo(house: House, name: str) -> None:
    number = number_of(house, name)
    refused = house.opskit("onboarding", "finish", name, "--yes")
    assert refused.err == (
        f"error[conflict]: open steps of {number}: 37\n"
        "hint: waive them with a reason: "
        f'opskit onboarding finish {number} --reason "TEXT"\n'
    )
    asked = house.opskit("onboarding", "undo", name, "--reason", "wrong pole")
    assert (asked.code, asked.err.splitlines()[0]) == (
        2, "error[usage]: nothing was done: stdin is no terminal, so nobody can agree",
    )  # fmt: skip
    undone = house.done("onboarding", "undo", name, "--reason", "wrong pole", "--yes")
    assert undone.err == f"{number} of {name} is undone; its steps stay in the log\n"
    assert name not in house.done("onboarding", "list").out
    assert f"{name}\t" in house.done("onboarding", "list", "--state", "undone").out
    over = house.opskit("onboarding", "pause", name, "--reason", "ill")
    assert over.err.startswith(f"error[walk-ended]: {number} of {name} is over: undone\n")
    house.done(
        *("onboarding", "start", name, "--path", "logistics", "--start", START),
        *("--mentor", "echatriant0"),
    )
    second = number_of(house, name)
    done = house.done("onboarding", "finish", name, "--reason", "knew it all", "--yes")
    assert done.err == f"{second} of {name} is finished, steps waived: 33\n"
    page = house.done("onboarding", "show", name).out
    assert page.startswith("This path: finished\n")
    assert page.count("knew it all") == 33


def test_the_mentor_signs(house: House, name: str) -> None:
    number = number_of(house, name)
    early = house.opskit("onboarding", "sign", name, "first-answers")
    position = next(
        each["position"]
        for each in house.done("onboarding", "show", name, "--json").json["steps"]
        if each["step"] == "first-answers"
    )
    assert (early.code, early.err) == (
        4,
        (
            f"error[not-submitted]: first-answers was not submitted by {name}\n"
            f"hint: to tick it yourself: opskit onboarding tick {number} {position}\n"
        ),
    )
    denied = house.opskit("onboarding", "sign", name, "first-answers", as_user="bob")
    assert (denied.code, denied.err) == (
        6,
        (
            f"error[denied]: bob does not sign for {name}: the mentor or a manager does\n"
            "hint: the mentor is Ethan Chatriant\n"
        ),
    )


@pytest.mark.parametrize("verb", ["show", "history"])
def test_others_do_not_look_in(house: House, name: str, verb: str) -> None:
    number = number_of(house, name)
    denied = house.opskit("onboarding", verb, name, as_user="bob")
    assert (denied.code, denied.err) == (
        6,
        (
            f"error[denied]: {number} is the path of none of bob's newcomers\n"
            "hint: ask Ethan Chatriant, or a manager\n"
        ),
    )
    seen = house.done("onboarding", "list", as_user="bob").out.splitlines()
    assert number not in [line.split("\t")[0] for line in seen]


def test_list_narrows(house: House, name: str) -> None:
    listed = house.done("onboarding", "list", "--pole", "back-office", "--json").json
    assert name in {each["name"] for each in listed}
    assert {each["pole"] for each in listed} == {"back-office"}
    assert house.done("onboarding", "list", "--site", "lausanne", "--json").json == [
        each
        for each in house.done("onboarding", "list", "--json").json
        if each["site"] == "lausanne"
    ]
    assert name in house.done("onboarding", "list", "--mentor", "echatriant0").out
    assert name not in house.done("onboarding", "list", "--mentor", "alice").out
    refused = house.opskit("onboarding", "list", "--state", "ended")
    assert (refused.code, refused.err) == (
        3,
        (
            "error[not-found]: 'ended' is no state of a path\n"
            "hint: active paused finished left undone all\n"
        ),
    )


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (
            ("list", "--pole", "finance"),
            "there is no pole 'finance'\nhint: did you mean back-office?",
        ),
        (
            ("list", "--pole", "logistic"),
            "there is no pole 'logistic'\nhint: did you mean logistics?",
        ),
        (("list", "--site", "lausane"), "there is no site 'lausane'\nhint: did you mean lausanne?"),
        (("list", "--state", "pausd"), "'pausd' is no state of a path\nhint: did you mean paused?"),
        (
            ("board", "--pole", "finance"),
            "there is no pole 'finance'\nhint: did you mean back-office?",
        ),
        (("cohorts", "--pole", "back"), "there is no pole 'back'\nhint: "),
        (
            ("switch-pole", "NAME", "--pole", "logistic", "--dry-run"),
            "there is no pole 'logistic'\nhint: did you mean logistics?",
        ),
        (
            ("switch-pole", "NAME", "--pole", "logistics", "--module", "oncall", "--dry-run"),
            "there is no module 'oncall'\nhint: did you mean on-call?",
        ),
    ],
)
def test_a_word_that_names_nothing_is_refused(
    house: House, name: str, words: tuple[str, ...], error: str
) -> None:
    typed = [name if word == "NAME" else word for word in words]
    refused = house.opskit("onboarding", *typed)
    assert (refused.code, refused.out) == (3, "")
    assert refused.err.startswith(f"error[not-found]: {error}")


@pytest.mark.parametrize("verb", ["pause", "extend", "custom-step", "undo"])
def test_the_examples_of_the_help_work(house: House, name: str, verb: str) -> None:
    later = {"2027-06-30": "2036-09-01", "+20bd": "2036-01-15"}
    for words in shown("onboarding", verb)[:1]:
        typed = [later.get(word, word) for word in words]
        house.done("onboarding", verb, name, *typed)


def test_a_path_is_no_checklist_of_its_own(house: House, name: str) -> None:
    """It is ended by the commands of the onboarding, so that the walk ends with its run."""
    number = number_of(house, name)
    refused = house.opskit("checklist", "cancel", number, "--reason", "enough", "--yes")
    assert (refused.code, refused.err) == (
        5,
        (
            f"error[invalid]: '{number}' is no number of this kind\n"
            f"hint: opskit onboarding show {number}\n"
        ),
    )
    assert house.opskit("onboarding", "cancel", number, "--reason", "enough").code == 2
    page = house.done("onboarding", "show", number, "--json").json
    assert (page["walk"], page["state"]) == ("active", "open")


def test_a_whole_path_is_a_managers_affair(house: House, name: str) -> None:
    """Moving the first day moves the probation; the newcomer does neither, nor ends anything."""
    number = number_of(house, name)
    login = house.done("onboarding", "show", name, "--json").json["login"]
    words = ("--role", "consultant", "--password-file", "-")
    house.done("user", "add", login, *words, stdin="pass of the newcomer")
    house.done("login", login, "--password-file", "-", stdin="pass of the newcomer")
    for typed in (
        f"move {number} --to 2036-01-07 --yes",
        f"undo {number} --reason enough --yes",
    ):
        denied = house.opskit("onboarding", *typed.split())
        assert (denied.code, denied.out) == (6, "")
        assert "error[denied]: " in denied.err
    house.done("onboarding", "undo", name, "--reason", "the wrong path", "--yes", as_user="alice")
    for typed in (f"reopen {number} --reason again", f"tick {number} workstation"):
        over = house.opskit("onboarding", *typed.split())
        assert (over.code, over.err.partition(":")[0]) == (4, "error[walk-ended]")
