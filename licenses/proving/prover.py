"""What each core is given: pages come in, verdicts go out. No database, no safe."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from licenses.proving import chain
from licenses.proving.flaws import Tally
from licenses.proving.lines import Flawed, LineProver
from licenses.proving.trust import Trust
from opskit.core.catalog import Catalog

Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class EventsVerdict:
    """Whether a page of the log fits, how many licences it issued, and where it began."""

    fits: bool
    issued: int
    count: int
    previous: str
    last_id: int


class Prover:
    """Both judges."""

    def __init__(self, trust: Trust, catalog: Catalog) -> None:
        self._lines = LineProver(trust, catalog)

    def lines(self, rows: Rows) -> tuple[list[Flawed], Tally]:
        return self._lines.page(rows)

    def events(self, rows: Rows, previous: str, last_id: int) -> EventsVerdict:
        fits, issued = chain.judge(rows, previous, last_id)
        return EventsVerdict(fits, issued, len(rows), previous, last_id)
