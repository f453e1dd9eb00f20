"""Whatever has become of the runs: the board counts what the runs themselves say."""

import random
from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists.models import CANCELLED, CLOSED, OPEN, Run, Step
from opskit.checklists.states import SETTLED, State
from opskit.core.business_days import PUBLIC
from opskit.patches.campaigns.boards import Board
from opskit.patches.campaigns.services.boarding import board
from tests.patches.campaigns.companies import TODAY, add_client, created, wish

ON = TODAY + timedelta(days=45)
STATES = [state.value for state in State]


def shuffled(session: Session, chance: random.Random) -> list[Run]:
    """Runs in any state, with steps in any state, some of them dropped."""
    runs = list(session.scalars(select(Run).order_by(Run.number)))
    for run in runs:
        run.state = chance.choice([OPEN, OPEN, OPEN, CLOSED, CANCELLED])
        for step in run.steps:
            step.state = chance.choice(STATES)
            if run.state == CLOSED:
                step.state = chance.choice(sorted(SETTLED))
            if step.state in SETTLED:
                day = TODAY + timedelta(days=chance.randrange(45))
                step.settled_at = datetime.combine(day, time(9), tzinfo=UTC)
            if step.state == State.WAITING:
                step.waiting_for = chance.choice(["client", "rnd", "expert"])
            if chance.random() < 0.1:
                step.dropped_at = datetime.combine(TODAY, time(9), tzinfo=UTC)
    session.flush()
    session.expire_all()
    return [run for run in runs if run.state != CANCELLED]


def is_late(step: Step) -> bool:
    return step.state not in SETTLED and step.due_on < ON


@pytest.mark.parametrize("seed", range(5))
def test_every_figure(session: Session, seed: int) -> None:
    for at in range(12):
        add_client(session, f"C{at:02}")
    campaign = created(session, wish(capacity="4/week"))
    runs = shuffled(session, random.Random(seed))
    shown = board(session, campaign, on=ON, calendar=PUBLIC)
    assert (shown.clients, shown.clients - shown.cancelled) == (12, len(runs))
    assert_lines(shown, runs)
    assert_columns(shown, runs)
    assert_pace(shown, [step for run in runs for step in run.steps])


def assert_lines(shown: Board, runs: list[Run]) -> None:
    lines = {line.run: line for line in shown.lines}
    assert lines.keys() == {run.name for run in runs}
    for run in runs:
        line = lines[run.name]
        assert (line.client, line.on, line.state) == (run.client, run.anchor_on, run.state)
        assert line.steps == len(run.steps)
        assert line.settled == sum(step.state in SETTLED for step in run.steps)
        assert line.late == sum(map(is_late, run.steps))
        cells = {key: (cell.state, cell.late) for key, cell in line.cells.items()}
        assert cells == {step.key: (step.state, is_late(step)) for step in run.steps}


def assert_columns(shown: Board, runs: list[Run]) -> None:
    columns = {each.tally.key: each for each in shown.steps}
    steps = [step for run in runs for step in run.steps]
    assert columns.keys() == {step.key for step in steps}
    for key, column in columns.items():
        mine = [step for step in steps if step.key == key]
        assert column.states == Counter(step.state for step in mine)
        waiting = Counter(step.waiting_for for step in mine if step.state == State.WAITING)
        assert column.tally.waiting == waiting
        ready = [step for step in mine if step.state == State.READY]
        assert column.tally.late == sum(map(is_late, ready))
    worst = sorted(columns.values(), key=lambda each: (-each.tally.stuck, each.tally.position))
    assert [each.key for each in shown.bottlenecks] == [each.tally.key for each in worst[:3]]


def assert_pace(shown: Board, steps: list[Step]) -> None:
    def settled_by(step: Step) -> bool:
        return step.settled_at is not None and step.settled_at.date() <= min(point.on, ON)

    for point in shown.burndown.points:
        assert point.planned == sum(step.due_on > point.on for step in steps)
        if point.open is not None:
            assert point.open == len(steps) - sum(map(settled_by, steps))
    assert shown.forecast.planned_end == max(step.due_on for step in steps)
