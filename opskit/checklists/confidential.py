"""Lists that are not everybody's to read, such as that of a departure nobody has heard of yet.

Who oversees the team reads them, who looks after one, and who was given a step of it.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists.models import Run, Step
from opskit.core.errors import DeniedError
from opskit.core.i18n import _
from opskit.core.identity import OVERSEERS, Identity
from opskit.core.refs import format_number

Asker = Callable[[], Identity]
"""Says who asks, and has to ask the safe for that: only where it matters."""


def kept_from(session: Session, asker: Asker) -> Mapping[int, str]:
    """The runs that are not for whoever asks: their names, by id. Raises as `asker`."""
    query = select(Run.id, Run.letter, Run.number, Run.assignee).where(Run.is_confidential)
    runs = session.execute(query).all()
    if not runs:
        return {}
    reader = asker()
    if not reader.roles.isdisjoint(OVERSEERS):
        return {}
    given = _given_to(session, reader)
    return {
        run.id: format_number(run.letter, run.number)
        for run in runs
        if run.id not in given and run.assignee != reader.name
    }


def require_reader(session: Session, run: Run, asker: Asker) -> None:
    """Let pass who may read the run. Raises as `asker`.

    Raises:
        DeniedError: it is confidential, and nothing of it was given to them.
    """
    if run.is_confidential and run.id in kept_from(session, asker):
        raise DeniedError(
            _("{run} is not for everybody to read").format(run=run.name),
            hint=_(
                "a manager can give you a step of it: opskit {kind} assign {run} STEP {login}"
            ).format(kind=run.kind, run=run.name, login=asker().name),
        )


def _given_to(session: Session, reader: Identity) -> frozenset[int]:
    query = (
        select(Step.run_id)
        .join(Run, Run.id == Step.run_id)
        .where(Run.is_confidential, Step.assignee == reader.name, Step.dropped_at.is_(None))
    )
    return frozenset(session.scalars(query))
