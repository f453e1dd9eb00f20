"""What a plan is made of, and what comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from opskit.core.periods import Period
from opskit.patches.campaigns.capacity import Capacity
from opskit.patches.campaigns.team import monday_of


class Freeze(Protocol):
    """Days on which a client wants no patch, and why."""

    def covers(self, day: date) -> bool: ...

    def in_words(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    client: str
    canton: str | None
    pole: str
    freezes: Sequence[Freeze] = ()


@dataclass(frozen=True, slots=True)
class Timeframe:
    """From the first day to the last, and how much the team takes on in it.

    Raises:
        InvalidError: it ends before it begins.
    """

    first: date
    last: date
    capacity: Capacity

    def __post_init__(self) -> None:
        Period(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Placed:
    """A client with its day. `moved` says why it is not the day that the pace alone gives."""

    client: str
    on: date
    agent: str | None
    moved: str | None = None


@dataclass(frozen=True, slots=True)
class Unplaced:
    client: str
    reason: str


@dataclass(frozen=True, slots=True)
class Week:
    """`room` is how many patches the people who are there can do."""

    monday: date
    room: int
    load: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Every candidate is either placed or named with the reason; the weeks have those of before
    in their load too. `unmanned` are poles of which no agent is recorded.
    """

    placed: tuple[Placed, ...]
    unplaced: tuple[Unplaced, ...]
    weeks: tuple[Week, ...]
    unmanned: tuple[str, ...]


def weeks_of(plan: Plan) -> Mapping[date, list[Placed]]:
    """Who is in which week, by its Monday; a week without anybody is there too."""
    weeks: dict[date, list[Placed]] = {each.monday: [] for each in plan.weeks}
    for each in plan.placed:
        weeks[monday_of(each.on)].append(each)
    return weeks
