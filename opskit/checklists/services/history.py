"""What happened to a run and its steps, from the event log."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists.models import Run, Step
from opskit.core.events import Event


def history(session: Session, run: Run) -> Sequence[Event]:
    """Every event of the run and of its steps, the oldest first; those of dropped steps too."""
    keys = session.scalars(select(Step.key).where(Step.run_id == run.id))
    subjects = [run.name, *(f"{run.name}/{key}" for key in keys)]
    query = select(Event).where(
        Event.subject.in_(subjects), Event.action.startswith(f"{run.kind}.", autoescape=True)
    )
    return session.scalars(query.order_by(Event.id)).all()
