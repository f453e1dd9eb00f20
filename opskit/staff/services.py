"""The verbs of the staff directory: one person is one row, however they came to us."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.core.errors import ConflictError, NotFoundError
from opskit.core.events import record
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.importing import ImportReport
from opskit.core.logins import parse_login
from opskit.core.tabular import Row
from opskit.core.text import did_you_mean, fold
from opskit.staff.importing import StaffRecord, parse_staff
from opskit.staff.models import Person, PersonState
from opskit.staff.names import suggest_login

PERSONAL = frozenset({"login", "name", "email"})

Facts = dict[str, Any]


def ensure_person(
    session: Session,
    *,
    login: str | None = None,
    name: str | None = None,
    email: str | None = None,
    role: str | None = None,
    pole: str | None = None,
    site: str | None = None,
    language: str | None = None,
    at: datetime,
    actor: Identity,
) -> Person:
    """The person's row: found by login, else by full name, else made; what is given is stored.

    Without a login a new person gets one made of the name; without a name the login serves.

    Raises:
        ConflictError: several people have that name, and no login says which one is meant.
        InvalidError: the login or the name cannot be used.
    """
    told = {
        "name": name,
        "email": email,
        "role": role,
        "pole": pole,
        "site": site,
        "language": language,
    }
    given = {field: value for field, value in told.items() if value is not None}
    if login is not None:
        login = parse_login(login)
    person = _known(session, login, name)
    if person is not None:
        if login is None:
            given.pop("name")  # found by it, accents aside: the directory's spelling stays
        _change(session, person, given, at=at, actor=actor)
        return person
    if login is None:
        login = suggest_login(name or "", set(session.scalars(select(Person.login))))
    return _add(session, {"login": login, "name": login, **given}, at=at, actor=actor)


def link_entity(
    session: Session,
    *,
    person: Person,
    entity_id: str,
    can_log_in: bool = False,
    at: datetime,
    actor: Identity,
) -> None:
    """Tie the row to the person's entity in the safe; doing it again changes nothing.

    Raises:
        ConflictError: the row has another entity, or the entity another row.
    """
    if person.entity_id not in (None, entity_id):
        raise ConflictError(
            _("{login} is tied to another entity of the safe").format(login=person.login),
            hint=f"opskit user show {person.login}",
        )
    owner = by_entity(session, entity_id)
    if owner is not None and owner.id != person.id:
        raise ConflictError(
            _("that entity of the safe belongs to {login}").format(login=owner.login),
            hint=f"opskit user show {owner.login}",
        )
    if can_log_in and person.login_made_at is None:
        person.login_made_at = at
    if person.entity_id is None:
        person.entity_id, person.updated_at = entity_id, at
        record(
            session,
            actor=actor,
            at=at,
            action="staff.linked",
            subject=person.subject,
            after={"entity_id": entity_id},
            personal={"login": person.login},
        )


def by_login(session: Session, login: str) -> Person:
    """The person with exactly that login.

    Raises:
        NotFoundError: there is none; the hint names the nearest.
    """
    person = session.scalar(select(Person).where(Person.login == login.strip().lower()))
    if person is None:
        raise _not_found(session, login)
    return person


def job_of(session: Session, login: str) -> str | None:
    """What the person's job in the team is; None for whoever is not in the directory."""
    return session.scalar(select(Person.role).where(Person.login == parse_login(login)))


def by_entity(session: Session, entity_id: str) -> Person | None:
    """The person behind an entity of the safe."""
    return session.scalar(select(Person).where(Person.entity_id == entity_id))


def names_of(session: Session, entity_ids: Collection[str]) -> dict[str, str]:
    """The names of those whom the directory has, by entity."""
    found = session.execute(
        select(Person.entity_id, Person.name).where(Person.entity_id.in_(entity_ids))
    )
    return {entity_id: name for entity_id, name in found if entity_id is not None}


def find(session: Session, text: str) -> Person:
    """The person meant by a login, a full name, or a part of the name in whole words.

    Raises:
        ConflictError: it fits several people; the message lists their logins.
        NotFoundError: it fits nobody; the hint names the nearest.
    """
    wanted = fold(text.strip())
    people = list_people(session)
    for fits in (
        [each for each in people if each.login == wanted],
        [each for each in people if fold(each.name) == wanted],
        [each for each in people if wanted and set(wanted.split()) <= _words(each)],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise _ambiguous(text, fits)
    raise _not_found(session, text)


def list_people(session: Session, *, state: PersonState | None = None) -> list[Person]:
    """Everybody by login."""
    query = select(Person).order_by(Person.login)
    if state is not None:
        query = query.where(Person.state == state.value)
    return list(session.scalars(query))


def poles(session: Session) -> dict[str, str]:
    """The pole of everybody whom the safe knows, by entity: what an agent's clients hang on."""
    known = select(Person.entity_id, Person.pole).where(Person.entity_id.is_not(None))
    return {str(each.entity_id): each.pole for each in session.execute(known)}


def import_staff(
    session: Session, *, rows: Sequence[Row], at: datetime, actor: Identity
) -> ImportReport:
    """Add and update people from a table; rows with problems are left out and reported.

    Raises:
        DeniedError: the person is no admin.
    """
    require_role(actor, "admin")
    accepted, report = _compare(session, rows)
    for wanted in accepted:
        ensure_person(session, **asdict(wanted), at=at, actor=actor)
    return report


def preview_import(session: Session, *, rows: Sequence[Row]) -> ImportReport:
    """What `import_staff` would do; changes nothing."""
    return _compare(session, rows)[1]


def _compare(session: Session, rows: Sequence[Row]) -> tuple[list[StaffRecord], ImportReport]:
    parsed, rejected = parse_staff(rows)
    known = {person.login: person for person in list_people(session)}
    accepted = [each.record for each in parsed]
    old = [each for each in accepted if each.login in known]
    changed = [each.login for each in old if _changes(known[each.login], asdict(each))]
    return accepted, ImportReport(
        added=tuple(each.login for each in accepted if each.login not in known),
        changed=tuple(changed),
        unchanged=tuple(each.login for each in old if each.login not in changed),
        rejected=tuple(rejected),
    )


def _known(session: Session, login: str | None, name: str | None) -> Person | None:
    if login is not None:
        return session.scalar(select(Person).where(Person.login == login))
    fits = [each for each in list_people(session) if fold(each.name) == fold(name or "")]
    if len(fits) > 1:
        raise _ambiguous(name or "", fits)
    return fits[0] if fits else None


def _add(session: Session, given: Mapping[str, Any], *, at: datetime, actor: Identity) -> Person:
    facts = {"email": "", "role": "", "pole": "", "site": "", "language": "", **given}
    person = Person(**facts, state=PersonState.ACTIVE.value, created_at=at, updated_at=at)
    session.add(person)
    session.flush()  # the event names the person by the row's id
    after, personal = _split(facts)
    record(
        session,
        actor=actor,
        at=at,
        action="staff.added",
        subject=person.subject,
        after=after,
        personal=personal,
    )
    return person


def _change(
    session: Session, person: Person, given: Mapping[str, Any], *, at: datetime, actor: Identity
) -> None:
    new = _changes(person, given)
    if not new:
        return
    before, personal_before = _split({field: getattr(person, field) for field in new})
    after, personal_after = _split(new)
    for field, value in new.items():
        setattr(person, field, value)
    person.updated_at = at
    record(
        session,
        actor=actor,
        at=at,
        action="staff.changed",
        subject=person.subject,
        before=before,
        after=after,
        personal={"login": person.login}
        | {f"{field}_before": value for field, value in personal_before.items()}
        | personal_after,
    )


def _changes(person: Person, given: Mapping[str, Any]) -> Facts:
    return {field: value for field, value in given.items() if getattr(person, field) != value}


def _split(facts: Mapping[str, Any]) -> tuple[Facts, Facts]:
    """What an event keeps for good, and what it keeps until the person is erased."""
    return (
        {field: value for field, value in facts.items() if field not in PERSONAL},
        {field: value for field, value in facts.items() if field in PERSONAL},
    )


def _words(person: Person) -> set[str]:
    return set(fold(person.name).split())


def _ambiguous(text: str, fits: Iterable[Person]) -> ConflictError:
    logins = ", ".join(person.login for person in fits)
    return ConflictError(
        _("{name} may be {logins}").format(name=text.strip(), logins=logins),
        hint=_("give the login"),
    )


def _not_found(session: Session, text: str) -> NotFoundError:
    labels = [f"{person.login} ({person.name})" for person in list_people(session)]
    return NotFoundError(
        _("there is nobody called {name}").format(name=text.strip()),
        hint=did_you_mean(text, labels, otherwise="opskit staff list"),
    )
