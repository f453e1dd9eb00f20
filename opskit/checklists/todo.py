"""The open steps of the runs of a kind, as things to do; what is blocked is nobody's yet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, and_, or_, select

from opskit.checklists.lapsing import blocked_by_now, has_lapsed
from opskit.checklists.models import OPEN, Definition, Run, Step
from opskit.checklists.page.text import in_language, printable
from opskit.checklists.projects import KIND
from opskit.checklists.states import SETTLED, State
from opskit.checklists.templates import Gate, StepTemplate, step_of
from opskit.core.business_days import PUBLIC
from opskit.core.i18n import _
from opskit.core.refs import format_number
from opskit.core.todo import CONFIDENTIAL, TodoItem

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

AHEAD = 10  # business days
KINDS = {State.SUBMITTED: "approve", State.WAITING: "nudge"}  # another thing than to do it
TO_DO = (State.READY.value, State.FAILED.value, State.SUBMITTED.value)


@dataclass(frozen=True, slots=True)
class OpenStep:
    """One step that somebody can do something about, and the run that it belongs to."""

    item: TodoItem
    state: State
    run_number: int
    subject: str
    facts: Mapping[str, Any]


class ChecklistTodo:
    """The steps of the lists that stand by themselves."""

    @property
    def label(self) -> str:
        return _("the checklists")

    def items(
        self, session: "Session", *, today: date, until: date | None = None
    ) -> Sequence[TodoItem]:
        return [
            replace(each.item, title=each.subject)
            for each in open_steps(session, kind=KIND, today=today, until=until)
        ]


def open_steps(
    session: "Session",
    *,
    kind: str,
    today: date,
    until: date | None = None,
    jobs: Mapping[str, str] | None = None,
) -> Iterator[OpenStep]:
    """Those due up to a day, by default within ten business days; a step that waits, on its nudge.
    What was settled and no longer counts is to be done again, and blocks what needs it.

    A step belongs to who was named for it; else to who looks after the run, where `jobs` (by
    login) are given only if that is the person's job; else to the role.
    """
    last = until or PUBLIC.add(today, AHEAD, None)
    rows = session.execute(_due_up_to(last, kind=kind, today=today)).all()
    is_any_lapsed = any(row.state in SETTLED for row in rows)
    blocked = blocked_by_now(session, kind=kind, today=today) if is_any_lapsed else set()
    for row in rows:
        if (row.run_id, row.key) in blocked or (row.state in SETTLED and row.due_on > last):
            continue
        item = _item(row, kind=kind, jobs=jobs)
        yield OpenStep(item, State(row.state), row.number, row.subject, row.facts)


def _due_up_to(last: date, *, kind: str, today: date) -> Select[*tuple[Any, ...]]:
    """And what has lapsed, whenever it is due, since it may block what is due before."""
    is_due = or_(
        and_(Step.state.in_(TO_DO), Step.due_on <= last),
        and_(Step.state == State.WAITING.value, Step.nudge_on <= last),
        has_lapsed(today),
    )
    return (
        select(
            *(Run.letter, Run.number, Run.subject, Run.client, Run.facts, Run.is_confidential),
            Run.assignee.label("looked_after_by"),
            *(Step.run_id, Step.key, Step.position, Step.state, Step.due_on, Step.assignee),
            *(Step.waiting_for, Step.waiting_since, Step.nudge_on),
            *(Step.fresh_until, Step.waived_until),
            Definition.body,
        )
        .join(Step, Step.run_id == Run.id)
        .join(Definition, Definition.digest == Step.digest)
        .where(Run.kind == kind, Run.state == OPEN, Step.dropped_at.is_(None), is_due)
        .order_by(Run.number, Step.position)
    )


def _item(row: Row[Any], *, kind: str, jobs: Mapping[str, str] | None) -> TodoItem:
    asked, name = step_of(row.body), format_number(row.letter, row.number)
    state = State(row.state)
    is_the_job = jobs is None or jobs.get(row.looked_after_by) == asked.owner
    is_second = state is State.SUBMITTED  # whose it was has done it
    return TodoItem(
        kind=f"{kind}-{KINDS.get(state, 'step')}",
        subject=name,
        step=row.key,
        what=_what(row, state, asked),
        due=_due(row, state),
        since=row.waiting_since if state is State.WAITING else None,
        person=None if is_second else row.assignee or (row.looked_after_by if is_the_job else None),
        role=asked.owner,
        client=row.client,
        readers=CONFIDENTIAL if row.is_confidential else None,
        command=f"opskit {kind} {_verb(state, asked, f'{name} {row.position}', name)}",
    )


def _due(row: Row[Any], state: State) -> date:
    """What counted until a day is due again on the next."""
    ends = {State.DONE: row.fresh_until, State.WAIVED: row.waived_until}
    due: date = row.nudge_on if state is State.WAITING else row.due_on
    return max(due, ends[state] + timedelta(days=1)) if state in ends else due


def _what(row: Row[Any], state: State, asked: StepTemplate) -> str:
    text = f"{row.position}. {printable(in_language(asked.text))}"
    if state in SETTLED:
        return _("no longer counts: {step}").format(step=text)
    if state is State.WAITING:
        whom = {"client": _("the client"), "rnd": _("R&D"), "expert": _("an expert")}
        return _("ask {whom} again: {step}").format(
            whom=whom.get(row.waiting_for, row.waiting_for), step=text
        )
    return _("to approve: {step}").format(step=text) if state is State.SUBMITTED else text


def _verb(state: State, asked: StepTemplate, step: str, run: str) -> str:
    """What one types for it, after the group."""
    if state is State.WAITING:
        return f"nudge {step}"
    if state in SETTLED and not asked.checks:
        return f"reopen {step} --reason TEXT"
    if asked.gate is Gate.GO:
        return f"go {run}"
    if asked.gate is Gate.CLOSE:
        return f"close {run}"
    return f"check {run}" if asked.checks else f"tick {step}"
