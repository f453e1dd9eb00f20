"""How far a run has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from opskit.checklists.states import SETTLED


class Dated(Protocol):
    """As much of a step as progress needs."""

    @property
    def state(self) -> str: ...
    @property
    def due_on(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """Settled steps out of all, and how many are overdue. 100 percent only when all are settled."""

    done: int
    total: int
    late: int
    percent: int


def is_late(step: Dated, *, on: date) -> bool:
    """A step is late from the day after it was due."""
    return step.state not in SETTLED and step.due_on < on


def progress(steps: Sequence[Dated], *, on: date) -> Progress:
    """Count the steps as they stand on a day."""
    done = sum(step.state in SETTLED for step in steps)
    total = len(steps)
    return Progress(
        done=done,
        total=total,
        late=sum(is_late(step, on=on) for step in steps),
        percent=percent_of(done, total),
    )


def percent_of(done: int, total: int) -> int:
    """Rounded down, so that 100 means all of them."""
    return 100 * done // total if total else 100
