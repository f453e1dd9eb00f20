"""A step that one run alone has beside those of its template, whatever version that run follows."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from opskit.checklists.models import Definition, Run, Step
from opskit.checklists.services.changes import Pen
from opskit.checklists.services.moving import dates_for
from opskit.checklists.templates import StepTemplate
from opskit.core.business_days import Calendar
from opskit.core.db import ensure_row
from opskit.core.errors import ConflictError, NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.core.text import did_you_mean


def add_step(
    session: Session,
    *,
    run: Run,
    asked: StepTemplate,
    calendar: Calendar,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> Step:
    """Put a step at the end of the list; what it needs must be there.

    Raises:
        NotFoundError: the run has no such phase.
        ConflictError: the run has, or had, a step with that key.
        RunClosedError: the run is closed or cancelled.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    pen.require_open()
    _refuse_unfit(session, run, asked)
    if session.get(Definition, asked.digest) is None:
        ensure_row(session, Definition(digest=asked.digest, body=asked.body))
    last = session.scalar(select(func.max(Step.position)).where(Step.run_id == run.id)) or 0
    session.add(
        Step(
            run_id=run.id,
            key=asked.key,
            position=last + 1,
            digest=asked.digest,
            due_on=run.anchor_on,
        )
    )
    session.flush()
    session.refresh(run, ["steps"])
    step = next(each for each in run.steps if each.key == asked.key)
    step.due_on = dates_for(run, anchor_on=run.anchor_on, calendar=calendar)[asked.key]
    pen.settle()
    after = {"owner": asked.owner, "phase": asked.phase, "due_on": step.due_on.isoformat()}
    pen.record("added", step, after=after, personal={"text": asked.text.en})
    return step


def free_key(session: Session, run: Run, stem: str) -> str:
    """The stem, or with a number where the run has, or had, a step of that name."""
    taken = set(session.scalars(select(Step.key).where(Step.run_id == run.id)))
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


def _refuse_unfit(session: Session, run: Run, asked: StepTemplate) -> None:
    phases = [phase.key for phase in run.phases]
    if asked.phase not in phases:
        raise NotFoundError(
            _("{run} has no phase {phase}").format(run=run.name, phase=repr(asked.phase)),
            hint=did_you_mean(asked.phase, phases, otherwise=" ".join(phases)),
        )
    if session.get(Step, (run.id, asked.key)) is not None:
        raise ConflictError(
            _("{run} has the step {key} already").format(run=run.name, key=asked.key),
            hint=f"opskit {run.kind} show {run.name}",
        )
