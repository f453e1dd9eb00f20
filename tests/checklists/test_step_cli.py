"""tick, waive, skip and reopen as typed. They mean the same for every kind of run."""

from pathlib import Path

import pytest

from tests.checklists.office import begun
from tests.support.home import House


@pytest.fixture
def run(house: House, tmp_path: Path) -> str:
    """A list of bob's, who is logged in."""
    return begun(house, tmp_path)


def test_tick_says_what_it_did(house: House, run: str) -> None:
    result = house.done("checklist", "tick", run.lower(), "1", "--answer", "240 m2")
    assert (result.out, result.err) == ("", f"{run} 1: Space measured: done\n")
    page = house.done("checklist", "show", run).out
    assert "[x]  1  Space measured" in page
    assert "240 m2" in page


def test_tick_as_json(house: House, run: str) -> None:
    words = ("space", "--answer", "240 m2", "--ticket", "cs-7", "--json")
    row = house.done("checklist", "tick", run, *words).json
    assert row["answered_at"]
    told = {name: row[name] for name in ("position", "step", "text", "state", "answer", "ticket")}
    assert told == {
        "position": 1,
        "step": "space",
        "text": "Space measured",
        "state": "done",
        "answer": "240 m2",
        "ticket": "CS-7",
    }


def test_several_steps_are_confirmed_together(house: House, run: str) -> None:
    result = house.done("checklist", "tick", run, "movers", "4", "lift")
    assert result.err == (
        f"{run} 2: Movers hired: done\n{run} 4: Keys received: done\n{run} 3: Lift reserved: done\n"
    )
    house.done("checklist", "reopen", run, "2", "--reason", "another firm")
    house.done("checklist", "reopen", run, "3", "--reason", "another firm")
    rows = house.done("checklist", "tick", run, "2", "3", "--json").json
    assert [(row["step"], row["state"]) for row in rows] == [("movers", "done"), ("lift", "done")]


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("2", "1"), 4, "error[conflict]: space demands evidence: value"),
        (("2", "unload"), 4, "error[conflict]: unload is read and done by itself"),
        (("2", "9"), 4, "error[conflict]: closing demands evidence: text"),
        (("2", "go"), 4, "error[step-decides]: go is a decision of its own"),
        (("2", "12"), 3, "error[not-found]: {run} has no step '12'"),
        (("2", "3", "--answer", "x"), 2, "error[usage]: one answer does not fit several steps"),
    ],
)
def test_several_steps_or_none(
    house: House, run: str, words: tuple[str, ...], code: int, error: str
) -> None:
    result = house.opskit("checklist", "tick", run, *words)
    assert (result.code, result.err.partition("\n")[0]) == (code, error.format(run=run))
    assert house.done("checklist", "show", run, "--json").json["done"] == 0


def test_reopen_forgets_the_answer(house: House, run: str) -> None:
    house.done("checklist", "tick", run, "1", "--answer", "240 m2")
    result = house.done("checklist", "reopen", run, "1", "--reason", "measured wrongly")
    assert result.err == f"{run} 1: Space measured: ready\n"
    row = house.done("checklist", "show", run, "--json").json["steps"][0]
    assert (row["state"], row["answer"], row["answered_at"]) == ("ready", None, None)
    house.done("checklist", "tick", run, "1", "--answer", "again")


def test_a_cancelled_list_is_taken_up_again(house: House, run: str) -> None:
    open_one = house.opskit("checklist", "reopen", run, "--reason", "x")
    assert open_one.code == 4
    assert open_one.err.startswith(f"error[conflict]: {run} was not cancelled\nhint: ")
    house.done("checklist", "cancel", run, "--reason", "begun by mistake", "--yes")
    refused = house.opskit("checklist", "tick", run, "2")
    assert (refused.code, refused.err) == (
        4,
        (
            f"error[run-closed]: {run} was cancelled\n"
            f"hint: to take it up again: opskit checklist reopen {run} --reason TEXT\n"
        ),
    )
    again = house.done("checklist", "reopen", run, "--reason", "it was none")
    assert again.err == f"{run} goes on where it was left\n"
    house.done("checklist", "tick", run, "2")


def test_waive_needs_a_second_person(house: House, run: str) -> None:
    words = ("checklist", "waive", run, "movers", "--reason", "the team carries")
    own = house.opskit(*words)
    assert own.code == 6
    assert own.err == (
        f"error[second-person]: bob cannot decide this: {run} is their own\n"
        "hint: ask another person of the team\n"
    )
    result = house.done(*words, as_user="alice")
    assert result.err == f"{run} 2: Movers hired: waived\n"
    assert "the team carries" in house.done("checklist", "show", run).out


def test_a_waiver_may_end(house: House, run: str) -> None:
    words = ("checklist", "waive", run, "movers", "--reason", "no", "--until")
    past = house.opskit(*words, "2020-01-01", as_user="alice")
    assert (past.code, past.err) == (
        5,
        "error[invalid]: 2020-01-01 is past\nhint: give a later day: --until +5bd\n",
    )
    row = house.done(*words, "2035-02-01", "--json").json
    assert (row["state"], row["waived_until"]) == ("waived", "2035-02-01")


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("tick", "1"), 5, "error[evidence]: the step demands evidence: value"),
        (("tick", "1", "--answer", "  "), 5, "error[evidence]: the step demands evidence: value"),
        (("tick", "unload"), 4, "error[step-blocked]: unload waits for go"),
        (("tick", "spac", "--answer", "x"), 3, "error[not-found]: {run} has no step 'spac'"),
        (("tick", "20", "--answer", "x"), 3, "error[not-found]: {run} has no step '20'"),
        (("tick", "5", "--answer", "no.pdf"), 3, "error[not-found]: cannot read no.pdf"),
        (("tick", "2", "--ticket", "7"), 5, "error[invalid]: '7' is no ticket key"),
        (("tick",), 2, "error[usage]: 'STEP...' is missing"),
        (
            ("reopen", "1", "--reason", "x"),
            4,
            "error[conflict]: {run} 1 (space): the step is open already",
        ),
        (("reopen", "1"), 2, "error[usage]: '--reason' is missing"),
        (("waive", "1"), 2, "error[usage]: '--reason' is missing"),
        (("skip", "2", "--reason", "x"), 4, "error[conflict]: the step movers is mandatory"),
    ],
)
def test_what_is_refused(
    house: House, run: str, words: tuple[str, ...], code: int, error: str
) -> None:
    verb, *rest = words
    result = house.opskit("checklist", verb, run, *rest)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(error.format(run=run))
    assert "\nhint: " in result.err


def test_a_step_is_ticked_once(house: House, run: str) -> None:
    house.done("checklist", "tick", run, "2")
    again = house.opskit("checklist", "tick", run, "2")
    assert (again.code, again.err) == (
        4,
        (
            f"error[conflict]: {run} 2 (movers): the step is done already\n"
            f"hint: opskit checklist reopen {run} 2 --reason TEXT\n"
        ),
    )


def test_a_run_closes_with_its_last_step(house: House, run: str) -> None:
    for step in (1, 2, 3, 4, 5, 7, 8):
        house.done("checklist", "waive", run, str(step), "--reason", "rehearsal", as_user="alice")
    house.done("checklist", "go", run, "--reason", "rehearsed", as_user="alice")
    house.done("checklist", "close", run, "--answer", "rehearsed")
    assert house.done("checklist", "show", run, "--json").json["state"] == "closed"
    closed = house.opskit("checklist", "check", run)
    assert closed.code == 4
    assert closed.err == (
        f"error[run-closed]: {run} is closed\nhint: reopen a step to go on with it\n"
    )
    house.done("checklist", "reopen", run, "9", "--reason", "not yet")
    assert house.done("checklist", "show", run, "--json").json["state"] == "open"
