"""Days of a path that move, as typed: a pause, a longer probation, another first day."""

import shutil
import sys
from itertools import count
from pathlib import Path

import pytest

from tests.support.home import DATA, House
from tests.support.terminal import sit_before

_letters = (f"{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in count())


@pytest.fixture
def name(house: House, tmp_path: Path) -> str:
    """A newcomer on a path of layers, whom no other test knows."""
    house.done("staff", "import", shutil.copy(DATA / "staff.csv", tmp_path))
    made = f"Noé Fermat-{next(_letters).capitalize()}"
    house.done(
        *("onboarding", "start", made, "--pole", "back-office", "--site", "sonceboz"),
        *("--module", "on-call", "--start", "2035-12-03", "--mentor", "echatriant0"),
    )
    return made


def number_of(house: House, name: str) -> str:
    return str(house.done("onboarding", "show", name, "--json").json["number"])


def test_pause_and_resume(house: House, name: str) -> None:
    number = number_of(house, name)
    rests = house.done("onboarding", "pause", name, "--reason", "ill")
    assert rests.err.startswith(f"{number} rests since ")
    assert rests.err.endswith(f"; to go on: opskit onboarding resume {number}\n")
    again = house.opskit("onboarding", "pause", name, "--reason", "ill")
    assert (again.code, again.err) == (
        4, f"error[conflict]: {number} rests already\nhint: opskit onboarding resume {number}\n",
    )  # fmt: skip
    line = next(each for each in house.done("onboarding", "list").out.splitlines() if name in each)
    assert line.endswith("\tpaused")
    assert house.done("onboarding", "show", name).out.startswith("This path: paused\n")
    tried = house.done("onboarding", "resume", name, "--on", "+5bd", "--dry-run", "--json").json
    assert len(tried) == 37
    moved = house.done("onboarding", "resume", name, "--on", "+5bd", "--json").json
    assert (moved["walk"], moved["moved"]) == ("active", tried)


def test_the_first_day_moves_twice_and_keeps_the_pause(house: House, name: str) -> None:
    house.done("onboarding", "pause", name, "--reason", "ill")
    house.done("onboarding", "resume", name, "--on", "+5bd")
    for day, anchor in (("2035-12-10", "2035-12-17"), ("2035-11-26", "2035-12-03")):
        shown_first = house.done("onboarding", "move", name, "--to", day, "--dry-run", "--json")
        house.done("onboarding", "move", name, "--to", day, "--yes")
        page = house.done("onboarding", "show", name, "--json").json
        assert (page["start_on"], page["anchor_on"]) == (day, anchor)
        assert shown_first.json["anchor_on"] == anchor
        moved = {each["step"]: each["after"] for each in shown_first.json["moved"]}
        assert moved == {each["step"]: each["due_on"] for each in page["steps"]}


def test_extend(house: House, name: str) -> None:
    said = house.done("onboarding", "extend", name, "--until", "30.06.2036", "--reason", "agreed")
    assert said.err == f"the probation of {name} lasts until 2036-06-30\n"
    refused = house.opskit(
        "onboarding", "extend", name, "--until", "2036-06-01", "--reason", "agreed"
    )
    assert refused.err == (
        f"error[invalid]: the probation of {name} lasts until 2036-06-30 already\n"
        "hint: give a later day: --until 2036-07-30\n"
    )


def test_a_probation_of_years_is_asked_about(house: House, name: str) -> None:
    words = ("onboarding", "extend", name, "--until", "2037-06-30", "--reason", "agreed")
    refused = house.opskit(*words)
    assert (refused.code, refused.err) == (
        2,
        (
            "error[usage]: nothing was done: stdin is no terminal, so nobody can agree\n"
            "hint: give --yes to do it\n"
        ),
    )
    command = (sys.executable, "-m", "opskit", *words)
    question = "The probation ends on 2036-03-02: prolong it until 2037-06-30?"
    sit_before(command, house.environment(), answers=[(question, "n")])
    until = house.done("onboarding", "show", name, "--json").json["probation_until"]
    assert until == "2036-03-02"
    said = house.done(*words, "--yes")
    assert said.err == f"the probation of {name} lasts until 2037-06-30\n"


def test_who_works_on_a_path_that_rests_hears_of_it(house: House, name: str) -> None:
    number = number_of(house, name)
    house.done("onboarding", "pause", name, "--reason", "ill", "--on", "yesterday")
    told = house.done("onboarding", "tick", name, "workstation")
    rests, done = told.err.splitlines()
    assert rests.startswith(f"{number} rests since 20")
    assert rests.endswith(f"; a manager lets it go on: opskit onboarding resume {number}")
    assert done == f"{number} 2: Workstation ready and tried out: done"
    house.done("onboarding", "resume", name)
    assert len(house.done("onboarding", "tick", name, "accounts").err.splitlines()) == 1
