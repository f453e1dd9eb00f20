"""A run that is given up, and taken up again."""

from datetime import datetime

from sqlalchemy.orm import Session

from opskit.checklists.errors import RunClosedError
from opskit.checklists.models import CANCELLED, CLOSED, OPEN, Run
from opskit.checklists.services.answers import stated
from opskit.checklists.services.changes import Pen
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import Identity


def cancel(
    session: Session,
    *,
    run: Run,
    reason: str,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> Run:
    """Give a run up. Its steps stay as they are; nothing waits for anybody any more.

    Raises:
        RunClosedError: the run is closed, or was cancelled already.
        ReasonMissingError: no reason was given.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    if run.state == CLOSED:
        raise RunClosedError(
            _("{run} is closed").format(run=run.name),
            hint=f"opskit {run.kind} show {run.name}",
        )
    run.state, run.ended_at = CANCELLED, at
    pen.record_run("cancelled", personal={"reason": stated(reason)})
    return run


def resume(
    session: Session,
    *,
    run: Run,
    reason: str,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> Run:
    """Take a cancelled run up again, where it was left.

    Raises:
        ConflictError: it was not cancelled.
        ReasonMissingError: no reason was given.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock(even_cancelled=True)
    if run.state != CANCELLED:
        raise ConflictError(
            _("{run} was not cancelled").format(run=run.name),
            hint=_("name the step to reopen: {command}").format(
                command=f"opskit {run.kind} reopen {run.name} 5 --reason TEXT"
            ),
        )
    run.state, run.ended_at = OPEN, None
    pen.record_run("resumed", personal={"reason": stated(reason)})
    pen.settle()
    return run
