"""Whose access somebody may look at: the own, that of newcomers one goes along with, or all."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from onboarding.access.milestones import Proposal
from onboarding.access.naming import find_person
from onboarding.privacy.seeing import view_of
from onboarding.skills.people import learner_of
from opskit.core.identity import OVERSEERS, Identity
from opskit.staff.models import Person


def find_to_see(session: Session, text: str, actor: Identity) -> Person:
    """The person, for somebody who looks at their access. Raises as `find_person`.

    Raises:
        DeniedError: a colleague, or another newcomer.
    """
    person = find_person(session, text)
    view_of(learner_of(session, person), actor)
    return person


def visible(found: Iterable[Proposal], actor: Identity) -> list[Proposal]:
    """Those of the proposals that somebody may see."""
    sees_all = not actor.roles.isdisjoint(OVERSEERS)
    return [
        each
        for each in found
        if sees_all or actor.entity_id in (each.person.entity_id, each.mentor.entity_id)
    ]
