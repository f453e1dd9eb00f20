"""One after the other: who lets somebody in waits for who shuts them out, and sees it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.intents import open_intents
from opskit.staff import services
from opskit.staff.models import Person

LEAVE = "onboarding.leave"  # the intent of a departure


def locked(session: Session, login: str) -> Person:
    """The person with that login; nobody else begins or ends anything with them until we commit.

    Raises:
        NotFoundError: there is none; the hint names the nearest.
    """
    _lock(session, login)
    return services.by_login(session, login)


def refuse_leaver(session: Session, login: str) -> None:
    """Whoever is on the way out is given nothing: the departure would take it away, or miss it.

    It comes first in a transaction: a departure that begins now then waits for us.

    Raises:
        ConflictError: a departure is under way; the hint takes it back.
    """
    _lock(session, login)
    login = login.strip().lower()
    if open_intents(session, kinds=(LEAVE,), subject=login):
        raise ConflictError(
            _("the departure of {login} is under way").format(login=login),
            hint=f"opskit onboarding leave {login} --withdraw",
        )


def _lock(session: Session, login: str) -> None:
    query = select(Person.id).where(Person.login == login.strip().lower())
    session.execute(query.with_for_update())
