"""How a walk ends: finished, left, or undone because it was the wrong one. Nothing is deleted."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from onboarding.models import ConsultantState
from onboarding.services.walks import Walk, latest_of, lock, tell, walk_of
from opskit.checklists import services as checklists
from opskit.checklists.models import OPEN, Run, Step
from opskit.checklists.services.answers import stated
from opskit.checklists.states import SETTLED
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.staff.models import Person


def finish(
    session: Session, *, walk: Walk, reason: str | None, at: datetime, actor: Identity
) -> list[Step]:
    """End a walk that has come to its end; given a reason, what is open is waived by it.

    Raises:
        ConflictError: steps are open, and no reason was given.
        SecondPersonError: it is the person's own path.
    """
    lock(session, walk)
    walk.require_under_way()
    left = open_steps(walk.run)
    if left and not (reason or "").strip():
        raise ConflictError(
            _("open steps of {run}: {count}").format(count=len(left), run=walk.run.name),
            hint=_("waive them with a reason: {command}").format(
                command=f'opskit onboarding finish {walk.run.name} --reason "TEXT"'
            ),
        )
    signed: dict[str, Any] = {"at": at, "actor": actor}
    for step in left:
        checklists.waive(session, run=walk.run, key=step.key, reason=reason or "", **signed)
    said = {"reason": reason.strip()} if reason and reason.strip() else {}
    _end(session, walk, ConsultantState.FINISHED, signed, waived=len(left), said=said)
    return left


def undo(session: Session, *, walk: Walk, reason: str, at: datetime, actor: Identity) -> None:
    """Take back a path that was the wrong one: the person may begin another at once.

    Raises:
        ReasonMissingError: nothing is said.
    """
    lock(session, walk)
    walk.require_under_way()
    signed: dict[str, Any] = {"at": at, "actor": actor}
    said = stated(reason)
    _give_up(session, walk.run, said, signed)
    answered = sum(step.answered_at is not None for step in walk.run.steps)
    _end(session, walk, ConsultantState.UNDONE, signed, answered=answered, said={"reason": said})


def leave_path(
    session: Session, *, person: Person, reason: str, at: datetime, actor: Identity
) -> Walk | None:
    """End the walk of somebody who leaves; None where the person is on no path.

    Raises:
        DeniedError: neither manager nor admin.
        ReasonMissingError: nothing is said.
    """
    require_role(actor, "manager", "admin")
    consultant = latest_of(session, person.id)
    if consultant is None:
        return None
    walk = walk_of(session, consultant)
    lock(session, walk)
    if not walk.is_under_way:
        return None
    signed: dict[str, Any] = {"at": at, "actor": actor}
    said = stated(reason)
    _give_up(session, walk.run, said, signed)
    _end(session, walk, ConsultantState.LEFT, signed, said={"reason": said})
    return walk


def open_steps(run: Run) -> list[Step]:
    """What is not settled yet, in its order."""
    return [step for step in run.steps if step.state not in SETTLED]


def _give_up(session: Session, run: Run, reason: str, signed: dict[str, Any]) -> None:
    if run.state == OPEN:
        checklists.cancel(session, run=run, reason=reason, **signed)


def _end(
    session: Session,
    walk: Walk,
    state: ConsultantState,
    signed: dict[str, Any],
    *,
    said: dict[str, str],
    **counts: int,
) -> None:
    before = {"state": walk.consultant.state}
    walk.consultant.state, walk.consultant.ended_at = state, signed["at"]
    session.flush()  # before a second path begins: a person walks one at a time
    tell(session, state.value, walk, signed, before=before, after=counts, personal=said)
