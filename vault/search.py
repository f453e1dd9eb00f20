"""Finding entries by words that people remember, without looking at a secret."""

from collections.abc import Sequence

from opskit.core.text import fold
from vault.entries import Entry


def search(entries: Sequence[Entry], words: Sequence[str]) -> list[Entry]:
    """The entries in which every word occurs, accents and case aside; the best first."""
    from rapidfuzz import fuzz

    wanted = [fold(word) for word in words]
    asked = " ".join(wanted)
    scored = []
    for entry in entries:
        text = _searched(entry)
        if all(word in text for word in wanted):
            scored.append((-fuzz.token_sort_ratio(asked, text), entry.ref.path, entry))
    return [entry for _score, _path, entry in sorted(scored, key=lambda each: each[:2])]


def _searched(entry: Entry) -> str:
    facts = entry.facts
    words = (entry.ref.path, facts.kind, facts.host, facts.username, facts.url, *facts.tags)
    return fold(" ".join(words))
