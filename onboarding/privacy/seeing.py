"""Who sees what of a consultant. The table stands in docs/onboarding/privacy.md.

A newcomer sees the own path. The mentor sees the newcomers that are theirs; managers, admins and
auditors see everybody; other colleagues see nobody.
"""

from enum import StrEnum

from onboarding.skills.people import LOOKERS, Learner, is_self, leads
from opskit.core.errors import DeniedError
from opskit.core.i18n import _
from opskit.core.identity import Identity


class View(StrEnum):
    """As whom somebody looks at a consultant."""

    OWN = "own"
    LEAD = "lead"  # the mentor, a manager, an admin
    AUDITOR = "auditor"


def view_of(learner: Learner, actor: Identity) -> View:
    """As whom this person looks; a manager's own path is the own one.

    Raises:
        DeniedError: a colleague, or another newcomer.
    """
    if is_self(learner, actor):
        return View.OWN
    if leads(learner, actor):
        return View.LEAD
    if actor.roles & LOOKERS:
        return View.AUDITOR
    mentor = learner.mentor.name if learner.mentor else learner.person.name
    raise DeniedError(
        _("the path of {name} is for that person, the mentor and managers").format(
            name=learner.person.name
        ),
        hint=_("ask {mentor}, or a manager").format(mentor=mentor),
    )


def require_overseer(actor: Identity) -> None:
    """Let pass who may see everybody's data. Raises DeniedError."""
    if not actor.roles & LOOKERS:
        raise DeniedError(
            _("everybody's data is for managers, admins and auditors"),
            hint=_("ask a manager, or name one consultant"),
        )


def narrowed_to(actor: Identity) -> str | None:
    """The entity whose own line and newcomers are all of the board; None sees everybody."""
    return None if actor.roles & LOOKERS else actor.entity_id
