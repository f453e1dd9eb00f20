"""What the helps of the step commands show can be typed as it stands, for every kind of run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.checklists.office import begun, publish_second
from tests.patches.preparing import prepared
from tests.support.commands import shown
from tests.support.home import House

PATH = (
    *("--pole", "back-office", "--site", "sonceboz", "--module", "on-call"),
    *("--start", "2035-03-01", "--mentor", "bob"),
)


def office(house: House, folder: Path) -> str:
    number = begun(house, folder)
    publish_second(house, folder)
    return number


def patch(house: House, _folder: Path) -> str:
    return prepared(house)


def consultant(house: House, _folder: Path) -> str:
    house.done("onboarding", "start", "Camille Perret", *PATH, as_user="alice")
    return "Camille Perret"


BEGINNINGS: dict[str, Callable[[House, Path], str]] = {
    "checklist": office,
    "patch": patch,
    "onboarding": consultant,
}


@pytest.mark.parametrize("group", BEGINNINGS)
def test_the_examples_of_the_helps_work(own_house: House, tmp_path: Path, group: str) -> None:
    """Typed in an order in which each of them finds something to do."""
    own_house.login("alice")
    run = BEGINNINGS[group](own_house, tmp_path)

    def type_all(verb: str) -> None:
        for example in shown(group, verb):
            own_house.done(group, verb, run, *example)

    type_all("tick")
    step, *reason = shown(group, "reopen")[0]
    own_house.opskit(group, "tick", run, step)
    own_house.done(group, "reopen", run, step, *reason)
    if group != "onboarding":  # a path ends by commands of its own
        type_all("cancel")
        own_house.done(group, "reopen", run, *shown(group, "reopen")[1])
    own_house.opskit(group, "tick", run, *shown(group, "tick")[0])
    for verb in ("skip", "wait", "nudge", "assign", "comment", "move", "upgrade", "history"):
        type_all(verb)
    own_house.login("alice")
    for example in shown(group, "waive"):
        own_house.done(group, "waive", run, *example)
        own_house.done(group, "reopen", run, example[0], "--reason", "again")
    for example in shown(group, "check"):
        assert own_house.opskit(group, "check", run, *example).code in (0, 8)


@pytest.mark.parametrize("group", ["checklist", "patch"])
def test_the_examples_of_the_decisions_work(own_house: House, tmp_path: Path, group: str) -> None:
    own_house.login("alice")
    run = BEGINNINGS[group](own_house, tmp_path)
    own_house.login("alice")
    own_house.done(group, "no-go", run, *shown(group, "no-go")[0])
    steps = own_house.done(group, "show", run, "--json").json["steps"]
    for step in steps:
        if step["gate"] is None:
            own_house.done(group, "waive", run, step["step"], "--reason", "rehearsal")
    own_house.done(group, "go", run, *shown(group, "go")[0])
    own_house.done(group, "close", run, *shown(group, "close")[0])
    assert own_house.done(group, "show", run, "--json").json["state"] == "closed"
