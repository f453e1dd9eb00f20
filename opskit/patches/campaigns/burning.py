"""How many steps were open at the end of each week, and how many should have been."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from opskit.patches.campaigns.team import monday_of

WEEK = timedelta(days=7)
SUNDAY = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Point:
    """The end of a week. `open` is None for a week that is still to come."""

    on: date
    planned: int
    open: int | None


@dataclass(frozen=True, slots=True)
class Burndown:
    """`begin` is the day on which all the steps were open."""

    begin: date
    steps: int
    points: Sequence[Point]


def burndown(
    *, begin: date, on: date, due: Mapping[date, int], settled: Mapping[date, int]
) -> Burndown:
    """From the week of the begin to the one of the last due date, or to today's.

    `due` counts all steps by their date; `settled` those that are, by the day they were.
    """
    steps = sum(due.values())
    last = max([on, *due])
    points = []
    monday = monday_of(begin)
    while monday <= last:
        end = monday + SUNDAY
        points.append(
            Point(
                on=end,
                planned=steps - _until(due, end),
                open=None if monday > on else steps - _until(settled, min(end, on)),
            )
        )
        monday += WEEK
    return Burndown(begin, steps, tuple(points))


def thinned(points: Sequence[Point], most: int) -> Sequence[Point]:
    """Every second or third week of a long campaign, the last one always."""
    every = max(1, -(-len(points) // most))
    return points[::-1][::every][::-1]


def _until(counts: Mapping[date, int], day: date) -> int:
    return sum(count for when, count in counts.items() if when <= day)
