"""Runs that are given up, and taken up again."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.errors import ReasonMissingError, RunClosedError
from opskit.checklists.models import Run
from opskit.core.errors import ConflictError
from opskit.core.events import Event
from tests.checklists.samples import ALICE, AT, BOB, start_small, states, tick


@pytest.fixture
def run(session: Session) -> Run:
    return start_small(session)


def cancel(session: Session, run: Run, reason: str = "the client waits") -> Run:
    return services.cancel(session, run=run, reason=reason, at=AT, actor=ALICE)


def resume(session: Session, run: Run, reason: str = "after all") -> Run:
    return services.resume(session, run=run, reason=reason, at=AT, actor=BOB)


def test_its_steps_stay_as_they_are(session: Session, run: Run) -> None:
    tick(session, run, "note", answer="nothing")
    before = states(run)
    cancel(session, run)
    assert (run.state, run.ended_at, states(run)) == ("cancelled", AT, before)
    resume(session, run)
    assert (run.state, run.ended_at, states(run)) == ("open", None, before)
    query = select(Event).where(Event.action.in_(["patch.cancelled", "patch.resumed"]))
    told = [(event.action, (event.personal or {})["reason"]) for event in session.scalars(query)]
    assert sorted(told) == [
        ("patch.cancelled", "the client waits"),
        ("patch.resumed", "after all"),
    ]


def test_what_cannot_be_given_up(session: Session, run: Run) -> None:
    with pytest.raises(ReasonMissingError):
        cancel(session, run, " ")
    session.refresh(run)
    cancel(session, run)
    with pytest.raises(RunClosedError, match="was cancelled"):
        cancel(session, run)
    with pytest.raises(ReasonMissingError):
        resume(session, run, " ")


def test_what_cannot_be_taken_up(session: Session, run: Run) -> None:
    with pytest.raises(ConflictError, match="was not cancelled"):
        resume(session, run)
    for step in run.steps:
        services.waive(session, run=run, key=step.key, reason="rehearsal", at=AT, actor=BOB)
    with pytest.raises(RunClosedError, match="is closed"):
        cancel(session, run)
    with pytest.raises(ConflictError):
        resume(session, run)
