"""Whose data is kept longer than the team said: those who left that many months ago."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.models import UNDER_WAY, Consultant, ConsultantState
from onboarding.privacy.pseudonyms import is_pseudonym
from opskit.core.context import AppContext
from opskit.core.errors import OpsError
from opskit.core.health import Condition, Diagnosis
from opskit.core.i18n import _
from opskit.staff.models import Person, PersonState

PART = "privacy"


@dataclass(frozen=True, slots=True)
class Kept:
    """Somebody who left, and since when the data is kept for nothing."""

    login: str
    name: str
    since: date


def kept_too_long(session: Session, *, months: int, on: date) -> list[Kept]:
    """Those who left more than so many months ago, the earliest first; none where it is 0."""
    if months <= 0:
        return []
    found = []
    for person, left_on in _gone(session):
        until = months_later(left_on, months)
        if until < on:
            found.append(Kept(person.login, person.name, until))
    return sorted(found, key=lambda each: (each.since, each.login))


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a month that is too short."""
    from calendar import monthrange

    at = day.year * 12 + day.month - 1 + months
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def examine(run: AppContext) -> Iterator[Diagnosis]:
    """Warn of data that should have been erased."""
    months = run.settings.onboarding_retention_months
    try:
        with run.snapshot() as session:
            kept = kept_too_long(session, months=months, on=run.today())
    except OpsError:
        return  # the database has told it itself
    if not kept:
        yield Diagnosis(PART, Condition.OK, _("nobody's data is kept too long"))
    for each in kept:
        yield Diagnosis(
            PART,
            Condition.WARNING,
            _("{name} left, and the data should have been erased after {day}").format(
                name=each.name, day=each.since
            ),
            f"opskit onboarding erase {each.login}",
        )


def _gone(session: Session) -> Iterator[tuple[Person, date]]:
    """Whoever may no longer log in, or left a path and has no other; erased ones are none."""
    ends = {
        row.person_id: row.ended_at
        for row in session.scalars(
            select(Consultant)
            .where(Consultant.state == ConsultantState.LEFT)
            .order_by(Consultant.id)
        )
    }
    under_way = set(
        session.scalars(select(Consultant.person_id).where(Consultant.state.in_(UNDER_WAY)))
    )
    for person in session.scalars(select(Person).order_by(Person.login)):
        if is_pseudonym(person.login) or person.id in under_way:
            continue
        if person.state == PersonState.DISABLED:
            yield person, (ends.get(person.id) or person.updated_at).astimezone().date()
        elif person.login_made_at is None and (ended := ends.get(person.id)):
            yield person, ended.astimezone().date()
