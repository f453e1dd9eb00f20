"""Names of skills, trees and competences for the shell."""

from typing import TYPE_CHECKING

from opskit.core.completion import completing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _skills(session: "Session") -> list[str]:
    from onboarding.skills.trees import poles_with_trees, tree_of

    trees = [tree_of(session, pole) for pole in poles_with_trees(session)]
    return list(dict.fromkeys(key for tree in trees for key in tree.skills))


def _poles(session: "Session") -> list[str]:
    from onboarding.skills.trees import poles_with_trees

    return poles_with_trees(session)


def _competences(session: "Session") -> list[str]:
    from onboarding.skills.trees import competences

    return list(competences(session))


complete_skill = completing(_skills)
complete_pole = completing(_poles)
complete_competence = completing(_competences)
