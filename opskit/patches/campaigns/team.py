"""Who may do a patch, and how much of the capacity is there on which day.

Agents patch the clients of their own pole, or of every pole where they have none. A pole whose
agents nobody recorded counts as there every day: the plan cannot know better, and says so.

Of a day or a week as much of the capacity is there as people are: with one of four agents away all
week, `8/week` is 6; in a week with one holiday it is 6 too (6.4, rounded); and one patch is always
possible where anybody is there. A day on which nobody in Switzerland works, or only half of it,
counts as nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Protocol

from opskit.patches.campaigns.capacity import Capacity, Span

FULL_WEEK = 5


class Absence(Protocol):
    """Days on which somebody is away."""

    def covers(self, day: date) -> bool: ...


@dataclass(frozen=True, slots=True)
class Agent:
    """`pole` is empty for somebody who works for all of them."""

    login: str
    pole: str
    absences: Sequence[Absence] = ()

    def works_for(self, pole: str) -> bool:
        return self.pole in {pole, ""}

    def is_there(self, day: date) -> bool:
        return not any(each.covers(day) for each in self.absences)


@dataclass(frozen=True)
class Team:
    """The agents, over the working days of a period."""

    agents: Sequence[Agent]
    days: Sequence[date]

    @cached_property
    def presence(self) -> Mapping[date, Sequence[Agent]]:
        return {day: [each for each in self.agents if each.is_there(day)] for day in self.days}

    def has_agents(self, pole: str) -> bool:
        """Whether any are recorded."""
        return any(each.works_for(pole) for each in self.agents)

    def is_manned(self, day: date, pole: str) -> bool:
        return bool(self.of_pole(day, pole)) or not self.has_agents(pole)

    def of_pole(self, day: date, pole: str) -> list[Agent]:
        return [each for each in self.presence[day] if each.works_for(pole)]

    def room(self, days: Sequence[date], capacity: Capacity) -> int:
        """How many patches the days of one week, or one day, have room for."""
        size = len(self.agents) or 1
        full = size * (FULL_WEEK if capacity.span is Span.WEEK else 1)
        there = sum(len(self.presence[day]) if self.agents else 1 for day in days)
        share = (2 * capacity.count * there + full) // (2 * full)
        return max(share, 1 if there else 0)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
