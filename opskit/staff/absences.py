"""Who is away on which days, so that nothing is planned for them then.

Why somebody is away is told in one of four words, and only to that person, a manager or an admin.
In the event log the dates and the word are personal: they go when the person is erased.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from opskit.core.errors import DeniedError, NotFoundError
from opskit.core.events import record
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.core.periods import Period
from opskit.staff.models import Absence, AbsenceReason, Person

KEEPERS = frozenset({"manager", "admin"})


@dataclass(frozen=True, slots=True)
class Away:
    """One absence, as far as whoever asks may know of it."""

    number: int
    login: str
    name: str
    period: Period
    reason: str | None  # None is not for the person who asks

    def facts(self) -> dict[str, Any]:
        """Keys: `number`, `person`, `name`, `from`, `until`, `reason` (holiday, training, illness,
        other; null where it is not for you).
        """
        return {
            "number": self.number,
            "person": self.login,
            "name": self.name,
            "from": self.period.first.isoformat(),
            "until": self.period.last.isoformat(),
            "reason": self.reason,
        }


def add(
    session: Session,
    *,
    person: Person,
    period: Period,
    reason: AbsenceReason,
    at: datetime,
    actor: Identity,
) -> Away:
    """Record an absence: one's own, or as a manager or admin anybody's.

    Raises:
        DeniedError: it is somebody else's.
    """
    _require_own(person, actor)
    row = Absence(
        person_id=person.id,
        first=period.first,
        last=period.last,
        reason=reason.value,
        recorded_by=actor.entity_id,
        recorded_at=at,
    )
    session.add(row)
    session.flush()  # the event names it by its number
    _tell(session, "staff.absence-added", row, person, at=at, actor=actor)
    return _away(row, person, actor)


def end(session: Session, *, number: int, at: datetime, actor: Identity) -> tuple[Away, bool]:
    """Withdraw an absence, and say whether it counted until now.

    Raises:
        NotFoundError: no absence has that number.
        DeniedError: it is somebody else's.
    """
    row = session.get(Absence, number, with_for_update=True)
    if row is None:
        raise NotFoundError(
            _("there is no absence {number}").format(number=number),
            hint="opskit staff absence list",
        )
    person = session.get_one(Person, row.person_id)
    _require_own(person, actor)
    away = _away(row, person, actor)
    if row.withdrawn_at is not None:
        return away, False
    row.withdrawn_at = at
    _tell(session, "staff.absence-ended", row, person, at=at, actor=actor)
    return away, True


def list_absences(
    session: Session,
    *,
    asker: Identity,
    first: date,
    last: date | None = None,
    person: Person | None = None,
) -> list[Away]:
    """Who is away between two days, or from the first on, by day; of one person or of everybody."""
    query = _between(first, last)
    if person is not None:
        query = query.where(Absence.person_id == person.id)
    ordered = query.order_by(Absence.first, Person.login, Absence.id)
    return [_away(row, person_of, asker) for row, person_of in session.execute(ordered)]


def absent(session: Session, *, on: date) -> set[str]:
    """The logins of those who are away on that day."""
    return {person.login for _row, person in session.execute(_between(on, on))}


def absences_between(session: Session, first: date, last: date) -> Mapping[str, tuple[Period, ...]]:
    """By login, the periods that touch these days; who is there all the time has no key."""
    found: dict[str, tuple[Period, ...]] = {}
    ordered = _between(first, last).order_by(Absence.first, Absence.id)
    for row, person in session.execute(ordered):
        found[person.login] = (*found.get(person.login, ()), Period(row.first, row.last))
    return found


def _between(first: date, last: date | None) -> Select[Absence, Person]:
    query = (
        select(Absence, Person)
        .join(Person, Person.id == Absence.person_id)
        .where(Absence.withdrawn_at.is_(None), Absence.last >= first)
    )
    return query if last is None else query.where(Absence.first <= last)


def _away(row: Absence, person: Person, asker: Identity) -> Away:
    told = row.reason if _is_for(person, asker) else None
    return Away(row.id, person.login, person.name, Period(row.first, row.last), told)


def _is_for(person: Person, asker: Identity) -> bool:
    return person.entity_id == asker.entity_id or not asker.roles.isdisjoint(KEEPERS)


def _require_own(person: Person, actor: Identity) -> None:
    if not _is_for(person, actor):
        raise DeniedError(
            _("the absences of {login} are recorded by that person, a manager or an admin").format(
                login=person.login
            ),
            hint=_("ask {login} or a manager").format(login=person.login),
        )


def _tell(
    session: Session,
    action: str,
    row: Absence,
    person: Person,
    *,
    at: datetime,
    actor: Identity,
) -> None:
    record(
        session,
        actor=actor,
        at=at,
        action=action,
        subject=person.subject,
        after={"number": row.id},
        personal={
            "login": person.login,
            "from": row.first.isoformat(),
            "until": row.last.isoformat(),
            "reason": row.reason,
        },
    )
