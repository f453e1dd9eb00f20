"""What changes from one template to another: by the keys of steps, and what their digests bind."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from opskit.checklists.templates import Phase, StepTemplate, Template

Part = Template | Phase | StepTemplate


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One key of a part, before and after; None where it was or is left out."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """`part` is template, phase or step; `change` is added, removed, changed or moved."""

    part: str
    key: str
    change: str
    fields: tuple[FieldChange, ...] = field(default=())


def compare(old: Template, new: Template) -> list[Change]:
    """Every difference: of the template, of its phases, then of its steps in the new order."""
    own = _fields(_head(old), _head(new))
    changes = [Change("template", new.id, "changed", own)] if own else []
    phases = {each.key: each for each in old.phases}, {each.key: each for each in new.phases}
    steps = {each.key: each for each in old.steps}, {each.key: each for each in new.steps}
    changes += _differences("phase", *phases)
    changes += _differences("step", *steps)
    return changes


def _head(template: Template) -> dict[str, Any]:
    content: dict[str, Any] = msgspec.to_builtins(template)
    return {key: content.get(key) for key in ("id", "version", "title", "anchor", "canton")}


def _differences(part: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    moved = _moved([key for key in old if key in new], [key for key in new if key in old])
    for key in new:
        if key not in old:
            yield Change(part, key, "added")
        elif old[key] != new[key]:
            fields = _fields(msgspec.to_builtins(old[key]), msgspec.to_builtins(new[key]))
            yield Change(part, key, "changed", (*fields, *_move(key, moved, old, new)))
        elif key in moved:
            yield Change(part, key, "moved", tuple(_move(key, moved, old, new)))
    for key in old:
        if key not in new:
            yield Change(part, key, "removed")


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    names = dict.fromkeys([*new, *old])
    return tuple(
        FieldChange(name, old.get(name), new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    )


def _move(
    key: str, moved: set[str], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[FieldChange]:
    if key in moved:
        yield FieldChange("position", list(old).index(key) + 1, list(new).index(key) + 1)


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The fewest keys that have to be carried elsewhere: all but a longest rising sequence."""
    position = {key: i for i, key in enumerate(old)}
    ends: list[int] = []
    chains: list[tuple[str, ...]] = []
    for key in new:
        at = bisect_left(ends, position[key])
        chain = (*(chains[at - 1] if at else ()), key)
        ends[at : at + 1] = [position[key]]
        chains[at : at + 1] = [chain]
    return set(new) - set(chains[-1] if chains else ())
