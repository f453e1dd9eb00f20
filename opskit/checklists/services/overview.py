"""Many runs at a glance: counted by the database, since there may be ten thousand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from opskit.checklists.counting import count_of, is_late_on, is_settled, progress_of
from opskit.checklists.models import OPEN, Run, Step
from opskit.checklists.progress import Progress
from opskit.core.refs import format_number


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in a list."""

    id: int
    name: str
    subject: str
    client: str | None
    facts: Mapping[str, Any]
    state: str
    anchor_on: date
    assignee: str | None
    progress: Progress


def overview(
    session: Session,
    *,
    kind: str,
    on: date,
    state: str | None = None,
    client: str | None = None,
    assignee: str | None = None,
) -> list[RunLine]:
    """The runs of a kind by number, the open ones first, with their progress on a day."""
    query = (
        select(
            *(Run.id, Run.letter, Run.number, Run.subject, Run.client, Run.facts, Run.state),
            *(Run.anchor_on, Run.assignee),
            func.count(Step.key).label("total"),
            count_of(is_settled()).label("done"),
            count_of(is_late_on(on) & (Run.state == OPEN)).label("late"),
        )
        .join(Step, (Step.run_id == Run.id) & Step.dropped_at.is_(None))
        .where(Run.kind == kind)
        .group_by(Run.id)
        .order_by(Run.state != OPEN, Run.number)
    )
    wanted = {Run.state: state, Run.client: client, Run.assignee: assignee}
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    return [
        RunLine(
            id=row.id,
            name=format_number(row.letter, row.number),
            subject=row.subject,
            client=row.client,
            facts=row.facts,
            state=row.state,
            anchor_on=row.anchor_on,
            assignee=row.assignee,
            progress=progress_of(row),
        )
        for row in session.execute(query)
    ]
