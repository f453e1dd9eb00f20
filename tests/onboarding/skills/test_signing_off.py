"""Sign-offs, and the gate that asks for them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.skills import signing_off
from onboarding.skills.errors import NotYoursToRateError
from onboarding.skills.gate import SignedOff
from onboarding.skills.models import SignOff
from onboarding.skills.people import Learner
from opskit.core.errors import ConflictError, InvalidError, NotFoundError
from opskit.core.events import Event
from opskit.core.identity import Identity
from tests.onboarding.skills.people import CAST, TODAY

PATCH = "patch-preparation"
Sign = Callable[..., SignOff]


@pytest.fixture
def sign(session: Session, zoe: Learner, now: datetime) -> Sign:
    def sign(
        who: Identity = CAST.maria,
        competence: str = PATCH,
        *,
        until: date | None = None,
        reason: str | None = "three with me",
    ) -> SignOff:
        return signing_off.sign_off(
            session, learner=zoe, competence=competence, reason=reason, evidence=(), until=until,
            on=TODAY, at=now, actor=who,
        )  # fmt: skip

    return sign


def has(session: Session, on: date = TODAY, competence: str = PATCH) -> bool:
    return SignedOff().has(session, "e-zoe", competence, on)


def test_a_sign_off_counts_from_its_day_on(session: Session, sign: Sign) -> None:
    assert not has(session)
    sign()
    assert has(session)
    assert not has(session, on=TODAY - timedelta(1))
    assert has(session, on=TODAY + timedelta(3650))
    assert not has(session, competence="payroll-patch")
    assert not SignedOff().has(session, "e-maria", PATCH, TODAY)


def test_until_is_the_last_day(session: Session, sign: Sign) -> None:
    sign(until=TODAY + timedelta(5))
    assert has(session, on=TODAY + timedelta(5))
    assert not has(session, on=TODAY + timedelta(6))


@pytest.mark.parametrize("who", [CAST.zoe, CAST.max, CAST.olga, CAST.ute])
def test_who_may_not(session: Session, sign: Sign, who: Identity) -> None:
    with pytest.raises(NotYoursToRateError):
        sign(who)
    assert not has(session)


def test_what_is_refused(session: Session, sign: Sign) -> None:
    with pytest.raises(NotFoundError, match="no competence 'patch-prepration'") as caught:
        sign(competence="patch-prepration")
    assert "patch-preparation" in caught.value.hint
    with pytest.raises(InvalidError, match="a sign-off says why"):
        sign(reason=" ")
    with pytest.raises(InvalidError, match="is past"):
        sign(until=TODAY - timedelta(1))


def test_twice_only_when_it_lasts_longer(session: Session, sign: Sign) -> None:
    sign(until=TODAY + timedelta(5))
    with pytest.raises(ConflictError, match="is signed off for patch-preparation already"):
        sign(until=TODAY + timedelta(5))
    sign()
    with pytest.raises(ConflictError):
        sign(until=TODAY + timedelta(50))


def test_withdrawn_from_today_on(session: Session, zoe: Learner, sign: Sign, now: datetime) -> None:
    sign(until=TODAY + timedelta(5))
    sign()
    later = TODAY + timedelta(2)
    facts: Any = {
        "learner": zoe,
        "competence": PATCH,
        "reason": "a year away",
        "on": later,
        "at": now,
    }
    with pytest.raises(NotYoursToRateError):
        signing_off.withdraw(session, **facts, actor=CAST.zoe)
    assert len(signing_off.withdraw(session, **facts, actor=CAST.paul)) == 2
    assert has(session, on=TODAY + timedelta(1))
    assert not has(session, on=later)
    with pytest.raises(NotFoundError, match="is not signed off for patch-preparation"):
        signing_off.withdraw(session, **facts, actor=CAST.paul)
    states = signing_off.standings_of(session, person=zoe.person, on=later)
    assert [each.holds for each in states] == [False, False]


def test_events_hold_no_words(session: Session, zoe: Learner, sign: Sign) -> None:
    row = sign()
    event = session.scalars(select(Event).where(Event.action == "competence.signed-off")).one()
    assert event.after == {"number": row.id, "competence": PATCH, "until": None}
    assert event.subject == zoe.person.subject
    assert event.personal is not None
    assert event.personal["reason"] == "three with me"
