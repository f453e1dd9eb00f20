"""Freeze periods: what is recorded, and on which days it counts, on both databases."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.clients import freezes
from opskit.clients.freezes import Freeze
from opskit.clients.models import Client, FreezePeriod
from opskit.core.errors import DeniedError, InvalidError, NotFoundError
from opskit.core.events import Event, verify_chain
from opskit.core.identity import Identity
from opskit.core.periods import DaysOfMonth
from tests.vault.samples import a_client

FIRST, LAST = date(2027, 1, 25), date(2027, 2, 3)


class Desk:
    """Freezes as alice records them."""

    def __init__(self, session: Session, at: datetime, actor: Identity) -> None:
        self.session, self.at, self.actor = session, at, actor
        self.deleze, self.masser = a_client("DELEZE"), a_client("MASSER")
        self.masser.number = 2
        session.add_all([self.deleze, self.masser])
        session.flush()

    def add(self, client: Client | None, **given: Any) -> FreezePeriod:
        facts: dict[str, Any] = {"first": None, "last": None, "reason": "payroll close", **given}
        return freezes.add(self.session, client=client, at=self.at, actor=self.actor, **facts)

    def end(self, number: int) -> tuple[FreezePeriod, bool]:
        return freezes.end(self.session, number=number, at=self.at, actor=self.actor)

    def frozen(self, client: str, on: date) -> str | None:
        return freezes.frozen(self.session, client=client, on=on)

    def events(self) -> Sequence[Event]:
        return self.session.scalars(select(Event).order_by(Event.id)).all()


@pytest.fixture
def desk(session: Session, now: datetime, alice: Identity) -> Desk:
    return Desk(session, now, alice)


def test_a_client_is_frozen_from_the_first_to_the_last_day(desk: Desk) -> None:
    desk.add(desk.deleze, first=FIRST, last=LAST)
    said = "payroll close (2027-01-25 to 2027-02-03)"
    assert desk.frozen("DELEZE", FIRST) == said
    assert desk.frozen("DELEZE", LAST) == said
    assert desk.frozen("DELEZE", FIRST - timedelta(days=1)) is None
    assert desk.frozen("DELEZE", LAST + timedelta(days=1)) is None
    assert desk.frozen("MASSER", FIRST) is None


def test_a_freeze_that_comes_back_every_month(desk: Desk) -> None:
    desk.add(desk.deleze, monthly=DaysOfMonth(25, 3))
    assert desk.frozen("DELEZE", date(2031, 6, 25)) == (
        "payroll close (every month from day 25 to day 3)"
    )
    assert desk.frozen("DELEZE", date(2031, 7, 4)) is None


def test_a_monthly_freeze_may_begin_and_end(desk: Desk) -> None:
    row = desk.add(desk.deleze, monthly=DaysOfMonth(25, 3), first=FIRST)
    freeze = freezes.as_freeze(row)
    assert freeze.when() == "every month from day 25 to day 3, from 2027-01-25"
    assert not freeze.covers(date(2026, 12, 28))
    assert freeze.covers(date(2027, 1, 28))
    ended = freezes.as_freeze(desk.add(None, monthly=DaysOfMonth(1, 1), last=LAST))
    assert ended.when() == "every month from day 1 to day 1, until 2027-02-03"
    assert ended.is_over(on=LAST + timedelta(days=1))
    assert not ended.is_over(on=LAST)


def test_every_client_is_frozen_by_a_freeze_for_all(desk: Desk) -> None:
    desk.add(None, first=FIRST, last=LAST, reason="year end")
    assert desk.frozen("MASSER", FIRST) == "year end (2027-01-25 to 2027-02-03)"


def test_freezes_may_overlap_and_the_clients_own_is_named_first(desk: Desk) -> None:
    desk.add(None, first=FIRST, last=LAST, reason="year end")
    desk.add(desk.deleze, first=LAST, last=LAST, reason="stocktake")
    assert desk.frozen("DELEZE", LAST) == "stocktake (2027-02-03)"
    assert [row.reason for row in freezes.freezes_of(desk.session, "DELEZE")] == [
        "stocktake",
        "year end",
    ]


def test_a_planner_asks_once_for_all_clients(desk: Desk) -> None:
    desk.add(None, first=FIRST, last=LAST, reason="year end")
    desk.add(desk.deleze, monthly=DaysOfMonth(25, 3))
    gone = desk.add(desk.masser, first=FIRST, last=LAST)
    desk.end(gone.id)
    found = freezes.freezes_by_client(desk.session, ["DELEZE", "MASSER"])
    assert {code: [each.reason for each in mine] for code, mine in found.items()} == {
        "DELEZE": ["payroll close", "year end"],
        "MASSER": ["year end"],
    }
    assert freezes.frozen_by(found["MASSER"], FIRST) == desk.frozen("MASSER", FIRST)
    assert freezes.freezes_by_client(desk.session, []) == {}


def test_what_was_added_and_ended_is_told_without_the_free_text(desk: Desk) -> None:
    row = desk.add(desk.deleze, first=FIRST, last=LAST)
    assert desk.end(row.id) == (row, True)
    assert desk.end(row.id) == (row, False)
    added, ended = desk.events()
    assert (added.action, added.subject, added.client) == (
        "client.freeze-added",
        "DELEZE",
        "DELEZE",
    )
    assert added.after == {
        "number": row.id,
        "client": "DELEZE",
        "from": "2027-01-25",
        "until": "2027-02-03",
        "monthly": None,
    }
    assert added.personal == {"actor": "alice", "reason": "payroll close"}
    assert ended.action == "client.freeze-ended"
    assert verify_chain(desk.session).faults == ()


def test_an_ended_freeze_is_kept_and_counts_no_more(desk: Desk) -> None:
    row = desk.add(desk.deleze, first=FIRST, last=LAST)
    desk.end(row.id)
    assert desk.frozen("DELEZE", FIRST) is None
    assert desk.session.get_one(FreezePeriod, row.id).withdrawn_at == desk.at
    with pytest.raises(NotFoundError, match="there is no freeze 999") as caught:
        desk.end(999)
    assert caught.value.hint == "opskit client freeze list"


def test_what_makes_no_sense_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidError, match="2027-01-25 is before 2027-02-03"):
        desk.add(desk.deleze, first=LAST, last=FIRST)
    for half in ({"first": FIRST}, {"last": LAST}, {}):
        with pytest.raises(InvalidError, match="needs its first and its last day"):
            desk.add(desk.deleze, **half)
    with pytest.raises(InvalidError, match="--reason is empty"):
        desk.add(desk.deleze, first=FIRST, last=LAST, reason="  ")
    assert desk.events() == []


def test_not_everybody_may(desk: Desk) -> None:
    row = desk.add(desk.deleze, first=FIRST, last=LAST)
    for role in ("agent", "manager", "sales", "admin"):
        desk.actor = Identity("e-x", "x", frozenset({role}))
        desk.add(desk.deleze, first=FIRST, last=LAST)
    desk.actor = Identity("e-dora", "dora", frozenset({"auditor", "license-issuer"}))
    with pytest.raises(DeniedError, match="dora lacks the role agent"):
        desk.add(desk.deleze, first=FIRST, last=LAST)
    with pytest.raises(DeniedError, match="dora lacks the role agent"):
        desk.end(row.id)


days = st.dates(date(2024, 1, 1), date(2035, 12, 31))
open_days = st.none() | days
months = st.none() | st.sampled_from([DaysOfMonth(25, 3), DaysOfMonth(5, 10), DaysOfMonth(31, 31)])


@given(first=open_days, last=open_days, monthly=months, day=days)
def test_a_covered_day_lies_within_the_freeze(
    first: date | None, last: date | None, monthly: DaysOfMonth | None, day: date
) -> None:
    freeze = Freeze(1, None, first, last, monthly, "x")
    if freeze.covers(day):
        assert freeze.overlaps(day, day)
        assert not freeze.is_over(on=day)
        assert monthly is None or monthly.covers(day)
    elif monthly is None:
        assert not freeze.overlaps(day, day)
