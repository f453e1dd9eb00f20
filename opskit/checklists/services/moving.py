"""Dates that move: those of a whole run with its anchor, or that of one step.

What counts from the anchor, or from another step, is computed anew. A pinned date stands, and so
does that of a step that is done: what counts from either goes on counting from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from opskit.checklists.applying import is_by_rule
from opskit.checklists.models import Run, Step
from opskit.checklists.scheduling import due_dates
from opskit.checklists.services.changes import Pen, refuse_over
from opskit.checklists.services.reopening import take_back_go
from opskit.checklists.services.runs import find_step
from opskit.checklists.states import SETTLED, State
from opskit.checklists.templates import Words
from opskit.core.business_days import Calendar
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import Identity


@dataclass(frozen=True, slots=True)
class Shift:
    """One step whose date moves."""

    key: str
    position: int
    text: Words
    before: date
    after: date


def plan_move(run: Run, *, to: date, calendar: Calendar) -> list[Shift]:
    """What would move with the anchor, in the order of the list.

    Raises:
        RunClosedError: the run is closed or cancelled.
        InvalidError: the calendar ends before a date is reached.
    """
    refuse_over(run)
    return _shifts(run, dates_for(run, anchor_on=to, calendar=calendar))


def plan_pin(run: Run, *, key: str, on: date | None, calendar: Calendar) -> list[Shift]:
    """What would move if a step were pinned to a day, or with None no longer pinned.

    Raises:
        NotFoundError: no such step.
        RunClosedError: the run is closed or cancelled.
        ConflictError: the step is settled; or it is not pinned, and should be set free.
    """
    refuse_over(run)
    step = _movable(run, key, on)
    return _shifts(run, _dates_with(run, step, on, calendar))


def move_run(
    session: Session,
    *,
    run: Run,
    to: date,
    calendar: Calendar,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> list[Shift]:
    """Give a run another anchor day; where nothing moves by that, nothing is recorded.

    Raises:
        RunClosedError: the run is closed or cancelled.
        InvalidError: the calendar ends before a date is reached.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    pen.require_open()
    before = run.anchor_on
    shifts = _enter(run, dates_for(run, anchor_on=to, calendar=calendar))
    if shifts or to != before:
        run.anchor_on = to
        pen.record_run(
            "moved",
            before={"anchor_on": before.isoformat()},
            after={"anchor_on": to.isoformat(), "steps": len(shifts)},
        )
        if to != before:
            take_back_go(pen)
        pen.settle()  # a condition may ask for the day
    return shifts


def pin(
    session: Session,
    *,
    run: Run,
    key: str,
    on: date | None,
    calendar: Calendar,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> list[Shift]:
    """Hold a step to a day, whatever becomes of the anchor; None lets it follow again.

    Raises:
        NotFoundError: no such step.
        RunClosedError: the run is closed or cancelled.
        ConflictError: the step is settled; or it is not pinned, and should be set free.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    pen.require_open()
    step = _movable(run, key, on)
    before = step.due_on
    shifts = _enter(run, _dates_with(run, step, on, calendar))
    step.is_pinned = on is not None
    pen.record(
        "pinned" if on is not None else "unpinned",
        step,
        before={"due_on": before.isoformat()},
        after={"due_on": step.due_on.isoformat()},
    )
    return shifts


def dates_for(run: Run, *, anchor_on: date, calendar: Calendar) -> dict[str, date]:
    """The date of every step that may move, with the run's anchor on that day."""
    pinned = {step.key: step.due_on for step in run.steps if step.is_pinned}
    return _dates(run, pinned, anchor_on=anchor_on, calendar=calendar)


def _dates_with(run: Run, step: Step, on: date | None, calendar: Calendar) -> dict[str, date]:
    pinned = {each.key: each.due_on for each in run.steps if each.is_pinned and each is not step}
    if on is not None:
        pinned[step.key] = on
    return _dates(run, pinned, anchor_on=run.anchor_on, calendar=calendar)


def _dates(
    run: Run, pinned: Mapping[str, date], *, anchor_on: date, calendar: Calendar
) -> dict[str, date]:
    """A step that its condition leaves out moves along unseen: it may come back."""
    standing = {step.key: step.due_on for step in run.steps if step.state == State.DONE}
    dates = due_dates(
        [step.asked for step in run.steps],
        anchor_on=anchor_on,
        canton=run.canton,
        calendar=calendar,
        pinned={**standing, **pinned},
    )
    return {
        step.key: dates[step.key]
        for step in run.steps
        if step.state not in SETTLED or is_by_rule(step)
    }


def _enter(run: Run, dates: Mapping[str, date]) -> list[Shift]:
    shifts = _shifts(run, dates)
    for step in run.steps:
        step.due_on = dates.get(step.key, step.due_on)
    return shifts


def _shifts(run: Run, dates: Mapping[str, date]) -> list[Shift]:
    return [
        Shift(step.key, step.position, step.asked.text, step.due_on, dates[step.key])
        for step in run.steps
        if step.state not in SETTLED and dates[step.key] != step.due_on
    ]


def _movable(run: Run, key: str, on: date | None) -> Step:
    step = find_step(run, key)
    if step.state in SETTLED:
        raise ConflictError(
            _("{step} is settled and keeps its date").format(step=step.key),
            hint=f"opskit {run.kind} reopen {run.name} {step.position} --reason TEXT",
        )
    if on is None and not step.is_pinned:
        raise ConflictError(
            _("{step} is not pinned").format(step=step.key),
            hint=f"opskit {run.kind} show {run.name}",
        )
    return step
