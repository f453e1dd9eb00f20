"""The mentor's signature under what a newcomer has submitted."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from onboarding.errors import NotSubmittedError
from onboarding.services.walks import Walk
from opskit.checklists import services as checklists
from opskit.checklists.models import Step
from opskit.checklists.states import State
from opskit.core.i18n import _
from opskit.core.identity import Identity


def sign(
    session: Session,
    *,
    walk: Walk,
    key: str,
    answer: str | None,
    ticket: str | None,
    on: date,
    at: datetime,
    actor: Identity,
) -> Step:
    """Accept a step that was submitted; without an answer the newcomer's own stands.

    The walk comes from `find_to_sign`, which lets pass who may.

    Raises:
        NotFoundError: no such step.
        NotSubmittedError: it was not submitted.
        RunClosedError: the path was given up.
    """
    walk.require_under_way()
    step = checklists.find_step(walk.run, key)
    if step.state != State.SUBMITTED:
        raise NotSubmittedError(
            _("{step} was not submitted by {name}").format(step=step.key, name=walk.person.name),
            hint=_("to tick it yourself: {command}").format(
                command=f"opskit onboarding tick {walk.run.name} {step.position}"
            ),
        )
    return checklists.tick(
        session,
        run=walk.run,
        key=step.key,
        answer=answer,
        ticket=ticket,
        on=on,
        at=at,
        actor=actor,
    )
