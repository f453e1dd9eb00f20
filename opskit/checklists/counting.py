"""Progress counted by the database, since there may be ten thousand runs: no step is an object."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func

from opskit.checklists.models import Step
from opskit.checklists.progress import Progress, percent_of
from opskit.checklists.states import SETTLED


def count_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows meet it; 0 where there is no row."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def is_settled() -> ColumnElement[bool]:
    """Of a step: nothing is left to do."""
    return Step.state.in_(SETTLED)


def is_late_on(on: date) -> ColumnElement[bool]:
    """Of a step: what `progress.is_late` says of one that was read."""
    return and_(~is_settled(), Step.due_on < on)


def progress_of(row: Row[*tuple[Any, ...]]) -> Progress:
    """From the columns `done`, `total` and `late`."""
    return Progress(row.done, row.total, row.late, percent_of(row.done, row.total))
