"""The board of a campaign, from the database."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists.models import CANCELLED, Run
from opskit.core.business_days import PUBLIC
from opskit.patches.campaigns.boards import Board, Mark
from opskit.patches.campaigns.burning import Point
from opskit.patches.campaigns.forecasting import Outlook
from opskit.patches.campaigns.services.boarding import board
from opskit.patches.campaigns.services.reading import (
    find_campaign,
    line_of,
    list_campaigns,
    members,
)
from opskit.patches.models import Campaign
from tests.patches.campaigns.companies import add_agent, add_client, created

LATER = date(2027, 1, 4)


@pytest.fixture
def campaign(session: Session) -> Campaign:
    """Three clients, patched on the 11th, the 18th and the 25th of January."""
    add_agent(session, "bob")
    for code in ("AAA", "BBB", "CCC"):
        add_client(session, code)
    return created(session)


def runs(session: Session) -> list[Run]:
    return list(session.scalars(select(Run).order_by(Run.number)))


def settle(session: Session, run: Run, keys: int, day: date) -> None:
    """Its first steps are done on that day."""
    for step in run.steps[:keys]:
        step.state = "done"
        step.settled_at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    session.flush()


def shown(session: Session, campaign: Campaign, *, on: date, most: int | None = None) -> Board:
    return board(session, campaign, on=on, calendar=PUBLIC, most=most)


def test_a_new_campaign(session: Session, campaign: Campaign) -> None:
    found = shown(session, campaign, on=date(2026, 11, 25))
    assert (found.name, found.clients, found.closed, found.cancelled) == ("C1", 3, 0, 0)
    assert [line.client for line in found.lines] == ["AAA", "BBB", "CCC"]
    assert {(line.settled, line.steps, line.late) for line in found.lines} == {(0, 19, 0)}
    assert len(found.steps) == 19
    assert found.steps[0].tally.text == "File opened, current and target version noted"
    assert found.bottlenecks == []
    assert found.forecast.outlook is Outlook.PLANNED
    assert found.forecast.end == max(step.due_on for run in runs(session) for step in run.steps)


def test_the_worst_first_and_only_so_many(session: Session, campaign: Campaign) -> None:
    """BBB has failed; of the others, late on the same number of steps, AAA comes sooner."""
    runs(session)[1].steps[1].state = "failed"
    session.flush()
    on = date(2026, 11, 25)
    found = shown(session, campaign, on=on)
    assert [line.client for line in found.lines] == ["BBB", "AAA", "CCC"]
    one = shown(session, campaign, on=on, most=1)
    assert one.lines == found.lines[:1]
    assert (one.hidden, one.steps, one.burndown) == (2, found.steps, found.burndown)


def test_marks(session: Session, campaign: Campaign) -> None:
    (run, *_others) = runs(session)
    states = ("done", "failed", "waiting", "ready", "submitted", "waived", "not-applicable")
    for step, state in zip(run.steps, (*states, "blocked"), strict=False):
        step.state = state
    session.flush()
    on = run.steps[0].due_on  # nothing is late before the day after
    cells = next(
        line for line in shown(session, campaign, on=on).lines if line.client == "AAA"
    ).cells
    marks = "".join(cells[step.key].mark for step in run.steps[:8])
    assert marks == "x!w.w--~"
    assert not any(cell.late for cell in cells.values())
    late = next(line for line in shown(session, campaign, on=LATER).lines if line.client == "AAA")
    assert late.cells[run.steps[3].key].mark is Mark.TROUBLE
    assert late.cells[run.steps[0].key].late is False
    assert late.cells[run.steps[7].key].mark is Mark.BLOCKED


def test_where_it_is_stuck(session: Session, campaign: Campaign) -> None:
    for run in runs(session)[:2]:
        step = next(each for each in run.steps if each.key == "date-confirmed")
        step.state, step.waiting_for = "waiting", "client"
    session.flush()
    found = shown(session, campaign, on=date(2026, 11, 25))
    assert [each.text for each in found.bottlenecks] == [
        '2 clients are stuck at "Date confirmed in writing by the client": waits for the client 2'
    ]


def test_the_burn_down_counts_by_week(session: Session, campaign: Campaign) -> None:
    first, second, _third = runs(session)
    settle(session, first, 4, date(2026, 12, 9))
    settle(session, second, 2, date(2026, 12, 17))
    points = shown(session, campaign, on=date(2026, 12, 18)).burndown.points
    assert points[0] == Point(date(2026, 11, 29), planned=57, open=57)
    assert [each.open for each in points[1:5]] == [57, 53, 51, None]
    assert points[-1].planned == 0


def test_a_step_counts_from_the_day_it_was_settled(session: Session, campaign: Campaign) -> None:
    (run, *_others) = runs(session)
    step = run.steps[1]
    step.state, step.settled_at = "done", datetime(2026, 12, 9, 9, tzinfo=UTC)
    step.checked_at = datetime(2026, 12, 17, 9, tzinfo=UTC)  # asked again, and still green
    session.flush()
    points = shown(session, campaign, on=date(2026, 12, 18)).burndown.points
    assert [each.open for each in points[:4]] == [57, 57, 56, 56]


def test_what_was_cancelled_counts_no_more(session: Session, campaign: Campaign) -> None:
    first, *_others = runs(session)
    first.state = CANCELLED
    session.flush()
    found = shown(session, campaign, on=LATER)
    assert [line.client for line in found.lines] == ["BBB", "CCC"]
    assert (found.clients, found.cancelled, found.hidden) == (3, 1, 0)
    assert found.steps[0].clients == 2
    for run in runs(session):
        run.state = CANCELLED
    session.flush()
    nobody = shown(session, campaign, on=LATER)
    assert (nobody.lines, nobody.steps, nobody.burndown.steps) == ([], [], 0)


def test_steps_that_an_upgrade_dropped_are_not_shown(session: Session, campaign: Campaign) -> None:
    (run, *_others) = runs(session)
    dropped = run.steps[4]
    dropped.dropped_at = datetime(2026, 12, 9, tzinfo=UTC)
    session.flush()
    found = shown(session, campaign, on=LATER)
    line = next(each for each in found.lines if each.client == "AAA")
    assert dropped.key not in line.cells
    assert line.steps == 18
    assert found.steps[4].clients == 2


def test_members_and_lists(session: Session, campaign: Campaign) -> None:
    settle(session, runs(session)[0], 3, LATER)
    found = members(session, campaign, on=LATER)
    assert [(each.run, each.client, each.assignee) for each in found] == [
        ("P1", "AAA", "bob"),
        ("P2", "BBB", "bob"),
        ("P3", "CCC", "bob"),
    ]
    assert (found[0].progress.done, found[0].progress.total, found[0].progress.percent) == (
        3,
        19,
        15,
    )
    add_client(session, "DDD")
    other = created(session)
    assert [line.campaign.name for line in list_campaigns(session)] == [other.name, campaign.name]
    assert find_campaign(session, "c1") is campaign
    assert (line_of(session, campaign).clients, line_of(session, campaign).open) == (3, 3)
