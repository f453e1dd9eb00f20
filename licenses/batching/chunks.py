"""Parts of a batch that are dealt with in one go."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

CHUNK = 1000  # requests: one transaction, one event, four questions to the safe

Item = TypeVar("Item")


def chunked(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Parts of that size, and a last one that may be smaller."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
