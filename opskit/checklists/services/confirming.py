"""Several steps at once: the checklist is read out at the end of a phase, and confirmed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from opskit.checklists.models import Run, Step
from opskit.checklists.services.answers import tick
from opskit.checklists.services.runs import find_step
from opskit.checklists.templates import Evidence, Mode
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import Identity


def confirm(
    session: Session,
    *,
    run: Run,
    keys: Sequence[str],
    on: date,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
    own_role: str | None = None,
) -> list[Step]:
    """Mark several steps as done, all of them or none; `own_role` as for `tick`.

    Raises:
        ConflictError: a step of them demands evidence, or stands in a phase that is worked through
            one step after the other; besides what `tick` raises.
    """
    steps = [find_step(run, key) for key in keys]
    for step in steps:
        _refuse_by_itself(run, step)
    words: dict[str, Any] = {"ticket": ticket, "on": on, "at": at, "actor": actor}
    return [
        tick(session, run=run, key=step.key, answer=None, own_role=own_role, **words)
        for step in steps
    ]


def _refuse_by_itself(run: Run, step: Step) -> None:
    asked = step.asked
    modes = {phase.key: phase.mode for phase in run.phases}
    if asked.evidence is not Evidence.NONE:
        reason = _("{step} demands evidence: {kind}").format(
            step=step.key, kind=asked.evidence.value
        )
    elif modes.get(asked.phase) is Mode.READ_DO:
        reason = _("{step} is read and done by itself").format(step=step.key)
    else:
        return
    hint = f"opskit {run.kind} tick {run.name} {step.position}"
    raise ConflictError(
        reason, hint=hint if asked.evidence is Evidence.NONE else f"{hint} --answer TEXT"
    )
