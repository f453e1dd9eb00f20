"""The skills of one person, gathered for a page, a chart or JSON."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from onboarding.skills import signing_off, trees
from onboarding.skills.gap_curve import CurvePoint, gap_curve
from onboarding.skills.people import Learner, require_look
from onboarding.skills.rating import counting, history
from onboarding.skills.signing_off import Standing
from onboarding.skills.standing import Mean, Pair, former, mean_of, standings
from onboarding.skills.tree import Group, Skill, SkillTree
from opskit.core.identity import Identity


@dataclass(frozen=True, slots=True)
class FormerSkill:
    """A skill that was rated and that the tree no longer has; `skill` is how it was called."""

    key: str
    skill: Skill | None
    pair: Pair


@dataclass(frozen=True, slots=True)
class Matrix:
    """Everything about one person's skills on a day."""

    learner: Learner
    tree: SkillTree
    on: date
    pairs: dict[str, Pair]
    former: list[FormerSkill]
    curve: list[CurvePoint]
    sign_offs: list[Standing]

    def pair(self, skill: Skill) -> Pair:
        return self.pairs.get(skill.key, Pair())

    def mean(self, group: Group) -> Mean:
        return mean_of(group, self.pairs)


def matrix(session: Session, *, learner: Learner, on: date, asker: Identity) -> Matrix:
    """The matrix as the person who asks may see it.

    Raises:
        NotYoursToRateError: it is not for them.
    """
    require_look(learner, asker)
    return matrix_of(session, learner=learner, on=on)


def matrix_of(session: Session, *, learner: Learner, on: date) -> Matrix:
    """The matrix, for whoever was asked already whether they may see it."""
    tree = trees.tree_for(session, learner.poles)
    entries = history(session, learner.person)
    ratings = counting(entries)
    pairs = standings(ratings, on=on)
    lost = former(tree, pairs)
    digests = {each.row.tree_digest for each in entries if each.row.skill in lost}
    names = trees.former_names(session, sorted(digests)) if lost else {}
    return Matrix(
        learner=learner,
        tree=tree,
        on=on,
        pairs=pairs,
        former=[FormerSkill(key, names.get(key), pairs[key]) for key in lost],
        curve=gap_curve(tree, ratings, until=on),
        sign_offs=signing_off.standings_of(session, person=learner.person, on=on),
    )
