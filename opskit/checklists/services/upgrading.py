"""A run that follows its template to a later version.

A step whose content is the same keeps its answer, wherever it stands now. One whose content
changed was answered to another question: it opens again. Nothing is thrown away: old answers go
into the event log, and steps that are no more stay in the database.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists.applying import is_by_rule
from opskit.checklists.models import Definition, Retirement, Run, Step
from opskit.checklists.services.changes import Pen, refuse_over
from opskit.checklists.services.moving import dates_for
from opskit.checklists.services.publishing import publish
from opskit.checklists.services.starting import keep_definitions
from opskit.checklists.states import SETTLED, State
from opskit.checklists.templates import StepTemplate, Template, Words
from opskit.core.business_days import Calendar
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import Identity


class ChangeKind(StrEnum):
    """What becomes of a step."""

    KEPT = "kept"
    CHANGED = "changed"
    ADDED = "added"
    REOPENED = "reopened"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one step, at its new position; a removed one is told at its old one."""

    kind: ChangeKind
    key: str
    position: int
    text: Words


Alike = Callable[[StepTemplate, StepTemplate], bool]


def refuse_retired(session: Session, template: Template) -> None:
    """Raises ConflictError: the version was retired, so that nothing new begins with it."""
    if session.get(Retirement, template.digest) is not None:
        raise ConflictError(
            _("{template} was retired").format(template=template.name),
            hint="opskit checklist template list",
        )


def plan_upgrade(run: Run, template: Template) -> list[Change]:
    """What the version would change, in the order of the new list; what is removed comes last.

    Raises:
        RunClosedError: the run is closed or cancelled.
        ConflictError: the template is another one, or its version is not later.
    """
    refuse_over(run)
    _refuse_no_successor(run, template)
    return _changes(run, template, _are_the_same)


def upgrade(
    session: Session,
    *,
    run: Run,
    template: Template,
    calendar: Calendar,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> list[Change]:
    """Let a run follow a later version, which is kept as every version is that a run pins.

    Raises:
        RunClosedError: the run is closed or cancelled.
        ConflictError: the template is another one, its version is not later, or was retired.
        TemplateChangedError: the template was edited under a version that is published.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    pen.require_open()
    refuse_retired(session, template)
    changes = plan_upgrade(run, template)
    _follow(pen, template, changes, calendar=calendar, action="upgraded")
    return changes


def plan_switch(run: Run, template: Template) -> list[Change]:
    """What another template would change. Steps that both ask alike keep their answers.

    Raises:
        RunClosedError: the run is closed or cancelled.
        ConflictError: the run follows that template already.
    """
    refuse_over(run)
    _refuse_the_same(run, template)
    return _changes(run, template, _ask_alike)


def switch(
    session: Session,
    *,
    run: Run,
    template: Template,
    calendar: Calendar,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> list[Change]:
    """Let a run follow another template from now on. Raises as `plan_switch` and `publish`."""
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    pen.require_open()
    refuse_retired(session, template)
    changes = plan_switch(run, template)
    _follow(pen, template, changes, calendar=calendar, action="switched")
    return changes


def _follow(
    pen: Pen, template: Template, changes: Sequence[Change], *, calendar: Calendar, action: str
) -> None:
    session, run, before = pen.session, pen.run, pen.run.template
    keep_definitions(session, template)
    own = _own_steps(run)  # told by the template of before
    run.template = publish(session, template, at=pen.at, actor=pen.actor)
    _drop(pen, {each.key for each in changes if each.kind is ChangeKind.REMOVED})
    _take_over(pen, template, {each.key: each.kind for each in changes})
    for position, step in enumerate(own, start=len(template.steps) + 1):
        step.position = position
    session.flush()
    session.refresh(run, ["steps"])
    dates = dates_for(run, anchor_on=run.anchor_on, calendar=calendar)
    for step in run.steps:
        step.due_on = dates.get(step.key, step.due_on)
    pen.record_run(
        action,
        before={"template": f"{before.id}/{before.version}", "digest": before.digest},
        after={
            "template": template.name,
            "digest": template.digest,
            **{kind.value: _keys(changes, kind) for kind in ChangeKind if _keys(changes, kind)},
        },
    )
    pen.settle()


def _own_steps(run: Run) -> list[Step]:
    """Steps that were added to this run alone, which no template has."""
    followed = {step.key for step in run.template.content.steps}
    return [step for step in run.steps if step.key not in followed]


def _refuse_the_same(run: Run, template: Template) -> None:
    if template.digest == run.template.digest:
        raise ConflictError(
            _("{run} follows {template} already").format(run=run.name, template=template.name),
            hint=f"opskit {run.kind} show {run.name}",
        )


def _refuse_no_successor(run: Run, template: Template) -> None:
    follows = run.template
    if template.id == follows.id and template.version > follows.version:
        return
    raise ConflictError(
        _("{run} follows {template}: {other} does not come after that").format(
            run=run.name, template=f"{follows.id}/{follows.version}", other=template.name
        ),
        hint="opskit checklist template list",
    )


def _changes(run: Run, template: Template, alike: Alike) -> list[Change]:
    known = {step.key: step for step in run.steps}
    asked = {step.key for step in template.steps}
    stays = asked | {step.key for step in _own_steps(run)}
    return [
        *(
            Change(_kind(known.get(step.key), step, alike), step.key, position, step.text)
            for position, step in enumerate(template.steps, start=1)
        ),
        *(
            Change(ChangeKind.REMOVED, step.key, step.position, step.asked.text)
            for step in run.steps
            if step.key not in stays
        ),
    ]


def _kind(step: Step | None, asked: StepTemplate, alike: Alike) -> ChangeKind:
    if step is None:
        return ChangeKind.ADDED
    if alike(step.asked, asked):
        return ChangeKind.KEPT
    is_answered = step.state in SETTLED | {State.SUBMITTED} and not is_by_rule(step)
    return ChangeKind.REOPENED if is_answered else ChangeKind.CHANGED


def _are_the_same(before: StepTemplate, now: StepTemplate) -> bool:
    return before.digest == now.digest


def _ask_alike(before: StepTemplate, now: StepTemplate) -> bool:
    """The same question, whatever it waits for and whenever it is due in the other list."""
    place = {"phase": now.phase, "due": now.due, "needs": now.needs}
    return msgspec.structs.replace(before, **place) == now


def _keys(changes: Sequence[Change], kind: ChangeKind) -> list[str]:
    """What is kept is not told: it is nearly everything."""
    return [each.key for each in changes if each.kind is kind and kind is not ChangeKind.KEPT]


def _drop(pen: Pen, keys: set[str]) -> None:
    for step in [each for each in pen.run.steps if each.key in keys]:
        step.dropped_at = pen.at
        pen.record("dropped", step, before={"state": step.state}, personal={"answer": step.answer})


def _take_over(pen: Pen, template: Template, kinds: Mapping[str, ChangeKind]) -> None:
    """Give every step its place and its content; one that was dropped before begins afresh."""
    query = select(Step).where(Step.run_id == pen.run.id)
    known = {step.key: step for step in pen.session.scalars(query)}
    added = list[Step]()
    for position, asked in enumerate(template.steps, start=1):
        step, kind = known.get(asked.key), kinds[asked.key]
        if step is None:
            added.append(_new_step(pen, asked, position))
            continue
        if kind is not ChangeKind.KEPT:
            _open_again(pen, step, kind)
        step.position, step.dropped_at = position, None
        step.definition = pen.session.get_one(Definition, asked.digest)
    pen.session.add_all(added)


def _new_step(pen: Pen, asked: StepTemplate, position: int) -> Step:
    """Its date is computed with those of the others."""
    return Step(
        run_id=pen.run.id,
        key=asked.key,
        position=position,
        digest=asked.digest,
        due_on=pen.run.anchor_on,
    )


def _open_again(pen: Pen, step: Step, kind: ChangeKind) -> None:
    """Whom a step waits for was asked all the same; everything else begins afresh."""
    if kind is ChangeKind.REOPENED:
        pen.record(
            "reopened",
            step,
            before={"state": step.state, "evidence": step.evidence_digest},
            after={"state": State.READY.value},
            personal={"answer": step.answer, "reason": _("the template changed the step")},
        )
    if kind is ChangeKind.ADDED or step.state != State.WAITING:
        step.state = State.READY.value
        step.clear()
    if kind is ChangeKind.ADDED:
        step.is_pinned, step.assignee, step.failures = False, None, 0
