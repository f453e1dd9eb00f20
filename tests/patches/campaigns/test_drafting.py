"""Who takes part in a campaign, who does not, and what is to be known beforehand."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from opskit.clients import freezes
from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.periods import Period
from opskit.patches.campaigns.services.gathering import LeftOut
from opskit.staff import absences
from opskit.staff.models import AbsenceReason
from tests.patches.campaigns.companies import (
    AT,
    BOB,
    FIRST,
    LAST,
    add_agent,
    add_client,
    created,
    drafted,
    wish,
)


def test_who_has_the_version_or_is_on_the_way_is_left_out(session: Session) -> None:
    for code, version in (("AAA", "12.1"), ("BBB", "12.4"), ("CCC", "13.0"), ("DDD", "11.9")):
        add_client(session, code, erp_version=version)
    created(session, wish("aaa"))
    found = drafted(session)
    assert [each.client for each in found.plan.placed] == ["DDD"]
    assert found.left_out == (
        LeftOut("AAA", "P1 prepares it already"),
        LeftOut("BBB", "runs 12.4 already"),
        LeftOut("CCC", "runs 13.0 already"),
    )
    assert drafted(session, wish("aaa", version="12.5")).left_out == ()
    assert len(drafted(session, wish("aaa", version="12.3")).left_out) == 1


def test_a_query_chooses(session: Session) -> None:
    add_client(session, "AAA", city="Délémont", canton="JU")
    add_client(session, "BBB", city="Delémont", canton="JU", pole="back-office")
    add_client(session, "CCC")
    found = drafted(session, wish("delemont canton:JU pole:logistics version<12.3"))
    assert [each.client for each in found.plan.placed] == ["AAA"]


def test_nobody_fits(session: Session) -> None:
    with pytest.raises(NotFoundError, match="there are no clients yet"):
        drafted(session)
    add_client(session, "AAA")
    with pytest.raises(NotFoundError, match="no client fits 'canton:JU'"):
        drafted(session, wish("canton:JU"))


def test_freeze_periods_and_absences_are_looked_up(session: Session) -> None:
    client = add_client(session, "AAA")
    bob = add_agent(session, "bob")
    freezes.add(
        session,
        client=client,
        first=date(2027, 1, 11),
        last=date(2027, 1, 29),
        reason="stocktake",
        at=AT,
        actor=BOB,
    )
    absences.add(
        session,
        person=bob,
        period=Period(date(2027, 2, 1), date(2027, 2, 2)),
        reason=AbsenceReason.HOLIDAY,
        at=AT,
        actor=BOB,
    )
    (placed,) = drafted(session).plan.placed
    assert (placed.on, placed.agent) == (date(2027, 2, 3), "bob")
    assert placed.moved == "not 2027-01-18: stocktake (2027-01-11 to 2027-01-29)"


def test_only_agents_who_can_log_in_count(session: Session) -> None:
    add_client(session, "AAA")
    add_agent(session, "gone", state="disabled")
    add_agent(session, "boss", role="manager")
    found = drafted(session)
    assert (found.plan.placed[0].agent, found.plan.unmanned) == (None, ("logistics",))


def test_what_is_told_beforehand(session: Session) -> None:
    """BBB is patched three weeks from today, AAA next week: twenty business days are four."""
    add_client(session, "AAA", maintenance_until=date(2026, 11, 30))
    add_client(session, "BBB", canton=None)
    found = drafted(session, wish(first=date(2026, 12, 1), last=date(2027, 1, 15)))
    assert [each.on for each in found.plan.placed] == [date(2026, 12, 7), date(2027, 1, 4)]
    assert found.lapsing == ("AAA",)
    assert found.without_canton == ("BBB",)
    assert found.hurried == ("AAA",)


def test_periods_that_are_none(session: Session) -> None:
    add_client(session, "AAA")
    with pytest.raises(InvalidError, match="2027-01-10 is before 2027-01-11"):
        wish(last=date(2027, 1, 10))
    with pytest.raises(InvalidError, match="2026-11-23 is past"):
        drafted(session, wish(first=date(2026, 11, 23)))
    with pytest.raises(InvalidError, match="longer than two years"):
        drafted(session, wish(last=date(2029, 1, 31)))
    assert drafted(session, wish(first=FIRST, last=LAST)).plan.placed
