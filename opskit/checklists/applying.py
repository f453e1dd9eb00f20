"""Which steps concern a run: their `when`, asked of the client, the run and the answers."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from opskit.checklists.models import Run, Step
from opskit.checklists.states import SETTLED, Needs, State, in_order
from opskit.checklists.templates import StepTemplate
from opskit.core.i18n import _

Facts = Mapping[str, Mapping[str, object]]


def facts_of(
    *,
    about: Mapping[str, Mapping[str, object]],
    facts: Mapping[str, Any],
    anchor_on: date,
    answers: Mapping[str, object],
) -> Facts:
    """What a condition may name: `client` and the like, `run`, `answers`."""
    return {**about, "run": {**facts, "on": anchor_on.isoformat()}, "answers": answers}


def left_out(steps: Sequence[StepTemplate], needs: Needs, facts: Facts) -> frozenset[str]:
    """The steps that do not stand as long as no step is answered."""
    asked = {step.key: step for step in steps}
    out: set[str] = set()
    for key in in_order(needs):
        if not applies(asked[key], facts, unsettled=asked.keys() - out):
            out.add(key)
    return frozenset(out)


def applies(asked: StepTemplate, facts: Facts, *, unsettled: Collection[str]) -> bool:
    """Whether the step stands. A condition is undecided while a step is open whose answer it asks:
    until then the step stands, and waits.
    """
    condition = asked.condition
    if condition is None:
        return True
    return not condition.answers.isdisjoint(unsettled) or condition.holds(facts)


def apply_conditions(run: Run, needs: Needs) -> None:
    """Take out the open steps whose condition does not hold, and bring back those whose does.

    What a person left out stays out. A condition may ask for the answer of a step that has one
    itself: what is needed comes first.
    """
    steps = {step.key: step for step in run.steps}
    for key in in_order(needs):
        step = steps[key]
        if step.asked.condition is None:
            continue
        stands = applies(step.asked, _facts(run), unsettled=_unsettled(run))
        if not stands and step.state not in SETTLED:
            step.clear()
            step.state, step.proof = State.NOT_APPLICABLE, reason(step.asked)
        elif stands and is_by_rule(step):
            step.state, step.proof = State.READY, None


def is_by_rule(step: Step) -> bool:
    """Whether the step's condition, and no person, says that it does not apply."""
    return step.state == State.NOT_APPLICABLE and step.answered_by is None


def reason(asked: StepTemplate) -> str:
    return _("only when {condition}").format(condition=asked.when)


def _facts(run: Run) -> Facts:
    answers = {step.key: step.answer for step in run.steps if step.state == State.DONE}
    return facts_of(about=run.about, facts=run.facts, anchor_on=run.anchor_on, answers=answers)


def _unsettled(run: Run) -> frozenset[str]:
    return frozenset(step.key for step in run.steps if step.state not in SETTLED)
