"""Whose skills they are, and who may judge and see them.

Everybody of the staff has skills. Whoever is, or was, on a path has a mentor besides.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.models import Consultant
from onboarding.services.walks import LETTER, latest_of
from onboarding.skills.errors import NotYoursToRateError
from onboarding.skills.models import RatingKind
from onboarding.skills.tree_file import SHIPPED
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.core.refs import parse_number
from opskit.staff import services as staff
from opskit.staff.models import Person

LEADERS = frozenset({"manager", "admin"})
LOOKERS = LEADERS | {"auditor"}


@dataclass(frozen=True, slots=True)
class Learner:
    """A person with their path, if any, and its mentor."""

    person: Person
    consultant: Consultant | None
    mentor: Person | None

    @property
    def poles(self) -> list[str]:
        """Whose tree of skills may be meant, the likeliest first; the path's own pole before the
        one of the directory, where somebody learns another.
        """
        learnt, path = (
            (self.consultant.pole, self.consultant.path) if self.consultant else (None, None)
        )
        told = (learnt, self.person.pole, path, SHIPPED[0])
        return list(dict.fromkeys(pole for pole in told if pole))


def find_learner(session: Session, text: str) -> Learner:
    """The person by name (accents and case aside), by login, or by the number of a path, `O3`.

    Raises:
        NotFoundError: nobody is called so; the hint names the nearest.
        ConflictError: several people are called so.
    """
    number = _number_of_a_path(text)
    if number is not None:
        walked = session.scalar(select(Consultant).where(Consultant.run_number == number))
        if walked is not None:
            return learner_of(session, session.get_one(Person, walked.person_id))
    return learner_of(session, staff.find(session, text))


def learner_of(session: Session, person: Person) -> Learner:
    """The person with the path that is under way, else the last one."""
    consultant = latest_of(session, person.id)
    mentor = None if consultant is None else session.get(Person, consultant.mentor_id)
    return Learner(person, consultant, mentor)


def is_self(learner: Learner, actor: Identity) -> bool:
    return learner.person.entity_id == actor.entity_id


def leads(learner: Learner, actor: Identity) -> bool:
    """Whether it is the person's mentor, a manager or an admin; nobody leads themselves."""
    if is_self(learner, actor):
        return False
    is_mentor = learner.mentor is not None and learner.mentor.entity_id == actor.entity_id
    return is_mentor or not actor.roles.isdisjoint(LEADERS)


def kind_of(learner: Learner, actor: Identity) -> RatingKind:
    """Whose judgement a rating by this person is.

    Raises:
        NotYoursToRateError: neither the person, nor their mentor, nor a manager or admin.
    """
    if is_self(learner, actor):
        return RatingKind.SELF
    require_lead(learner, actor)
    return RatingKind.MENTOR


def require_lead(learner: Learner, actor: Identity) -> None:
    """Raises NotYoursToRateError where it is neither the mentor nor a manager or admin."""
    if is_self(learner, actor):
        raise NotYoursToRateError(
            _("nobody decides this about themselves"), hint=_("ask your mentor or a manager")
        )
    if not leads(learner, actor):
        raise NotYoursToRateError(
            _("{actor} is neither {name} nor their mentor, a manager or an admin").format(
                actor=actor.name, name=learner.person.name
            ),
            hint=_("ask {mentor}, or a manager").format(
                mentor=learner.mentor.name if learner.mentor else learner.person.name
            ),
        )


def require_look(learner: Learner, actor: Identity) -> None:
    """Skills are for the person, the mentor, managers, admins and auditors.

    Raises:
        NotYoursToRateError: it is somebody else.
    """
    if is_self(learner, actor) or leads(learner, actor):
        return
    if actor.roles.isdisjoint(LOOKERS):
        raise NotYoursToRateError(
            _("the skills of {name} are for that person, the mentor and managers").format(
                name=learner.person.name
            ),
            hint=_("your own: opskit onboarding skills {login}").format(login=actor.name),
        )


def _number_of_a_path(text: str) -> int | None:
    typed = text.strip().upper()
    if not (typed.startswith(LETTER) and typed[1:].isdecimal()):
        return None
    try:
        return parse_number(LETTER, typed)
    except InvalidError:
        return None
