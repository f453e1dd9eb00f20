"""Who looks after a run, and what is noted on it; the log names people only where it may forget."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.errors import ReasonMissingError, RunClosedError
from opskit.checklists.models import Run
from opskit.core.errors import NotFoundError
from opskit.core.events import Event
from tests.checklists.samples import ALICE, AT, BOB, start_small


@pytest.fixture
def run(session: Session) -> Run:
    return start_small(session)


def assign(session: Session, run: Run, key: str | None, login: str | None) -> None:
    services.assign(session, run=run, key=key, login=login, at=AT, actor=ALICE)


def last_event(session: Session) -> Event:
    return session.scalars(select(Event).order_by(Event.id.desc())).first() or Event()


def test_a_run_and_its_steps_have_their_people(session: Session, run: Run) -> None:
    assign(session, run, None, "bob")
    event = last_event(session)
    assert (run.assignee, event.action, event.subject) == ("bob", "patch.assigned", run.name)
    assert (event.before, event.after) == (None, None)
    assert event.personal == {"actor": "alice", "before": None, "login": "bob"}
    assign(session, run, "2", "alice")
    assert [step.assignee for step in run.steps][:2] == [None, "alice"]
    assert last_event(session).subject == f"{run.name}/note"
    assign(session, run, "note", None)
    assert [step.assignee for step in run.steps][:2] == [None, None]
    assert (last_event(session).personal or {})["before"] == "alice"


def test_comments_in_their_order(session: Session, run: Run) -> None:
    for key, text in ((None, "the deputy is away"), ("note", " two interfaces ")):
        services.comment(session, run=run, key=key, text=text, at=AT, actor=BOB, ticket="CS-7")
    noted = services.comments_of(session, run)
    assert [(each.key, each.text, each.written_by, each.ticket) for each in noted] == [
        (None, "the deputy is away", "e-bob", "CS-7"),
        ("note", "two interfaces", "e-bob", "CS-7"),
    ]
    event = last_event(session)
    assert (event.action, event.subject) == ("patch.commented", f"{run.name}/note")
    assert (event.after, (event.personal or {})["text"]) == (None, "two interfaces")


def test_a_closed_run_takes_comments(session: Session, run: Run) -> None:
    for step in run.steps:
        services.waive(session, run=run, key=step.key, reason="rehearsal", at=AT, actor=BOB)
    assert run.state == "closed"
    services.comment(session, run=run, key=None, text="well done", at=AT, actor=ALICE)


def test_what_cannot_be_noted(session: Session, run: Run) -> None:
    with pytest.raises(NotFoundError):
        assign(session, run, "nothing", "bob")
    with pytest.raises(NotFoundError):
        services.comment(session, run=run, key="nothing", text="x", at=AT, actor=BOB)
    with pytest.raises(ReasonMissingError):
        services.comment(session, run=run, key=None, text=" ", at=AT, actor=BOB)
    services.cancel(session, run=run, reason="no", at=AT, actor=ALICE)
    with pytest.raises(RunClosedError):
        assign(session, run, None, "bob")
    with pytest.raises(RunClosedError):
        services.comment(session, run=run, key=None, text="x", at=AT, actor=BOB)


def test_the_history_of_a_run_and_of_no_other(session: Session, run: Run) -> None:
    other = start_small(session)
    services.comment(session, run=other, key=None, text="x", at=AT, actor=BOB)
    services.comment(session, run=run, key="note", text="y", at=AT, actor=BOB)
    told = [(each.action, each.subject) for each in services.history(session, run)]
    assert told == [("patch.started", run.name), ("patch.commented", f"{run.name}/note")]
