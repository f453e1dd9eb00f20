"""How the gap between self and mentor went over time, group by group: pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from onboarding.skills.standing import Judged, Mean, mean_of, standings
from onboarding.skills.tree import SkillTree


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The groups as they stood at the end of a day on which somebody rated."""

    on: date
    groups: dict[str, Mean]


def gap_curve(
    tree: SkillTree, ratings: Iterable[Judged], *, until: date | None = None
) -> list[CurvePoint]:
    """A point for each day on which something was rated, the oldest first."""
    told = [each for each in ratings if until is None or each.on <= until]
    days = sorted({each.on for each in told})
    return [_point(tree, told, day) for day in days]


def _point(tree: SkillTree, ratings: Iterable[Judged], day: date) -> CurvePoint:
    pairs = standings(ratings, on=day)
    return CurvePoint(day, {group.key: mean_of(group, pairs) for group in tree.groups})
