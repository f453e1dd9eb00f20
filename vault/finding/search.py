"""Finding entries by words that people remember, misspelt or not, without looking at a secret.

Every word must stand somewhere in an entry's line of the index. A whole word is worth more than
the beginning of one, that more than the inside, and that more than a word that is only alike.
Among equals counts what stands earlier in the line: ref, client's name, kind, host, and so on.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from opskit.core.text import fold
from vault.finding.index_file import Line

WHOLE, BEGINNING, INSIDE = 3.0, 2.0, 1.0
ALIKE = 0.66  # of the letters: one of three may be wrong, two of six
MANY = 20  # words that are alike
_WORDS = re.compile(r"[^\s/]+")
_PARTS = re.compile(r"[^\W_]+")

Likeness = Mapping[str, float]
"""Words that are like one that was typed, and how much: below 1."""
NOTHING: Likeness = {}


@dataclass(frozen=True, slots=True)
class _Hit:
    """A line, and for each word how well it is met and in which part of the line."""

    line: Line
    ranks: Sequence[tuple[float, int]]

    @property
    def is_good(self) -> bool:
        return all(worth >= BEGINNING for worth, _part in self.ranks)

    @property
    def order(self) -> tuple[bool, float, int, str]:
        is_literal = all(worth >= INSIDE for worth, _part in self.ranks)
        worth, parts = (sum(each) for each in zip(*self.ranks, strict=True))
        return not is_literal, -worth, parts, self.line


class Finder:
    """Searches the lines of an index, as often as one likes."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._heads = [line[: line.rindex("\t")] for line in lines]

    def find(self, text: str) -> list[Line]:
        """The lines in which every word of the text is met, the best first; all, without a word.

        Words that are alike count only where nothing is found that begins with the typed ones:
        first for those words alone that begin nowhere, then for all.
        """
        words = _WORDS.findall(fold(text))
        if not words:
            return list(self._lines)
        hits = self._search(dict.fromkeys(words, NOTHING))
        if not any(hit.is_good for hit in hits):
            alike = {word: self._alike(word) for word in words}
            strange = {word: NOTHING if self._begins(word) else alike[word] for word in words}
            hits = self._search(strange) or self._search(alike)
        return [hit.line for hit in sorted(hits, key=lambda hit: hit.order)]

    def _search(self, wanted: Mapping[str, Likeness]) -> list[_Hit]:
        left = list(zip(self._lines, self._heads, strict=True))
        for word, alike in wanted.items():
            left = [
                (line, head)
                for line, head in left
                if word in head or (alike and any(each in head for each in alike))
            ]
        return [
            _Hit(line, [_rank(head, word, alike) for word, alike in wanted.items()])
            for line, head in left
        ]

    def _begins(self, word: str) -> bool:
        return any(known.startswith(word) for known in self._vocabulary)

    def _alike(self, word: str) -> Likeness:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        near = process.extract(
            word,
            self._vocabulary,
            scorer=OSA.normalized_similarity,
            score_cutoff=ALIKE,
            limit=MANY,
        )
        return {each: likeness for each, likeness, _position in near if each != word}

    @cached_property
    def _vocabulary(self) -> list[str]:
        words = {*"\n".join(self._heads).replace("/", " ").split()}
        return sorted(words.union(_PARTS.findall(" ".join(words))))


def _rank(head: str, word: str, alike: Likeness) -> tuple[float, int]:
    """The best place of the word, or of one that is like it."""
    found = _place(head, word)
    if found is None:
        found = max((alike[each], head.find(each)) for each in alike if each in head)
    worth, at = found
    return worth, head.count("\t", 0, at)


def _place(head: str, word: str) -> tuple[float, int] | None:
    """How well the word stands in the text, and where; None where it does not."""
    best, at = None, head.find(word)
    while at >= 0:
        end = at + len(word)
        begins = at == 0 or not head[at - 1].isalnum()
        ends = end == len(head) or not head[end].isalnum()
        worth = WHOLE if begins and ends else BEGINNING if begins else INSIDE
        if best is None or worth > best[0]:
            best = worth, at
        if worth == WHOLE:
            break
        at = head.find(word, at + 1)
    return best
