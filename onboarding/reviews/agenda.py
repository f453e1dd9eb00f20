"""What a review talks about: pure, from the path, the skills and what was decided before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from onboarding.skills.standing import Pair
from onboarding.skills.tree import Skill, SkillTree


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that is not settled; `holds_up` are those before which the review cannot be ticked."""

    position: int
    key: str
    text: str
    due_on: date
    owner: str
    holds_up: bool = False

    def days_late(self, *, on: date) -> int:
        return max(0, (on - self.due_on).days)


@dataclass(frozen=True, slots=True)
class SkillGap:
    """A skill about which the two think differently."""

    skill: Skill
    own: int
    mentor: int

    @property
    def gap(self) -> int:
        return self.own - self.mentor


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision of before."""

    kind: str
    decision: str
    held_on: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """In the order in which it is gone through."""

    late: tuple[OpenStep, ...]
    to_do: tuple[OpenStep, ...]
    gaps: tuple[SkillGap, ...]
    one_sided: tuple[Skill, ...]  # rated by the person or by the mentor, not by both
    unrated: int
    decided: tuple[Decided, ...]

    @property
    def holding_up(self) -> tuple[OpenStep, ...]:
        """What has to be settled before the review can be ticked."""
        return tuple(each for each in (*self.late, *self.to_do) if each.holds_up)


def agenda(
    *,
    steps: Iterable[OpenStep],
    tree: SkillTree,
    pairs: Mapping[str, Pair],
    decided: Sequence[Decided],
    due_on: date,
    on: date,
) -> Agenda:
    """The agenda on a day for the review that is due on another.

    Steps due after both days are no matter of this review, unless they hold it up.
    """
    last = max(due_on, on)
    told = sorted(
        (each for each in steps if each.due_on <= last or each.holds_up),
        key=lambda step: (step.due_on, step.position),
    )
    known = {key: pairs.get(key, Pair()) for key in tree.skills}
    return Agenda(
        late=tuple(each for each in told if each.due_on < on),
        to_do=tuple(each for each in told if each.due_on >= on),
        gaps=tuple(_gaps(tree, known)),
        one_sided=tuple(
            tree.skills[key]
            for key, pair in known.items()
            if (pair.own is None) != (pair.mentor is None)
        ),
        unrated=sum(pair.own is None and pair.mentor is None for pair in known.values()),
        decided=tuple(sorted(decided, key=lambda each: each.held_on)),
    )


def _gaps(tree: SkillTree, pairs: Mapping[str, Pair]) -> list[SkillGap]:
    """The widest first; of the same width as the tree has them."""
    found = [
        SkillGap(tree.skills[key], pair.own, pair.mentor)
        for key, pair in pairs.items()
        if pair.own is not None and pair.mentor is not None and pair.own != pair.mentor
    ]
    return sorted(found, key=lambda each: -abs(each.gap))
