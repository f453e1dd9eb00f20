"""A first look at a file: how much there is, and which folders only resemble a client."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from vault.importing.matching import Guess
from vault.importing.placing import Placed, Placer
from vault.importing.records import Leftover, Record, Source


@dataclass(frozen=True, slots=True)
class Survey:
    """`guesses` counts the entries in each folder that somebody has to agree to."""

    count: int
    guesses: Counter[Guess]


def survey(source: Source, placer: Placer) -> Survey:
    """Go through the file once and place nothing."""
    count = 0
    guesses: Counter[Guess] = Counter()
    known: dict[tuple[str, ...], Guess | None] = {}
    for group in source.groups():
        count += 1
        if group not in known:
            known[group] = placer.guess(group)
        if guess := known[group]:
            guesses[guess] += 1
    return Survey(count, guesses)


def placed_of(source: Source, placer: Placer) -> Iterator[Placed | Leftover]:
    """Everything in the file, one after the other, in its place or with the reason for none."""
    for each in source:
        if isinstance(each, Record):
            yield from placer.place(each)
        else:
            yield each
