"""How far a person is in a tree of skills on a day: pure, from the ratings that count.

What a person thinks and what the mentor thinks are kept apart; the gap is the first minus the
second, so that above zero somebody overrates themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from onboarding.skills.models import RatingKind
from onboarding.skills.tree import Group, SkillTree


@dataclass(frozen=True, slots=True)
class Judged:
    """One rating that counts. `number` is its row: of one day the later row counts."""

    number: int
    skill: str
    kind: RatingKind
    level: int
    on: date


class Trend(StrEnum):
    """Whether the last judgement is above or below that of the day before on which one was given:
    the mentor's, or the person's own where the mentor has said nothing.
    """

    UP = "up"
    SAME = "same"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Pair:
    """What is thought of one skill; None: nobody said so far."""

    own: int | None = None
    mentor: int | None = None
    own_on: date | None = None
    mentor_on: date | None = None
    trend: Trend | None = None

    @property
    def gap(self) -> int | None:
        return None if self.own is None or self.mentor is None else self.own - self.mentor


@dataclass(frozen=True, slots=True)
class Mean:
    """The means of a group; the gap only over skills that both have judged."""

    own: float | None
    mentor: float | None
    gap: float | None
    compared: int


def standings(ratings: Iterable[Judged], *, on: date) -> dict[str, Pair]:
    """What counts on a day, by skill."""
    by_skill: dict[str, dict[RatingKind, list[Judged]]] = {}
    for each in sorted(ratings, key=lambda rating: (rating.on, rating.number)):
        if each.on <= on:
            by_skill.setdefault(each.skill, {}).setdefault(each.kind, []).append(each)
    return {skill: _pair(kinds) for skill, kinds in by_skill.items()}


def mean_of(group: Group, pairs: Mapping[str, Pair]) -> Mean:
    """How a whole group stands."""
    found = [pairs.get(skill.key, Pair()) for skill in group.skills]
    gaps = [each.gap for each in found if each.gap is not None]
    return Mean(
        own=_mean([each.own for each in found if each.own is not None]),
        mentor=_mean([each.mentor for each in found if each.mentor is not None]),
        gap=_mean(gaps),
        compared=len(gaps),
    )


def former(tree: SkillTree, pairs: Mapping[str, Pair]) -> list[str]:
    """The skills that were rated and that the tree no longer has."""
    return sorted(skill for skill in pairs if skill not in tree.skills)


def _pair(kinds: Mapping[RatingKind, Sequence[Judged]]) -> Pair:
    own, mentor = kinds.get(RatingKind.SELF, ()), kinds.get(RatingKind.MENTOR, ())
    return Pair(
        own=own[-1].level if own else None,
        mentor=mentor[-1].level if mentor else None,
        own_on=own[-1].on if own else None,
        mentor_on=mentor[-1].on if mentor else None,
        trend=_trend(mentor or own),
    )


def _trend(ratings: Sequence[Judged]) -> Trend | None:
    """From one day to the next on which something was said; of one day the last word counts."""
    levels = list({each.on: each.level for each in ratings}.values())[-2:]
    if len(levels) < 2:  # noqa: PLR2004 (the last and the one before)
        return None
    before, last = levels
    if last == before:
        return Trend.SAME
    return Trend.UP if last > before else Trend.DOWN


def _mean(numbers: Sequence[int]) -> float | None:
    return round(sum(numbers) / len(numbers), 2) if numbers else None
