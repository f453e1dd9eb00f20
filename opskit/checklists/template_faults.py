"""What is wrong with a value of a template, in words that can be read aloud.

The types are checked by msgspec, whose messages ("Expected `str`, got `int` - at
`$.steps[0].due`") are for programmers.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from opskit.checklists.template_parts import (
    Approval,
    Evidence,
    Gate,
    Mode,
    Phase,
    Recheck,
    StepTemplate,
    Template,
    Words,
)
from opskit.core.i18n import _
from opskit.core.text import did_you_mean

_PLACE = re.compile(r" - at (?P<key>`key` in )?`(?P<path>\$[^`]*)`$")
_EXPECTED = re.compile(r"Expected `([^`]+)`, got `([^`]+)`")
_FIELD = re.compile(r"field `([^`]+)`")
_MEASURE = re.compile(r"Expected `(\w+)` (?:of length )?(>=|<=) ([0-9]+)")
_CHOICE = re.compile(r"Invalid enum value (.*)")
_LAST_NAME = re.compile(r"([a-z_]+)(?:\[[0-9]+\])?$")

_CHOICES: Mapping[str, type[StrEnum]] = {
    "mode": Mode,
    "evidence": Evidence,
    "approval": Approval,
    "recheck": Recheck,
    "gate": Gate,
}


def explain(message: str) -> tuple[str, str]:
    """Path and reason behind a message of msgspec."""
    found = _PLACE.search(message)
    path = found["path"].removesuffix("[...]") if found else "$"
    if found and found["key"]:
        return path, _("a key must be a word")
    reason = message[: found.start()] if found else message
    if "unknown field" in reason and (field := _FIELD.search(reason)):
        names = _keys_at(path)
        otherwise = _("there are: {names}").format(names=", ".join(names))
        hint = did_you_mean(field[1], names, otherwise=otherwise)
        told = _("there is no key {key} here, {hint}").format(key=field[1], hint=hint)
        return f"{path}.{field[1]}", told
    if "required field" in reason and (field := _FIELD.search(reason)):
        return path, _("the key {key} is missing").format(key=field[1])
    return path, _told(reason, path)


def _told(reason: str, path: str) -> str:
    name = found[1] if (found := _LAST_NAME.search(path)) else ""
    if choice := _CHOICE.match(reason):
        allowed = ", ".join(_CHOICES.get(name, ()))
        return _("{value} is none of: {names}").format(value=choice[1].strip("'"), names=allowed)
    if kinds := _EXPECTED.match(reason):
        wanted, given = (_kinds(each) for each in kinds.groups())
        return _("{wanted} is needed here, not {given}").format(wanted=wanted, given=given)
    if "matching regex" in reason:
        return _pattern(name)
    if measure := _MEASURE.match(reason):
        return _measured(*measure.groups())
    return reason


def _kinds(names: str) -> str:
    kinds: Mapping[str, Callable[[], str]] = {
        "str": lambda: _("a text"),
        "int": lambda: _("a whole number"),
        "float": lambda: _("a number with decimals"),
        "bool": lambda: _("true or false"),
        "array": lambda: _("a list"),
        "object": lambda: _("keys with values"),
        "null": lambda: _("nothing"),
    }
    told = [kinds[name]() if name in kinds else name for name in names.split(" | ")]
    return _(" or ").join(dict.fromkeys(told))


def _pattern(name: str) -> str:
    if name in ("fr", "en", "de", "it"):
        return _("the text is empty")
    if name == "check":
        return _("a check is named in lower-case words joined by dashes and dots")
    return _("a key is made of lower-case words and digits joined by dashes, such as open-file")


def _measured(kind: str, sign: str, number: str) -> str:
    match kind, sign:
        case "int", _:
            return _("the number must be at least {number}").format(number=number)
        case "array", _:
            return _("the list is empty")
        case _:
            return _("the text is longer than {most} characters").format(most=number)


def _keys_at(path: str) -> Sequence[str]:
    """The keys that may stand at that place."""
    if path.endswith((".title", ".text")):
        return Words.__struct_fields__
    if path.startswith("$.steps["):
        return StepTemplate.__struct_fields__
    return (Phase if path.startswith("$.phases[") else Template).__struct_fields__
