"""What a template would ask of one client on one day, before anything is begun."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from opskit.checklists.scheduling import due_dates
from opskit.checklists.templates import StepTemplate, Template
from opskit.core.business_days import Calendar
from opskit.core.errors import InvalidError
from opskit.core.i18n import _

Facts = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class PreviewedStep:
    """A step and its day; `applies` is None where facts decide that nobody gave."""

    position: int
    step: StepTemplate
    due_on: date
    applies: bool | None


def preview(
    template: Template, *, on: date, canton: str | None, calendar: Calendar, facts: Facts
) -> list[PreviewedStep]:
    """Every step in its order.

    Raises:
        InvalidError: there is no such canton.
    """
    days = due_dates(template.steps, anchor_on=on, canton=canton, calendar=calendar)
    return [
        PreviewedStep(position, step, days[step.key], _applies(step, facts))
        for position, step in enumerate(template.steps, start=1)
    ]


def parse_facts(typed: list[str]) -> dict[str, dict[str, object]]:
    """`run.version=12.4` and the like, as typed; `answers.backup=none` answers a step.

    Raises:
        InvalidError: one is not of that form.
    """
    facts: dict[str, dict[str, object]] = {}
    for each in typed:
        name, equals, value = each.partition("=")
        group, dot, fact = name.strip().partition(".")
        if not (equals and dot and group and fact):
            raise InvalidError(
                _("{text} gives no fact").format(text=repr(each)),
                hint=_("write it like {example}").format(example="--fact run.version=12.4"),
            )
        key = fact.replace("_", "-") if group == "answers" else fact
        facts.setdefault(group, {})[key] = _as_fact(value.strip())
    return facts


def _as_fact(value: str) -> object:
    return {"true": True, "false": False, "none": None}.get(value, value)


def _applies(step: StepTemplate, facts: Facts) -> bool | None:
    return True if step.condition is None else step.condition.settled(facts)
