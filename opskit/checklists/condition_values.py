"""How the values of a condition compare: as people compare them, and never with an exception.

Texts compare without case and accents; texts of digits and dots by their numbers, so that 12.10
comes after 12.4. A whole number compares with a text that is a number, since answers are texts.
Values of other kinds, and what is not known, are neither equal nor different nor ordered.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from math import isfinite
from operator import ge, gt, le, lt
from typing import Any, Final

from opskit.core.text import fold


class Literal(Enum):
    """The word `none` in a condition; a fact that is not known is Python's None."""

    NONE = "none"

    def __bool__(self) -> bool:
        return False


NONE: Final = Literal.NONE

Value = bool | int | float | str | tuple["Value", ...] | Literal | None

_DOTTED = re.compile(r"[0-9]{1,9}(?:[.][0-9]{1,9}){0,9}")
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:[.][0-9]{1,12})?")
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def value_of(found: object) -> Value:
    """A fact as a value; what conditions cannot compare counts as not known."""
    match found:
        case bool() | int():
            return found
        case float():
            return found if isfinite(found) else None
        case str():
            return str(found)
        case date():
            return found.isoformat()
        case list() | tuple() | set() | frozenset():
            return tuple(value_of(item) for item in found)
        case _:
            return None


def compare(sign: str, left: Value, right: Value) -> bool:
    """Whether `left sign right` is true."""
    match sign:
        case "==":
            return equal(left, right) is True
        case "!=":
            return equal(left, right) is False
        case "in":
            return contains(right, left) is True
        case "not in":
            return contains(right, left) is False
        case _:
            pair = _alike(left, right)
            return pair is not None and _ORDERS[sign](*pair)


def equal(left: Value, right: Value) -> bool | None:
    """None where they cannot be compared."""
    if NONE in (left, right):
        return left in (None, NONE) and right in (None, NONE)
    if isinstance(left, bool) and isinstance(right, bool):
        return left is right
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(contains(right, item) for item in left)
    pair = _alike(left, right)
    return None if pair is None else pair[0] == pair[1]


def contains(whole: Value, part: Value) -> bool | None:
    """Whether a list holds the value, or a text the words."""
    if isinstance(whole, str) and isinstance(part, str):
        return _plain(part) in _plain(whole)
    if isinstance(whole, tuple) and part not in (None, NONE):
        return any(equal(item, part) for item in whole)
    return None


def _alike(left: Value, right: Value) -> tuple[object, object] | None:
    """Both as numbers, or both as texts, or both as the numbers of a version."""
    if isinstance(left, str) and isinstance(right, str):
        if _DOTTED.fullmatch(left.strip()) and _DOTTED.fullmatch(right.strip()):
            return _numbers(left), _numbers(right)
        return _plain(left), _plain(right)
    first, second = _number(left, right), _number(right, left)
    return None if first is None or second is None else (first, second)


def _number(value: Value, other: Value) -> int | float | None:
    """A text is a number only beside a whole one: 12.4 unquoted is no version."""
    if isinstance(value, str):
        whole = isinstance(other, int) and not isinstance(other, bool)
        return float(value) if whole and _NUMBER.fullmatch(value.strip()) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _numbers(text: str) -> list[int]:
    """12.4 and 12.4.0 are the same version."""
    numbers = [int(part) for part in text.strip().split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers


def _plain(text: str) -> str:
    return fold(text.strip())
