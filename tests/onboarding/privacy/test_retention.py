"""Whose data is kept too long."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from onboarding.models import ConsultantState
from onboarding.privacy.forgetting import forget
from onboarding.privacy.retention import kept_too_long, months_later
from opskit.staff.models import PersonState
from tests.onboarding.walkers import ADMIN, AT, person, walk

LEFT = datetime(2027, 3, 31, 12, tzinfo=UTC)


@pytest.fixture
def team(session: Session) -> Session:
    """Camille left a path, Paul was disabled, Maria is here."""
    maria, paul = person(session, "mruiz", "Maria Ruiz"), person(session, "prey", "Paul Rey")
    gone = walk(session, person(session, "cperret", "Camille Perret", "consultant"), maria)
    gone.consultant.state, gone.consultant.ended_at = ConsultantState.LEFT, LEFT
    paul.state, paul.updated_at = PersonState.DISABLED, LEFT + timedelta(days=10)
    session.flush()
    return session


def test_whoever_left_long_ago(team: Session) -> None:
    found = kept_too_long(team, months=24, on=date(2029, 4, 30))
    assert [(each.name, each.since) for each in found] == [
        ("Camille Perret", date(2029, 3, 31)),
        ("Paul Rey", date(2029, 4, 10)),
    ]
    assert kept_too_long(team, months=24, on=date(2029, 3, 31)) == []
    assert kept_too_long(team, months=0, on=date(2050, 1, 1)) == []


def test_who_came_back_or_was_erased_is_none(team: Session) -> None:
    camille = person(team, "cperret", "Camille Perret", "consultant")
    walk(team, camille, person(team, "mruiz", "Maria Ruiz"))
    forget(team, person(team, "prey", "Paul Rey"), at=AT, actor=ADMIN)
    assert kept_too_long(team, months=1, on=date(2035, 1, 1)) == []


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(0, 240))
def test_months_later_is_that_month(day: date, months: int) -> None:
    found = months_later(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day <= day.day
