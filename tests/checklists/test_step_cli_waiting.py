"""wait, nudge, assign and comment as typed."""

from pathlib import Path

import pytest

from opskit.core.business_days import PUBLIC
from tests.checklists.office import begun
from tests.support.home import House


@pytest.fixture
def run(house: House, tmp_path: Path) -> str:
    return begun(house, tmp_path)


def in_days(house: House, number: int) -> str:
    """The business day after that many at the office."""
    return PUBLIC.add(house.context().today(), number, "BE").isoformat()


def test_wait_says_when_to_ask_again(house: House, run: str) -> None:
    words = ("4", "--for", "client", "--reason", "who has them?")
    result = house.done("checklist", "wait", run, *words)
    assert result.err == (f"{run} 4: Keys received: waiting\nask again on {in_days(house, 3)}\n")
    row = house.done(
        "checklist", "wait", run, *words, "--nudge", "+5bd", "--ticket", "CS-7", "--json"
    ).json
    told = {name: row[name] for name in ("state", "waiting_for", "nudge_on", "answer", "ticket")}
    assert told == {
        "state": "waiting",
        "waiting_for": "client",
        "nudge_on": in_days(house, 5),
        "answer": "who has them?",
        "ticket": "CS-7",
    }


def test_nudge_prints_the_comment_to_paste(house: House, run: str) -> None:
    house.done("checklist", "wait", run, "4", "--for", "rnd", "--reason", "who has them?")
    result = house.done("checklist", "nudge", run, "4", "--next", "+5bd")
    assert result.out.startswith("Bonjour,\n\nNous attendons votre réponse depuis le ")
    assert "\n  Clés reçues\n  who has them?\n" in result.out
    assert result.err == f"ask again on {in_days(house, 5)}\n"
    row = house.done("checklist", "nudge", run, "4", "--json").json
    assert row["comment"] == result.out.removesuffix("\n")
    assert row["nudge_on"] == in_days(house, 3)


def test_a_step_that_waits_can_be_ticked(house: House, run: str) -> None:
    house.done("checklist", "wait", run, "4", "--for", "expert", "--reason", "who has them?")
    house.done("checklist", "tick", run, "4")
    row = house.done("checklist", "show", run, "--json").json["steps"][3]
    assert (row["state"], row["waiting_for"], row["nudge_on"]) == ("done", None, None)


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (
            ("wait", "{run}", "4", "--for", "boss", "--reason", "x"),
            5,
            "error[invalid]: 'boss' is nobody whom a step waits for\nhint: client, rnd, expert\n",
        ),
        (
            ("wait", "{run}", "4", "--for", "rnd", "--reason", "x", "--nudge", "2020-01-01"),
            5,
            "error[invalid]: 2020-01-01 is no day to ask again on\n",
        ),
        (
            ("wait", "{run}", "unload", "--for", "rnd", "--reason", "x"),
            4,
            "error[conflict]: {run} 7 (unload): the step is blocked by others\n",
        ),
        (
            ("nudge", "{run}", "4"),
            4,
            "error[conflict]: keys waits for nobody\nhint: opskit checklist wait {run} 4 --for",
        ),
        (("assign", "{run}"), 2, "error[usage]: these are too many or too few words"),
        (("assign", "{run}", "4", "bob", "--nobody"), 2, "error[usage]: these are too many"),
        (("assign", "{run}", "carol"), 3, "error[not-found]: there is nobody called carol"),
        (("assign", "{run}", "40", "bob"), 3, "error[not-found]: {run} has no step '40'"),
        (
            ("comment", "{run}", "4", "no", "quotes"),
            2,
            (
                "error[usage]: these are too many or too few words after the list\n"
                'hint: put the text in quotes: "the deputy is on leave"\n'
            ),
        ),
        (("comment", "{run}", "4", " "), 5, "error[reason-missing]: a reason is missing"),
    ],
)
def test_what_is_refused(
    house: House, run: str, words: tuple[str, ...], code: int, error: str
) -> None:
    result = house.opskit("checklist", *(word.format(run=run) for word in words))
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(error.format(run=run))
    assert "\nhint: " in result.err


def test_a_list_and_a_step_are_given_to_people(house: House, run: str) -> None:
    given = house.done("checklist", "assign", run, "alice")
    assert given.err == f"{run} is given to alice\n"
    step = house.done("checklist", "assign", run, "keys", "bob")
    assert step.err == f"{run} 4 is given to bob\n"
    page = house.done("checklist", "show", run, "--json").json
    assert (page["assignee"], page["steps"][3]["assignee"]) == ("alice", "bob")
    row = house.done("checklist", "assign", run, "4", "--nobody", "--json").json
    assert (row["step"], row["assignee"]) == ("keys", None)
    back = house.done("checklist", "assign", run, "--nobody")
    assert back.err == f"{run} is given to nobody\n"


def test_comments_stand_on_the_page(house: House, run: str) -> None:
    noted = house.done("checklist", "comment", run, "the landlord is away")
    assert noted.err == f"{run}: noted\n"
    row = house.done(
        "checklist", "comment", run, "4", "two sets", "--ticket", "cs-7", "--json"
    ).json
    assert row.pop("written_at")
    assert row == {"number": run, "step": "keys", "text": "two sets", "ticket": "CS-7"}
    page = house.done("checklist", "show", run).out
    assert "the landlord is away" in page
    assert "two sets" in page


def test_who_said_what_is_in_the_history(house: House, run: str) -> None:
    house.done("checklist", "tick", run, "1", "--answer", "240 m2", "--ticket", "CS-7")
    house.done("checklist", "waive", run, "2", "--reason", "we carry", as_user="alice")
    house.done("checklist", "assign", run, "4", "bob")
    rows = house.done("checklist", "history", run, "--json").json
    told = [(row["event"], row["step"], row["who"], row["said"], row["ticket"]) for row in rows]
    assert told[0][:3] == ("started", None, "bob")
    assert told[1:] == [
        ("ticked", "space", "bob", "240 m2", "CS-7"),
        ("waived", "movers", "alice", "we carry", None),
        ("assigned", "keys", "alice", "bob", None),
    ]
    lines = house.done("checklist", "history", run).out.splitlines()
    assert [line.split("\t")[2:] for line in lines][1] == [
        "bob",
        "ticked",
        "space",
        "240 m2",
        "CS-7",
    ]
