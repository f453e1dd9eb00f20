"""When a step applies: a small language of comparisons, read by a parser of its own.

    client.canton == "BE" and "PAY" in client.modules
    run.version >= "12.4" and not client.has_maintenance
    answers.customizations != "none" or answers["date-confirmed"] == none

A name is a group and a fact of it. `answers` holds the answers of other steps by their keys, with
an underscore for each dash. Nothing is called, computed or looked up elsewhere, so that a template
from anywhere can be read without care.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from opskit.checklists.condition_parser import (
    ANSWERS,
    Comparison,
    ConditionInvalidError,
    Constant,
    Fact,
    Joined,
    Listed,
    Node,
    Not,
    parse,
)
from opskit.checklists.condition_values import Value, compare, value_of

__all__ = ["Condition", "ConditionInvalidError", "Facts", "parse_condition"]

Facts = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was read."""

    text: str
    root: Node

    def holds(self, facts: Facts) -> bool:
        """Whether it is true of these facts; what is not known is neither equal nor different."""
        return _is_true(self.root, facts)

    @property
    def names(self) -> frozenset[tuple[str, str]]:
        """Every group and fact that it asks for."""
        return frozenset((fact.group, fact.name) for fact in _facts_in(self.root))

    @property
    def answers(self) -> frozenset[str]:
        """The keys of the steps whose answers it asks for."""
        return frozenset(name for group, name in self.names if group == ANSWERS)

    def settled(self, facts: Facts) -> bool | None:
        """True or false where these facts decide it; None where it depends on others."""
        return _settled(self.root, facts)

    @property
    def constant(self) -> bool | None:
        """True or false where it is so whatever the facts are."""
        return self.settled({})


@lru_cache(maxsize=512)
def parse_condition(text: str) -> Condition:
    """Read a condition.

    Raises:
        ConditionInvalidError: it is too long, nested too deeply, or says something else.
    """
    return Condition(text, parse(text))


def _is_true(node: Node, facts: Facts) -> bool:
    match node:
        case Not(part):
            return not _is_true(part, facts)
        case Joined("and", parts):
            return all(_is_true(part, facts) for part in parts)
        case Joined(_, parts):
            return any(_is_true(part, facts) for part in parts)
        case Comparison(sign, left, right):
            return compare(sign, _value(left, facts), _value(right, facts))
        case _:
            return bool(_value(node, facts))


def _value(node: Node, facts: Facts) -> Value:
    match node:
        case Constant(value):
            return value
        case Fact(group, name):
            found = facts.get(group)
            return value_of(found.get(name)) if isinstance(found, Mapping) else None
        case Listed(items):
            return tuple(_value(item, facts) for item in items)
        case _:
            return _is_true(node, facts)


def _settled(node: Node, facts: Facts) -> bool | None:
    """Three values: true, false, and None for what other facts decide."""
    match node:
        case Not(part):
            inner = _settled(part, facts)
            return None if inner is None else not inner
        case Joined(word, parts):
            decisive = word == "or"  # one true part settles an `or`, one false part an `and`
            found = [_settled(part, facts) for part in parts]
            if decisive in found:
                return decisive
            return None if None in found else not decisive
        case _:
            given = all(each.name in facts.get(each.group, ()) for each in _facts_in(node))
            return _is_true(node, facts) if given else None


def _facts_in(node: Node) -> Iterator[Fact]:
    match node:
        case Fact():
            yield node
        case Listed(parts) | Joined(_, parts):
            for part in parts:
                yield from _facts_in(part)
        case Comparison(_, left, right):
            yield from _facts_in(left)
            yield from _facts_in(right)
        case Not(part):
            yield from _facts_in(part)
