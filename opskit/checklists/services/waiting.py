"""Steps that wait for somebody outside the team: the client, R&D, an expert."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from opskit.checklists.models import Run, Step
from opskit.checklists.services.answers import stated
from opskit.checklists.services.changes import Pen, moved
from opskit.checklists.services.runs import find_step
from opskit.checklists.states import Move, State
from opskit.core.errors import ConflictError, InvalidError
from opskit.core.i18n import _
from opskit.core.identity import Identity


class Awaited(StrEnum):
    """Whom a step waits for."""

    CLIENT = "client"
    RND = "rnd"
    EXPERT = "expert"


def wait(
    session: Session,
    *,
    run: Run,
    key: str,
    awaited: Awaited,
    nudge_on: date,
    reason: str,
    on: date,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> Step:
    """Note that a step waits for somebody since today, and when to ask again.

    Raises:
        NotFoundError: no such step.
        ConflictError: the step is blocked, submitted or settled.
        InvalidError: the next nudge is past.
        ReasonMissingError: what was asked is missing.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    step = find_step(run, key)
    before = {"state": step.state}
    step.state = moved(run, step, Move.WAIT)
    _refuse_past(nudge_on, on=on)
    if step.waiting_for != awaited:
        step.waiting_since = on
    step.waiting_for, step.nudge_on = awaited.value, nudge_on
    step.answer = stated(reason)
    step.ticket = ticket or step.ticket
    pen.record(
        "waiting",
        step,
        before=before,
        after={"state": step.state, "for": awaited.value, "nudge_on": nudge_on.isoformat()},
        personal={"reason": step.answer},
    )
    return step


def nudge(
    session: Session,
    *,
    run: Run,
    key: str,
    next_on: date,
    on: date,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> Step:
    """Note that whom the step waits for was asked again, and when to do so next.

    Raises:
        NotFoundError: no such step.
        ConflictError: the step waits for nobody.
        InvalidError: the next nudge is past.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    step = find_step(run, key)
    if step.state != State.WAITING:
        raise ConflictError(
            _("{step} waits for nobody").format(step=step.key),
            hint=f"opskit {run.kind} wait {run.name} {step.position} --for client --reason TEXT",
        )
    _refuse_past(next_on, on=on)
    step.nudge_on = next_on
    pen.record("nudged", step, after={"for": step.waiting_for, "nudge_on": next_on.isoformat()})
    return step


def _refuse_past(nudge_on: date, *, on: date) -> None:
    if nudge_on <= on:
        raise InvalidError(
            _("{on} is no day to ask again on").format(on=nudge_on),
            hint=_("give a later one: --nudge +3bd"),
        )
