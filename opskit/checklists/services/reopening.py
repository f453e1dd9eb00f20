"""A step that is opened again, and with it a decision that rested on it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from opskit.checklists.models import Run, Step
from opskit.checklists.services.answers import stated
from opskit.checklists.services.changes import Pen, moved, needs_of
from opskit.checklists.services.runs import find_step
from opskit.checklists.states import Move, State, all_before
from opskit.checklists.templates import Gate
from opskit.core.identity import Identity


def reopen(
    session: Session,
    *,
    run: Run,
    key: str,
    reason: str,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> Step:
    """Open a step again, and the run with it: settled, submitted or waiting. The old answer stays
    in the event log. A go that rested on the step has to be given again.

    Raises:
        NotFoundError: no such step.
        ReasonMissingError: no reason was given.
        ConflictError: the step is open.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    step = find_step(run, key)
    before = {"state": step.state}
    step.state = moved(run, step, Move.REOPEN)
    personal = {"reason": stated(reason)}
    step.clear()
    pen.record("reopened", step, before=before, after={"state": step.state}, personal=personal)
    take_back_go(pen, personal, since=step)
    pen.settle()
    return step


def take_back_go(
    pen: Pen, personal: Mapping[str, str] | None = None, *, since: Step | None = None
) -> None:
    """What was decided on the old answer, or for the old day, has to be decided again."""
    needs = needs_of(pen.run)
    for gate in pen.run.steps:
        is_given = gate.asked.gate is Gate.GO and gate.state == State.DONE
        if is_given and (since is None or since.key in all_before(gate.key, needs)):
            gate.state = moved(pen.run, gate, Move.REOPEN)
            gate.clear()
            pen.record(
                "reopened",
                gate,
                before={"state": State.DONE},
                after={"state": gate.state},
                personal=personal,
            )
