"""The newcomer's own week stands first."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from onboarding.services import Walk
from onboarding.week import Week, week_lines, week_of
from opskit.checklists import services as checklists
from tests.onboarding.walking import START, begin, settle


@pytest.fixture
def walk(session: Session) -> Walk:
    return begin(session)


def keys(week: Week) -> tuple[list[str], list[str]]:
    return [each.step.key for each in week.own], [each.step.key for each in week.others]


def test_the_first_week(walk: Walk) -> None:
    settle(walk, "mentor", "workstation", "accounts", "welcome-plan", "badge", "site-tour")
    week = week_of(walk.run, login="zoe", on=date(2027, 2, 3))
    assert (week.first, week.last) == (START, date(2027, 2, 5))
    assert keys(week) == (
        ["confidentiality", "ticket-tool", "self-assessment"],
        ["team-and-clients", "safe-training"],
    )
    assert week_lines(week, names={}) == [
        "This week, 2027-02-01 to 2027-02-05",
        "[ ]  6  Confidentiality and data protection rules signed (2027-02-02, late)",
        "[ ]  9  Ticket tool tried, first ticket commented (2027-02-04)",
        "[ ] 11  First self-assessment filled in (2027-02-05)",
        "",
        "From others until then",
        "[ ]  8  Team met, clients of the pole introduced (2027-02-03, mentor)",
        "[~] 10  Digital safe training, sandbox access (2027-02-05, mentor, after 6)",
    ]


def test_a_step_is_whose_it_was_given_to(walk: Walk) -> None:
    checklists.find_step(walk.run, "ticket-tool").assignee = "prey"
    checklists.find_step(walk.run, "team-and-clients").assignee = "zoe"
    settle(walk, "mentor", "workstation", "accounts", "welcome-plan", "badge", "site-tour")
    week = week_of(walk.run, login="zoe", on=START)
    assert "team-and-clients" in keys(week)[0]
    lines = week_lines(week, names={"prey": "Paul Rey"})
    assert any("(2027-02-04, Paul Rey)" in line for line in lines)


def test_a_week_without_a_step_says_what_comes(walk: Walk) -> None:
    settle(walk, *(step.key for step in walk.run.steps if step.due_on < date(2027, 3, 8)))
    week = week_of(walk.run, login="zoe", on=date(2027, 3, 3))
    assert week_lines(week, names={}) == [
        "This week, 2027-03-01 to 2027-03-05",
        "nothing is due; next on 2027-03-11: 20  Full payroll run, social charges included",
    ]


def test_a_weekend_belongs_to_the_week_before_it(walk: Walk) -> None:
    assert week_of(walk.run, login="zoe", on=date(2027, 2, 7)).last == date(2027, 2, 5)


def test_when_everything_is_done(walk: Walk) -> None:
    settle(walk)
    week = week_of(walk.run, login="zoe", on=START)
    assert week_lines(week, names={})[1:] == ["nothing is left to do"]
