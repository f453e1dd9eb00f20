"""What became of a file's entries, client by client, and what stayed behind."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from opskit.core.i18n import _
from vault.importing.placing import Placed
from vault.importing.records import Leftover


class Fate(StrEnum):
    """What becomes of an entry."""

    NEW = "new"
    SAME = "same"
    UPDATED = "updated"
    DIFFERENT = "different"


STORED = (Fate.NEW, Fate.UPDATED)


@dataclass(frozen=True, slots=True)
class Difference:
    """An entry that the safe has otherwise: the names of the fields, never what is in them."""

    ref: str
    fields: tuple[str, ...]


@dataclass
class Report:
    """Grows while the file is gone through."""

    clients: dict[str, Counter[Fate]] = field(default_factory=dict)
    different: list[Difference] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)
    _refused: Counter[str] = field(default_factory=Counter)

    def count(self, placed: Placed, fate: Fate, fields: Sequence[str] = ()) -> None:
        self.clients.setdefault(placed.ref.client.value, Counter())[fate] += 1
        if fate is Fate.DIFFERENT:
            self.different.append(Difference(placed.ref.path, tuple(fields)))

    def refuse(self, client: str, reason: str) -> None:
        """One more entry of a client of which nothing is taken: they share one line."""
        self._refused[client] += 1
        title = _("entries: {count}").format(count=self._refused[client])
        line = Leftover((), title, reason, client)
        if self._refused[client] == 1:
            self.leftovers.append(line)
            return
        at = next(i for i, each in enumerate(self.leftovers) if each.ref == client)
        self.leftovers[at] = line

    def total(self, *fates: Fate) -> int:
        return sum(counts[fate] for counts in self.clients.values() for fate in fates)

    def rows(self) -> list[dict[str, Any]]:
        """One row a client, by code."""
        return [
            {"client": code, **{fate.value: counts[fate] for fate in Fate}}
            for code, counts in sorted(self.clients.items())
        ]

    def summary(self) -> dict[str, Any]:
        """What the event log keeps of it."""
        return {
            **{fate.value: self.total(fate) for fate in Fate},
            "left_over": len(self.leftovers),
            "clients": {
                code: {fate.value: counts[fate] for fate in counts}
                for code, counts in sorted(self.clients.items())
            },
        }
