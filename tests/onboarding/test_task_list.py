"""Owners and dates that the words of a task list name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.path_file import read_task_list
from onboarding.task_list import due_under, owner_in


@pytest.mark.parametrize(
    ("text", "owner", "rest"),
    [
        ("Manager: order a laptop", "manager", "Order a laptop"),
        ("**Buddy:** show the coffee machine", "mentor", "Show the coffee machine"),
        ("**IT**: create the accounts", "admin", "Create the accounts"),
        ("New hire: read the rules", "consultant", "Read the rules"),
        ("Parrain : montrer la cafetière", "mentor", "Montrer la cafetière"),
        ("Lunch with: somebody from sales", None, "Lunch with: somebody from sales"),
        ("Read https://example.com", None, "Read https://example.com"),
        ("Order a laptop", None, "Order a laptop"),
        ("Manager:", None, "Manager:"),
    ],
)
def test_whose_a_step_is(text: str, owner: str | None, rest: str) -> None:
    assert owner_in(text) == (owner, rest)


@pytest.mark.parametrize(
    ("heading", "days"),
    [
        ("Before the first day", -5),
        ("Avant l'arrivée", -5),
        ("Day 1", 0),
        ("Jour 3", 2),
        ("Week 1: people", 4),
        ("Weeks 2 to 4", 19),
        ("Semaines 2 à 4", 19),
        ("Wochen 2 bis 4", 19),
        ("Month 2", 41),
        ("Mois 4-6", 125),
        ("For engineers", None),
        ("Accounts", None),
        ("Day 0", 0),
    ],
)
def test_when_the_steps_below_a_heading_are_due(heading: str, days: int | None) -> None:
    assert due_under(heading) == days


@given(st.text(max_size=60))
def test_any_words_are_taken(text: str) -> None:
    owner, rest = owner_in(text)
    assert rest == text or (owner and rest)
    days = due_under(text)
    assert days is None or -5 <= days < 99 * 21


def test_a_long_list() -> None:
    """Fifty boxes in seven phases, with parts, code, comments and three ways to write a box."""
    source = Path(__file__).parent / "task_list.md"
    path = read_task_list(source, path_id="support", owner="consultant", lang="en")
    steps = {step.key: step for step in path.steps}
    assert len(steps) == 50
    assert {step.owner for step in path.steps} == {"consultant", "manager", "mentor", "admin"}
    laptop = steps["manager-order-a-laptop-and-a-headset"]
    assert (laptop.text.en, laptop.due, laptop.needs) == (
        "Order a laptop and a headset", "-5bd", ("laptop-has-arrived", "headset-has-arrived"),
    )  # fmt: skip
    assert {step.due for step in path.steps} == {
        "-5bd", "0bd", "+4bd", "+19bd", "+41bd", "+62bd", "+125bd",
    }  # fmt: skip
    assert path.phases[-1].mode == "read-do"
