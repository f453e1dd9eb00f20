"""Parts of a batch that are dealt with in one go."""

from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.orm import InstrumentedAttribute

CHUNK = 1000  # requests: one transaction, one event, four questions to the safe

Item = TypeVar("Item")


def chunked(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Parts of that size, and a last one that may be smaller."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def among(number: InstrumentedAttribute[int], numbers: Collection[int]) -> ColumnElement[bool]:
    """`number IN numbers`, which stand in the statement: a driver is slow at 1000 parameters."""
    return number.in_(
        bindparam(None, numbers, type_=number.type, expanding=True, literal_execute=True)
    )
