"""Who looks after a run or a step, and what people note on them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists.models import Comment, Run
from opskit.checklists.services.answers import stated
from opskit.checklists.services.changes import Pen
from opskit.checklists.services.runs import find_step
from opskit.core.identity import Identity


def assign(
    session: Session,
    *,
    run: Run,
    key: str | None,
    login: str | None,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> None:
    """Give a step, or without a key the run, to a person by login; None takes it back.

    Raises:
        NotFoundError: no such step.
        RunClosedError: the run was cancelled.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    if key is None:
        before, run.assignee = run.assignee, login
        pen.record_run("assigned", personal={"before": before, "login": login})
        return
    step = find_step(run, key)
    before, step.assignee = step.assignee, login
    pen.record("assigned", step, personal={"before": before, "login": login})


def comment(
    session: Session,
    *,
    run: Run,
    key: str | None,
    text: str,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> Comment:
    """Note something on a step, or without a key on the run.

    Raises:
        NotFoundError: no such step.
        ReasonMissingError: nothing is said.
        RunClosedError: the run was cancelled.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    step = find_step(run, key) if key is not None else None
    made = Comment(
        run_id=run.id,
        key=step.key if step else None,
        text=stated(text),
        ticket=ticket,
        written_by=actor.entity_id,
        written_at=at,
    )
    session.add(made)
    if step is None:
        pen.record_run("commented", personal={"text": made.text})
    else:
        pen.record("commented", step, personal={"text": made.text})
    return made


def comments_of(session: Session, run: Run) -> Sequence[Comment]:
    """What was noted, in the order of the notes."""
    query = select(Comment).where(Comment.run_id == run.id).order_by(Comment.id)
    return session.scalars(query).all()
