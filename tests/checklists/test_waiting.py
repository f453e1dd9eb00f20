"""Steps that wait for somebody outside the team."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.errors import ReasonMissingError, RunClosedError
from opskit.checklists.models import Run, Step
from opskit.checklists.services import Awaited
from opskit.core.errors import ConflictError, InvalidError, NotFoundError
from opskit.core.events import Event
from tests.checklists.samples import ALICE, AT, ON, all_green, check, start_small, tick

SOON = date(2027, 1, 7)


@pytest.fixture
def run(session: Session) -> Run:
    return start_small(session)


def wait(session: Session, run: Run, key: str = "note", **changes: Any) -> Step:
    words: dict[str, Any] = {
        "awaited": Awaited.CLIENT,
        "nudge_on": SOON,
        "reason": "Which interfaces?",
        "on": ON,
        "at": AT,
        "actor": ALICE,
    }
    return services.wait(session, run=run, key=key, **{**words, **changes})


def nudge(session: Session, run: Run, key: str = "note", **changes: Any) -> Step:
    words: dict[str, Any] = {"next_on": date(2027, 1, 12), "on": SOON, "at": AT, "actor": ALICE}
    return services.nudge(session, run=run, key=key, **{**words, **changes})


def test_whom_it_waits_for_since_when(session: Session, run: Run) -> None:
    step = wait(session, run, ticket="CS-7")
    assert (step.state, step.waiting_for, step.waiting_since, step.nudge_on) == (
        "waiting",
        "client",
        ON,
        SOON,
    )
    assert (step.answer, step.ticket) == ("Which interfaces?", "CS-7")
    event = session.scalars(select(Event).where(Event.action == "patch.waiting")).one()
    assert event.after == {"state": "waiting", "for": "client", "nudge_on": "2027-01-07"}
    assert (event.personal or {})["reason"] == "Which interfaces?"


def test_it_waits_since_the_first_time(session: Session, run: Run) -> None:
    wait(session, run)
    later = date(2027, 1, 8)
    again = wait(session, run, on=SOON, nudge_on=later, reason="The second question")
    assert (again.waiting_since, again.nudge_on) == (ON, later)
    other = wait(session, run, on=SOON, nudge_on=later, awaited=Awaited.RND)
    assert other.waiting_since == SOON


def test_a_nudge_notes_the_next_time(session: Session, run: Run) -> None:
    wait(session, run)
    step = nudge(session, run)
    assert (step.state, step.waiting_since, step.nudge_on) == ("waiting", ON, date(2027, 1, 12))
    event = session.scalars(select(Event).where(Event.action == "patch.nudged")).one()
    assert event.after == {"for": "client", "nudge_on": "2027-01-12"}


def test_what_waits_is_not_settled_and_blocks_others(session: Session, run: Run) -> None:
    check(session, run, all_green())
    wait(session, run)
    assert run.steps[2].state == "blocked"
    tick(session, run, "note", answer="EDI")
    note = run.steps[1]
    assert (note.state, note.waiting_for, note.waiting_since, note.nudge_on) == (
        "done",
        None,
        None,
        None,
    )
    assert run.steps[2].state == "ready"


def test_a_check_ends_the_waiting_only_when_it_is_green(session: Session, run: Run) -> None:
    registers = all_green()
    registers.findings.pop("license.valid")
    wait(session, run, "license", awaited=Awaited.EXPERT)
    assert check(session, run, registers)["license"] == "waiting"
    assert check(session, run, all_green())["license"] == "done"
    found = services.find_step(run, "license")
    assert (found.waiting_for, found.waiting_since, found.nudge_on) == (None, None, None)
    assert (found.answer, found.proof) == (None, "license.valid ok")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"nudge_on": ON}, InvalidError),
        ({"nudge_on": date(2026, 12, 24)}, InvalidError),
        ({"reason": " "}, ReasonMissingError),
        ({"key": "nothing"}, NotFoundError),
        ({"key": "backup"}, ConflictError),  # blocked
    ],
)
def test_what_cannot_wait(
    session: Session, run: Run, changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        wait(session, run, **changes)


def test_what_cannot_be_nudged(session: Session, run: Run) -> None:
    with pytest.raises(ConflictError, match="note waits for nobody"):
        nudge(session, run)
    wait(session, run)
    with pytest.raises(InvalidError, match="is no day to ask again on"):
        nudge(session, run, next_on=SOON)
    services.cancel(session, run=run, reason="no", at=AT, actor=ALICE)
    with pytest.raises(RunClosedError):
        nudge(session, run)
    with pytest.raises(RunClosedError):
        wait(session, run)
