"""When the steps of a run are due: business days from the anchor, or from another step."""

from collections.abc import Mapping, Sequence
from datetime import date

from opskit.checklists.templates import StepTemplate
from opskit.core.business_days import Calendar


def due_dates(
    steps: Sequence[StepTemplate],
    *,
    anchor_on: date,
    canton: str | None,
    calendar: Calendar,
    pinned: Mapping[str, date] | None = None,
) -> dict[str, date]:
    """The due date of every step, by key. A pinned date stands, and others count from it.

    A step whose anchor is another step that is not in the list counts from the run's anchor.

    Raises:
        InvalidError: there is no such canton, or the calendar ends before a date is reached.
    """
    asked = {step.key: step for step in steps}
    dates = dict(pinned or {})

    def due_of(key: str) -> date:
        if key not in dates:
            due = asked[key].due_after
            start = due_of(due.after) if due.after in asked else anchor_on
            dates[key] = calendar.add(start, due.days, canton)
        return dates[key]

    return {step.key: due_of(step.key) for step in steps}
