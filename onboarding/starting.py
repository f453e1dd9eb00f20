"""The first day of a newcomer: one row of the staff, one entity in the safe, one path."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from onboarding import services
from onboarding.paths import load_path
from opskit.core.business_days import Calendar
from opskit.core.identity import require_role
from opskit.core.text import fold
from opskit.staff import services as staff
from opskit.staff import user_services
from opskit.staff.acts import Desk
from opskit.staff.models import Person


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who starts, where, when, with whom."""

    name: str
    path: str
    start_on: date
    mentor: str


def start_newcomer(
    desk: Desk, newcomer: Newcomer, *, canton: str, calendar: Calendar
) -> services.Walk:
    """Make the person known everywhere, then put them on the path.

    The entity comes before the path, since sign-offs have to tell the newcomer's own hand from
    another person's. Each part is found again when an interrupted start is repeated.

    Raises:
        NotFoundError: there is no such path, or nobody is called like the mentor.
        DeniedError: neither manager nor admin; a person new to the safe needs an admin.
        ConflictError: the person is on a path already, or several people are called so.
    """
    require_role(desk.actor, *services.STARTERS)
    load_path(newcomer.path)
    with desk.transaction() as session:
        mentor = staff.find(session, newcomer.mentor)
        person = _known(session, newcomer.name) or staff.ensure_person(
            session, name=newcomer.name.strip(), at=desk.at, actor=desk.actor
        )
        if person.entity_id is None:
            require_role(desk.actor, "admin")  # before anything is stored
        if person.role in ("", services.NEWCOMER):  # a colleague keeps role and pole, or both poles
            staff.ensure_person(
                session,
                login=person.login,
                role=services.NEWCOMER,
                pole=person.pole or newcomer.path,
                at=desk.at,
                actor=desk.actor,
            )
        services.refuse_second_path(session, person=person, mentor=mentor)
    if person.entity_id is None:
        user_services.make_known(desk, login=person.login, role=services.NEWCOMER)
    with desk.transaction() as session:
        return services.start(
            session,
            person=staff.by_login(session, person.login),
            mentor=mentor,
            path=newcomer.path,
            start_on=newcomer.start_on,
            canton=canton,
            calendar=calendar,
            at=desk.at,
            actor=desk.actor,
        )


def _known(session: Session, text: str) -> Person | None:
    """A colleague by login or whole name, whose name stays as the staff directory spells it."""
    wanted, people = fold(text.strip()), staff.list_people(session)
    by_login = [each for each in people if each.login == wanted]
    by_name = [each for each in people if fold(each.name) == wanted]
    for fits in (by_login, by_name):
        if len(fits) == 1:
            return fits[0]
    return None
