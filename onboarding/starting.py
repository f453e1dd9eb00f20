"""The first day of newcomers: one row of the staff, one entity in the safe, one path each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from onboarding import services
from onboarding.paths import Path, Wish, choose_path
from opskit.core.business_days import Calendar
from opskit.core.identity import require_role
from opskit.core.text import fold
from opskit.staff import services as staff
from opskit.staff import user_services
from opskit.staff.acts import Desk
from opskit.staff.models import Person


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who starts, where, when, with whom; `path` is the id of a path, `login` tells homonyms."""

    name: str
    path: str
    start_on: date
    mentor: str
    login: str | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """A newcomer whom the directory has by now."""

    newcomer: Newcomer
    person: Person
    mentor: Person
    path: Path


def start_newcomer(
    desk: Desk, newcomer: Newcomer, *, canton: str, calendar: Calendar
) -> services.Walk:
    """Make the person known everywhere, then put them on the path. Raises as for several."""
    (walk,) = start_newcomers(desk, [newcomer], canton=canton, calendar=calendar)
    return walk


def start_newcomers(
    desk: Desk, newcomers: Sequence[Newcomer], *, canton: str, calendar: Calendar
) -> list[services.Walk]:
    """Make them known everywhere, then put them on their paths.

    The entity comes before the path, since sign-offs have to tell the newcomer's own hand from
    another person's. Each part is found again when an interrupted start is repeated.

    Raises:
        NotFoundError: there is no such path, or nobody is called like the mentor.
        DeniedError: neither manager nor admin; a person new to the safe needs an admin.
        ConflictError: the person is on a path already, or several people are called so.
    """
    require_role(desk.actor, *services.STARTERS)
    with desk.transaction() as session:
        people = staff.list_people(session)
        known = [_make_known(session, desk, each, people) for each in newcomers]
    for each in known:
        if each.person.entity_id is None:
            user_services.make_known(desk, login=each.person.login, role=services.NEWCOMER)
    with desk.transaction() as session:
        entrants = [
            services.Entrant(
                session.get_one(Person, each.person.id, populate_existing=True),
                session.get_one(Person, each.mentor.id),
                each.path,
                each.newcomer.start_on,
            )
            for each in known
        ]
        made = services.start_many(
            session, entrants, canton=canton, calendar=calendar, at=desk.at, actor=desk.actor
        )
        return [services.walk_of(session, each) for each in made]


def known_person(people: Sequence[Person], name: str, login: str | None = None) -> Person | None:
    """A colleague by login or whole name, whose name stays as the staff directory spells it.

    None also where several are called so: then the directory asks for the login.
    """
    if login is not None:
        return next((each for each in people if each.login == login.strip().lower()), None)
    wanted = fold(name.strip())
    by_login = [each for each in people if each.login == wanted]
    by_name = [each for each in people if fold(each.name) == wanted]
    for fits in (by_login, by_name):
        if len(fits) == 1:
            return fits[0]
    return None


def _make_known(
    session: Session, desk: Desk, newcomer: Newcomer, people: Sequence[Person]
) -> _Known:
    """The row of the directory, with what a path needs of it."""
    path = choose_path(session, Wish(path=newcomer.path))
    mentor = staff.find(session, newcomer.mentor)
    person = known_person(people, newcomer.name, newcomer.login) or staff.ensure_person(
        session,
        login=newcomer.login,
        name=newcomer.name.strip(),
        at=desk.at,
        actor=desk.actor,
    )
    if person.entity_id is None:
        require_role(desk.actor, "admin")  # before anything is stored
    missing = {
        "role": services.NEWCOMER,
        "pole": person.pole or path.pole or "",
        "site": person.site or (path.site or "").capitalize(),
    }
    if person.role in ("", services.NEWCOMER):  # a colleague keeps role and pole, or both poles
        staff.ensure_person(session, login=person.login, **missing, at=desk.at, actor=desk.actor)
    services.refuse_second_path(session, person=person, mentor=mentor)
    return _Known(newcomer, person, mentor, path)
