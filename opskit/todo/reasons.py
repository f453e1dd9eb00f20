"""Why somebody is reminded of something: pure, from the day it is due.

Each item gives at most one reminder for each reason, and a new one where its day was moved.
"""

from datetime import date
from enum import StrEnum

from opskit.core.todo import TodoItem

WEEK = 7


class Reason(StrEnum):
    """The most pressing first."""

    LATE_BY_A_WEEK = "late-by-a-week"
    LATE = "late"
    DUE_SOON = "due-soon"
    OPEN = "open"

    @property
    def is_late(self) -> bool:
        return self in {Reason.LATE, Reason.LATE_BY_A_WEEK}


def reason_for(item: TodoItem, *, today: date, within: int | None = None) -> Reason | None:
    """Why to remind today; None: not yet. `within` days replaces the item's own notice."""
    if item.due is None:
        return Reason.OPEN
    days = (item.due - today).days
    if days > (item.notice if within is None else within):
        return None
    if days >= 0:
        return Reason.DUE_SOON
    return Reason.LATE if days > -WEEK else Reason.LATE_BY_A_WEEK
