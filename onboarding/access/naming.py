"""Who is meant: anybody of the team by name or login, a consultant also by the path's number."""

from sqlalchemy.orm import Session

from onboarding import services
from onboarding.access.milestones import walker_of
from opskit.staff import services as staff
from opskit.staff.models import Person


def find_person(session: Session, text: str) -> Person:
    """Raises NotFoundError, ConflictError: nobody is called so, or several are."""
    typed = text.strip().upper()
    if typed.startswith(services.LETTER) and typed[1:].isdecimal():
        person_id = walker_of(session, services.find_run(session, typed))
        if person_id is not None:
            return session.get_one(Person, person_id)
    return staff.find(session, text)
