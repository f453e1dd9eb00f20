"""What is wrong with a template file, and what could be better in it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from opskit.checklists.template_parts import Evidence, Gate, StepTemplate, Template, Words
from opskit.checklists.templates import load_template, template_faults
from opskit.checklists.yaml_reader import read_yaml
from opskit.core.i18n import _
from opskit.core.identity import ROLES
from opskit.core.text import did_you_mean

MOST_WITHOUT_PAUSE = 9  # what a person keeps in sight; Gawande counts five to nine
NAMED = 5
OWNERS = (*ROLES, "client", "mentor", "newcomer", "it", "rnd", "expert")


@dataclass(frozen=True, slots=True)
class Remark:
    """`failed`: the file is refused; `warning`: it would be better otherwise."""

    kind: str
    text: str


def lint(
    text: str,
    source: str,
    *,
    checks: Collection[str] | None = None,
    client_facts: Collection[str] | None = None,
) -> list[Remark]:
    """Everything that may be said about a file; an error hides the warnings.

    `checks` and `client_facts` are the names that there are; without them any name is taken.
    """
    faults = template_faults(text, source, checks=checks)
    if faults:
        return [Remark("failed", fault.message) for fault in faults]
    template = load_template(text, source)
    lines = read_yaml(text).lines
    return [
        Remark("warning", f"{source}, {_('line {line}').format(line=lines[path])}: {told}")
        for path, told in _warnings(template, client_facts)
    ]


def warnings_about(template: Template, *, client_facts: Collection[str] | None = None) -> list[str]:
    """What could be better, without its place."""
    return [told for _path, told in _warnings(template, client_facts)]


def _warnings(
    template: Template, client_facts: Collection[str] | None
) -> Iterator[tuple[str, str]]:
    yield from _languages(template)
    yield from _long_phases(template)
    yield from _silent_steps(template)
    yield from _owners(template)
    yield from _conditions(template)
    if client_facts is not None:
        yield from _unknown_facts(template, client_facts)
    yield from _late_needs(template)


def _languages(template: Template) -> Iterator[tuple[str, str]]:
    texts = list(_texts(template))
    if without := [path for path, words in texts if words.de is None]:
        told = _("{count} of {total} texts have no German; English is shown in its place")
        yield without[0], told.format(count=len(without), total=len(texts))
    same = [path for path, words in texts if words.fr == words.en and " " in words.fr.strip()]
    if same:
        told = _("{count} of {total} texts have the same words in French and in English")
        yield same[0], told.format(count=len(same), total=len(texts))


def _texts(template: Template) -> Iterator[tuple[str, Words]]:
    yield "$.title", template.title
    for i, phase in enumerate(template.phases):
        yield f"$.phases[{i}].title", phase.title
    for i, step in enumerate(template.steps):
        yield f"$.steps[{i}].text", step.text


def _long_phases(template: Template) -> Iterator[tuple[str, str]]:
    for i, phase in enumerate(template.phases):
        count = sum(step.phase == phase.key for step in template.steps)
        if count > MOST_WITHOUT_PAUSE:
            told = _("the phase {phase} has {count} steps: nobody keeps more than {most} in sight")
            yield (
                f"$.phases[{i}]",
                told.format(phase=phase.key, count=count, most=MOST_WITHOUT_PAUSE),
            )
        elif not count:
            yield f"$.phases[{i}]", _("the phase {phase} has no step").format(phase=phase.key)


def _silent_steps(template: Template) -> Iterator[tuple[str, str]]:
    silent = [
        (i, step)
        for i, step in enumerate(template.steps)
        if step.evidence is Evidence.NONE and not step.checks and step.gate is Gate.NONE
    ]
    if silent:
        told = _(
            "{count} of {total} steps are ticked without a word, evidence would tell more: {steps}"
        )
        names = _named([step for _i, step in silent])
        yield (
            f"$.steps[{silent[0][0]}]",
            told.format(count=len(silent), total=len(template.steps), steps=names),
        )


def _conditions(template: Template) -> Iterator[tuple[str, str]]:
    speaking = {step.key for step in template.steps if step.evidence is not Evidence.NONE}
    for i, step in enumerate(template.steps):
        if step.condition is None:
            continue
        if step.condition.constant:
            yield f"$.steps[{i}].when", _("this is always true: leave it out")
        for key in sorted(step.condition.answers - speaking):
            told = _("{key} is asked for its answer, and demands none: give it an evidence")
            yield f"$.steps[{i}].when", told.format(key=key)


def _owners(template: Template) -> Iterator[tuple[str, str]]:
    """A step of nobody's role waits on the common list for ever."""
    for i, step in enumerate(template.steps):
        if step.owner not in OWNERS:
            told = _("{owner} is no role: nobody will find the step on their list, {hint}")
            hint = did_you_mean(step.owner, OWNERS, otherwise=", ".join(OWNERS))
            yield f"$.steps[{i}].owner", told.format(owner=step.owner, hint=hint)


def _unknown_facts(template: Template, known: Collection[str]) -> Iterator[tuple[str, str]]:
    for i, step in enumerate(template.steps):
        names = step.condition.names if step.condition is not None else ()
        for name in sorted(name for group, name in names if group == "client"):
            if name.replace("-", "_") not in known:
                told = _("nothing is known as client.{name}, so the step may never apply, {hint}")
                hint = did_you_mean(name, known, otherwise=", ".join(sorted(known)))
                yield f"$.steps[{i}].when", told.format(name=name, hint=hint)


def _late_needs(template: Template) -> Iterator[tuple[str, str]]:
    """A step that is due before what it needs is late as soon as it may begin."""
    days = _days(template)
    for i, step in enumerate(template.steps):
        for need in template.needs[step.key]:
            if days[need] > days[step.key]:
                told = _("{step} is due before {need}, for which it waits")
                yield f"$.steps[{i}].due", told.format(step=step.key, need=need)


def _days(template: Template) -> dict[str, int]:
    """Business days from the anchor, through the steps from which others count."""
    due = {step.key: step.due_after for step in template.steps}
    days: dict[str, int] = {}

    def count(key: str) -> int:
        if key not in days:
            after = due[key].after
            days[key] = due[key].days + (count(after) if after else 0)
        return days[key]

    for key in due:
        count(key)
    return days


def _named(steps: list[StepTemplate]) -> str:
    names = [step.key for step in steps[:NAMED]]
    return ", ".join([*names, "…"] if len(steps) > NAMED else names)
