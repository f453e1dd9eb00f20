"""tick, waive and reopen as typed. Tried on patch runs; they mean the same for every kind."""

import shlex

import pytest

from tests.patches.preparing import prepared
from tests.support.commands import commands
from tests.support.home import House


@pytest.fixture
def run(house: House) -> str:
    """A run of bob's, who is logged in."""
    return prepared(house)


def test_tick_says_what_it_did(house: House, run: str) -> None:
    result = house.done("patch", "tick", run.lower(), "1", "--answer", "12.1 to 12.4")
    assert (result.out, result.err) == (
        "",
        f"{run} 1: File opened, current and target version noted: done\n",
    )
    page = house.done("patch", "show", run).out
    assert "[x]  1  File opened, current and target version noted" in page
    assert "        12.1 to 12.4\n" in page


def test_tick_as_json(house: House, run: str) -> None:
    words = ("open-file", "--answer", "12.1 to 12.4", "--ticket", "cs-7", "--json")
    row = house.done("patch", "tick", run, *words).json
    assert row.pop("answered_at")
    assert row.pop("due_on")
    assert row == {
        "position": 1,
        "step": "open-file",
        "phase": "open",
        "text": "File opened, current and target version noted",
        "state": "done",
        "owner": "agent",
        "checks": [],
        "proof": None,
        "answer": "12.1 to 12.4",
        "checked_at": None,
        "ticket": "CS-7",
    }


def test_reopen_forgets_the_answer(house: House, run: str) -> None:
    house.done("patch", "tick", run, "1", "--answer", "12.1 to 12.4")
    result = house.done("patch", "reopen", run, "1", "--reason", "the date was moved")
    assert result.err == f"{run} 1: File opened, current and target version noted: ready\n"
    row = house.done("patch", "show", run, "--json").json["steps"][0]
    assert (row["state"], row["answer"], row["answered_at"]) == ("ready", None, None)
    house.done("patch", "tick", run, "1", "--answer", "again")


def test_waive_needs_a_second_person(house: House, run: str) -> None:
    words = ("patch", "waive", run, "contacts", "--reason", "the client has no deputy")
    own = house.opskit(*words)
    assert own.code == 6
    assert own.err == (
        f"error[second-person]: bob cannot decide this: {run} is their own\n"
        "hint: ask another person of the team\n"
    )
    result = house.done(*words, as_user="alice")
    assert result.err == f"{run} 9: Client contact and deputy reachable: waived\n"
    page = house.done("patch", "show", run).out
    assert "        waived: the client has no deputy\n" in page


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("tick", "1"), 5, "error[evidence]: the step demands evidence: value"),
        (("tick", "1", "--answer", "  "), 5, "error[evidence]: the step demands evidence: value"),
        (("tick", "5"), 4, "error[step-blocked]: customizations waits for open-file"),
        (("tick", "contract-active"), 4, "error[step-checks-itself]: contract-active is answered"),
        (
            ("tick", "opn-file", "--answer", "x"),
            3,
            "error[not-found]: {run} has no step 'opn-file'",
        ),
        (("tick", "20", "--answer", "x"), 3, "error[not-found]: {run} has no step '20'"),
        (
            ("tick", "1", "--answer", "x", "--ticket", "7"),
            5,
            "error[invalid]: '7' is no ticket key",
        ),
        (("reopen", "1", "--reason", "x"), 4, "error[conflict]: the step is open already"),
        (("reopen", "1"), 2, "error[usage]: '--reason' is missing"),
        (("waive", "1"), 2, "error[usage]: '--reason' is missing"),
    ],
)
def test_what_is_refused(
    house: House, run: str, words: tuple[str, ...], code: int, error: str
) -> None:
    verb, *rest = words
    result = house.opskit("patch", verb, run, *rest)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(error.format(run=run))
    assert "\nhint: " in result.err


def test_a_step_is_ticked_once(house: House, run: str) -> None:
    words = ("patch", "tick", run, "1", "--answer", "12.1 to 12.4")
    house.done(*words)
    again = house.opskit(*words)
    assert (again.code, again.err) == (
        4,
        "error[conflict]: the step is done already\nhint: reopen the step first\n",
    )


def test_a_waiver_needs_a_reason(house: House, run: str) -> None:
    result = house.opskit("patch", "waive", run, "9", "--reason", " ", as_user="alice")
    assert result.code == 5
    assert result.err.startswith("error[reason-missing]: a reason is missing\nhint: ")


def test_a_plan_is_a_link(house: House, run: str) -> None:
    for step in (1, 2, 3, 4, 5, 6, 7, 8, 11, 12):
        house.done("patch", "waive", run, str(step), "--reason", "rehearsal", as_user="alice")
    wrong = house.opskit("patch", "tick", run, "rollback-plan", "--answer", "plan.docx")
    assert wrong.code == 5
    assert wrong.err.startswith("error[evidence]: 'plan.docx' is no link\nhint: ")
    house.done("patch", "tick", run, "rollback-plan", "--answer", "https://plan.example/7")


def test_a_run_closes_with_its_last_step(house: House, run: str) -> None:
    for step in range(1, 20):
        house.done("patch", "waive", run, str(step), "--reason", "rehearsal", as_user="alice")
    assert house.done("patch", "show", run, "--json").json["state"] == "closed"
    closed = house.opskit("patch", "check", run)
    assert closed.code == 4
    assert closed.err == (
        f"error[run-closed]: {run} is closed\nhint: reopen a step to check it again\n"
    )
    house.done("patch", "reopen", run, "19", "--reason", "not yet")
    assert house.done("patch", "show", run, "--json").json["state"] == "open"


def test_who_said_what_is_in_the_log(house: House, run: str) -> None:
    house.done("patch", "tick", run, "1", "--answer", "12.1 to 12.4", "--ticket", "CS-7")
    house.done("patch", "waive", run, "9", "--reason", "no deputy", as_user="alice")
    events = house.done("audit", "list", "--client", "BETSCH", "--json").json
    told = [
        (each["action"], each["who"], each["ticket"])
        for each in events
        if str(each["subject"]).startswith(f"{run}/")
    ]
    assert sorted(told) == [("patch.ticked", "bob", "CS-7"), ("patch.waived", "alice", None)]


def test_the_examples_of_the_help_work(house: House, run: str) -> None:
    assert house.done("patch", "tick", run, *shown("patch", "tick")).err
    house.done("patch", "reopen", run, *shown("patch", "reopen"))
    house.done("patch", "skip", run, *shown("patch", "skip"))
    house.done("patch", "waive", run, *shown("patch", "waive"), as_user="alice")


def shown(group: str, verb: str) -> list[str]:
    """What the example of a verb types after the run."""
    example = commands()[f"opskit {group} {verb}"].epilog.splitlines()[0]
    return shlex.split(example)[4:]
