"""A template as the YAML file that a person would write: short things on one line."""

from collections.abc import Iterable
from typing import Any

import msgspec
import yaml

from opskit.checklists.templates import Template

WIDTH = 96


def yaml_text(template: Template) -> str:
    """What `load_template` reads back as the same template, with the same digest."""
    content: dict[str, Any] = msgspec.to_builtins(template)
    steps = content.pop("steps")
    phases = content.pop("phases")
    parts = [_dump(content), "\nphases:\n", *map(_item, phases), "\nsteps:\n"]
    parts.append("\n".join(map(_item, steps)))
    return "".join(parts)


class _Dumper(yaml.SafeDumper):
    """Texts in two languages below each other, lists of keys on one line."""

    def represent_mapping(
        self,
        tag: str,
        mapping: Any,  # noqa: ANN401 (as PyYAML has it)
        flow_style: bool | None = None,
    ) -> yaml.MappingNode:
        del flow_style
        return super().represent_mapping(tag, mapping, flow_style=False)

    def represent_sequence(
        self, tag: str, sequence: Iterable[Any], flow_style: bool | None = None
    ) -> yaml.SequenceNode:
        del flow_style
        return super().represent_sequence(tag, sequence, flow_style=True)

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    """What is no plain line, such as one with a line break in it, is written with escapes."""
    style = None if text.isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _dump(part: object) -> str:
    return str(yaml.dump(part, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH))


def _item(part: object) -> str:
    lines = _dump(part).rstrip("\n").split("\n")
    return "\n".join([f"  - {lines[0]}", *(f"    {line}" for line in lines[1:])]) + "\n"
