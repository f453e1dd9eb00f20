"""A path is composed of layers: what all have in common, the pole, the site, optional modules.

    layer: sonceboz
    kind: site              # common, pole, site, module
    version: 1
    title: {fr: Sonceboz, en: Sonceboz}
    canton: BE              # whose holidays count there; for a site
    poles: [back-office]    # with which poles it goes; without it with all
    unlocks:                # a step of another layer, and what of this one it waits for besides
      review-day-90: [year-end]
    phases: []              # as in a template; a layer may use those of the layers before it
    steps: []               # as in a template; `needs` may name steps of any layer of the path

Composing is pure: the same layers make the same template, whose version rises whenever that of
one of them does. Within a phase the steps stand by their due dates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import msgspec

from onboarding.errors import LayerInvalidError
from opskit.checklists.template_parts import (
    Key,
    Phase,
    StepTemplate,
    Template,
    Version,
    Words,
    parse_due,
)
from opskit.checklists.template_rules import broken_rules
from opskit.checklists.yaml_reader import YamlProblemError, read_yaml
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.text import did_you_mean

ANCHOR = "start-date"
PREFIX = "path-"
LONGEST_ID = 60


class Kind(StrEnum):
    """What a layer is for, in the order in which layers lie on each other."""

    COMMON = "common"
    POLE = "pole"
    SITE = "site"
    MODULE = "module"


class Layer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One layer, as its file says."""

    layer: Key
    kind: Kind
    version: Version
    title: Words
    steps: Annotated[tuple[StepTemplate, ...], msgspec.Meta(min_length=1)]
    phases: tuple[Phase, ...] = ()
    unlocks: dict[Key, tuple[Key, ...]] = {}
    poles: tuple[Key, ...] = ()
    canton: str | None = None


@dataclass(frozen=True, slots=True)
class _Placed:
    """A step, and the layer that it comes from."""

    step: StepTemplate
    layer: str


def read_layer(text: str, source: str) -> Layer:
    """The layer in a file; `source` is its name, for the messages.

    Raises:
        LayerInvalidError: no YAML, an unknown or missing key, a value of the wrong kind.
    """
    from opskit.checklists.template_faults import explain

    try:
        return msgspec.convert(read_yaml(text).content, Layer)
    except YamlProblemError as err:
        raise _broken(source, err.reason) from err
    except msgspec.ValidationError as err:
        path, reason = explain(str(err))
        raise _broken(f"{source}, {path.removeprefix('$').lstrip('.')}", reason) from err


def compose(layers: Sequence[Layer]) -> Template:
    """The template of a path, from its layers in their order.

    Raises:
        LayerInvalidError: two layers have the same step or phase; a need, a phase or a step to
            count from is in none of them; a layer does not go with the pole; steps wait for each
            other in a circle. The message names the layer.
    """
    _refuse_strangers(layers)
    phases = _phases(layers)
    placed = _steps(layers)
    _refuse_unknown(layers, placed, phases)
    unlocked = _unlocked(layers)
    template = Template(
        id=path_id(layers),
        version=sum(each.version for each in layers) - len(layers) + 1,
        title=_title(layers),
        anchor=ANCHOR,
        phases=tuple(phases.values()),
        steps=_in_order(placed, list(phases), unlocked),
        canton=next((each.canton for each in layers if each.canton), None),
    )
    for path, reason in broken_rules(template, checks=None):
        raise _broken(f"{template.id}, {path.removeprefix('$').lstrip('.')}", reason)
    return template


def path_id(layers: Sequence[Layer]) -> str:
    """`path-back-office-sonceboz`: what is common to all is not said."""
    names = "-".join(each.layer for each in layers if each.kind is not Kind.COMMON)
    name = f"{PREFIX}{names or Kind.COMMON.value}"
    if len(name) > LONGEST_ID:
        raise LayerInvalidError(
            _("{path} is too long a name: the path has too many modules").format(path=name),
            hint=_("put what these modules have in common into one layer"),
        )
    return name


def _refuse_strangers(layers: Sequence[Layer]) -> None:
    poles = [each.layer for each in layers if each.kind is Kind.POLE]
    for layer in layers:
        if layer.poles and poles and not set(poles) & set(layer.poles):
            reason = _("it goes with {poles}, not with {pole}")
            told = reason.format(poles=", ".join(layer.poles), pole=", ".join(poles))
            raise _broken(layer.layer, told)


def _phases(layers: Sequence[Layer]) -> dict[str, Phase]:
    found: dict[str, Phase] = {}
    for layer in layers:
        for phase in layer.phases:
            if phase.key in found:
                told = _("the phase {key} is there twice").format(key=phase.key)
                raise _broken(layer.layer, told)
            found[phase.key] = phase
    return found


def _steps(layers: Sequence[Layer]) -> dict[str, _Placed]:
    found: dict[str, _Placed] = {}
    for layer in layers:
        for step in layer.steps:
            if step.key in found:
                reason = _("the step {key} is in the layer {layer} already")
                raise _broken(layer.layer, reason.format(key=step.key, layer=found[step.key].layer))
            found[step.key] = _Placed(step, layer.layer)
    return found


def _refuse_unknown(
    layers: Sequence[Layer], placed: Mapping[str, _Placed], phases: Mapping[str, Phase]
) -> None:
    for each in placed.values():
        step = each.step
        if step.phase not in phases:
            raise _unknown(each.layer, step.key, step.phase, phases)
        after = _due_after(each)
        for need in (*step.needs, *([after] if after else [])):
            if need not in placed:
                raise _unknown(each.layer, step.key, need, placed)
    for layer in layers:
        for step_key, needs in layer.unlocks.items():
            for key in (step_key, *needs):
                if key not in placed:
                    raise _unknown(layer.layer, "unlocks", key, placed)


def _due_after(each: _Placed) -> str | None:
    try:
        return each.step.due_after.after
    except InvalidError as err:
        raise _broken(f"{each.layer}, {each.step.key}", f"{err.message}, {err.hint}") from err


def _unlocked(layers: Sequence[Layer]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for layer in layers:
        for key, needs in layer.unlocks.items():
            found[key] = (*found.get(key, ()), *needs)
    return found


def _in_order(
    placed: Mapping[str, _Placed], phases: Sequence[str], unlocked: Mapping[str, tuple[str, ...]]
) -> tuple[StepTemplate, ...]:
    """By phase, then by due date, then as the layers lie."""

    def place(step: StepTemplate) -> tuple[int, int]:
        return phases.index(step.phase), _days(step, placed)

    steps = sorted((each.step for each in placed.values()), key=place)
    return tuple(
        msgspec.structs.replace(
            step, needs=tuple(dict.fromkeys((*step.needs, *unlocked.get(step.key, ()))))
        )
        for step in steps
    )


def _days(step: StepTemplate, placed: Mapping[str, _Placed]) -> int:
    """Business days from the first day; a circle of dates is told by the rules of templates."""
    days, seen = 0, set[str]()
    while step.key not in seen:
        seen.add(step.key)
        due = parse_due(step.due)
        days += due.days
        if due.after is None:
            break
        step = placed[due.after].step
    return days


def _title(layers: Sequence[Layer]) -> Words:
    """`Back-office path, Sonceboz, on-call service`"""
    named = [each.title for each in layers if each.kind is not Kind.COMMON]
    titles = named or [each.title for each in layers]

    def joined(code: str) -> str | None:
        words = [getattr(title, code) for title in titles]
        return ", ".join(words) if all(words) else None

    fr, en = joined("fr"), joined("en")
    return Words(fr=fr or "", en=en or "", de=joined("de"), it=joined("it"))


def _unknown(layer: str, where: str, name: str, names: Mapping[str, object]) -> LayerInvalidError:
    hint = did_you_mean(name, names, otherwise=_("no layer of this path has it"))
    return _broken(f"{layer}, {where}", _("{name} is unknown, {hint}").format(name=name, hint=hint))


def _broken(where: str, reason: str) -> LayerInvalidError:
    return LayerInvalidError(
        _("layer {where}: {reason}").format(where=where.rstrip(", "), reason=reason),
        hint=_("mend that place; docs/onboarding/paths.md explains layers"),
    )
