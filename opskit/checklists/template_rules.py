"""What the types alone cannot refuse in a template: names that lead nowhere, circles, two gates."""

from collections.abc import Collection, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from opskit.checklists.conditions import ConditionInvalidError
from opskit.checklists.states import Needs
from opskit.checklists.template_parts import Approval, Gate, StepTemplate, Template
from opskit.core.business_days import CANTONS
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.text import did_you_mean

Fault = tuple[str, str]  # where (`$.steps[2].due`) and why


def broken_rules(template: Template, *, checks: Collection[str] | None) -> Iterator[Fault]:
    """Every fault, in the order of the file; circles are looked for where there is no other."""
    found = [
        *_broken_canton(template),
        *_doubled_phases(template),
        *_broken_steps(template, checks=checks),
        *_doubled_gates(template),
    ]
    yield from found or _circles(template)


def find_cycle(needs: Needs) -> list[str]:
    """Steps that wait for each other, first one repeated at the end; empty where there are none."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as err:
        walk = err.args[1][:0:-1]  # told backwards, with the first one at both ends
        first = walk.index(min(walk, key=list(needs).index))
        return [*walk[first:], *walk[: first + 1]]
    return []


def _broken_canton(template: Template) -> Iterator[Fault]:
    if template.canton is not None and template.canton not in CANTONS:
        hint = did_you_mean(template.canton, CANTONS, otherwise=" ".join(CANTONS))
        told = _("{canton} is no Swiss canton").format(canton=repr(template.canton))
        yield "$.canton", f"{told}, {hint}"


def _doubled_phases(template: Template) -> Iterator[Fault]:
    keys = [phase.key for phase in template.phases]
    for i, key in enumerate(keys):
        if key in keys[:i]:
            yield f"$.phases[{i}].key", _("the phase {key} is there twice").format(key=key)


def _broken_steps(template: Template, *, checks: Collection[str] | None) -> Iterator[Fault]:
    phases = [phase.key for phase in template.phases]
    keys = [step.key for step in template.steps]
    for i, step in enumerate(template.steps):
        path = f"$.steps[{i}]"
        if step.key in keys[:i]:
            yield f"{path}.key", _("the step {key} is there twice").format(key=step.key)
        if step.phase not in phases:
            yield f"{path}.phase", _unknown(step.phase, phases)
        for j, need in enumerate(step.needs):
            if need not in keys:
                yield f"{path}.needs[{j}]", _unknown(need, keys)
        yield from _broken_due(step, path, keys)
        yield from _broken_condition(step, path, keys)
        if checks is not None:
            yield from _unknown_checks(step, path, checks)
        for field, reason in _contradictions(step):
            yield f"{path}.{field}", reason


def _broken_due(step: StepTemplate, path: str, keys: Sequence[str]) -> Iterator[Fault]:
    try:
        after = step.due_after.after
    except InvalidError as err:
        yield f"{path}.due", f"{err.message}, {err.hint}"
        return
    if after is not None and after not in keys:
        yield f"{path}.due", _unknown(after, keys)


def _broken_condition(step: StepTemplate, path: str, keys: Sequence[str]) -> Iterator[Fault]:
    try:
        condition = step.condition
    except ConditionInvalidError as err:
        yield f"{path}.when", err.message
        return
    if condition is None:
        return
    if condition.constant is False:
        yield f"{path}.when", _("this is never true: the step would never apply")
    for key in sorted(condition.answers):
        if key not in keys:
            yield f"{path}.when", _unknown(key, keys)


def _unknown_checks(step: StepTemplate, path: str, checks: Collection[str]) -> Iterator[Fault]:
    for j, check in enumerate(step.checks):
        if check not in checks:
            where = f"{path}.check" if isinstance(step.check, str) else f"{path}.check[{j}]"
            otherwise = _("there are: {names}").format(names=", ".join(sorted(checks)))
            hint = did_you_mean(check, sorted(checks), otherwise=otherwise)
            yield where, _("there is no check {name}, {hint}").format(name=check, hint=hint)


def _contradictions(step: StepTemplate) -> Iterator[Fault]:
    if step.approval is not Approval.NONE and step.checks:
        yield "approval", _("a step that checks itself cannot ask for a second person")
    if step.gate is not Gate.NONE and step.checks:
        yield "gate", _("a gate is for a person to pass, it cannot check itself")
    if step.gate is not Gate.NONE and not step.mandatory:
        yield "mandatory", _("a gate cannot be left out")


def _doubled_gates(template: Template) -> Iterator[Fault]:
    for gate in (Gate.GO, Gate.CLOSE):
        found = [i for i, step in enumerate(template.steps) if step.gate is gate]
        if len(found) > 1:
            first = template.steps[found[0]].key
            reason = _("{gate} is the gate of the step {key} already, one is the most")
            yield f"$.steps[{found[1]}].gate", reason.format(gate=gate.value, key=first)


def _circles(template: Template) -> Iterator[Fault]:
    steps = {step.key: step for step in template.steps}
    if cycle := find_cycle(template.needs):
        links = list(pairwise(cycle))
        told = ", ".join(_link(steps[key], need) for key, need in links)
        field = _field(steps[cycle[0]], cycle[1])
        path = f"$.steps[{list(steps).index(cycle[0])}].{field}"
        yield path, _("steps wait for each other: {cycle}").format(cycle=told)
    anchors = {
        key: [after] if (after := step.due_after.after) else [] for key, step in steps.items()
    }
    if cycle := find_cycle(anchors):
        path = f"$.steps[{list(steps).index(cycle[0])}].due"
        reason = _("due dates count from each other: {cycle}")
        yield path, reason.format(cycle=" -> ".join(cycle))


def _link(step: StepTemplate, need: str) -> str:
    """How one step of a circle comes to wait for the next, in words."""
    match _field(step, need):
        case "needs":
            told = _("{step} needs {need}")
        case "when":
            told = _("{step} asks for the answer of {need}")
        case _:
            told = _("{step} follows {need} in a Read-Do phase")
    return told.format(step=step.key, need=need)


def _field(step: StepTemplate, need: str) -> str:
    if need in step.needs:
        return "needs"
    asks = step.condition is not None and need in step.condition.answers
    return "when" if asks else "phase"


def _unknown(name: str, names: Sequence[str]) -> str:
    hint = did_you_mean(name, names, otherwise=_("it is not in this file"))
    return _("{name} is unknown, {hint}").format(name=name, hint=hint)
