"""What the team records, and the calendar that comes of it, on both databases."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.calendar import services
from opskit.calendar.importing import COLUMNS
from opskit.calendar.models import CalendarClosure
from opskit.core.business_days import PUBLIC, Closure
from opskit.core.errors import DeniedError, NotFoundError
from opskit.core.events import Event, verify_chain
from opskit.core.identity import Identity
from opskit.core.importing import ImportReport
from opskit.core.tabular import Row, parse_table
from tests.calendar.conftest import CLOSURES

EVE = date(2027, 12, 24)


def rows(text: str) -> Sequence[Row]:
    return parse_table(text.encode(), Path("closures.csv"), COLUMNS).rows


class Desk:
    """The calendar, as alice keeps it."""

    def __init__(self, session: Session, at: datetime, actor: Identity) -> None:
        self.session, self.at, self.actor = session, at, actor

    def take(self, text: str = CLOSURES) -> ImportReport:
        return services.import_closures(self.session, rows=rows(text), at=self.at, actor=self.actor)

    def remove(self, day: date, canton: str | None = None) -> CalendarClosure:
        return services.remove(self.session, day=day, canton=canton, at=self.at, actor=self.actor)

    def events(self) -> list[Event]:
        return list(self.session.scalars(select(Event).order_by(Event.id)))


@pytest.fixture
def desk(session: Session, now: datetime, alice: Identity) -> Desk:
    return Desk(session, now, alice)


def test_without_a_closure_the_calendar_is_the_law(session: Session) -> None:
    assert services.RecordedCalendar().load(session) == PUBLIC


def test_what_was_recorded_counts_from_then_on(desk: Desk) -> None:
    desk.take()
    calendar = services.load_calendar(desk.session)
    assert calendar.closures == {
        Closure(date(2027, 12, 27), "Fermeture annuelle"),
        Closure(date(2028, 1, 3), "Pont de Berne", "BE"),
    }
    assert calendar.halves == {
        Closure(EVE, "Veille de Noël"),
        Closure(date(2027, 4, 19), "Sechseläuten", "ZH"),
    }
    assert calendar.add(EVE, 1, "BE") == date(2027, 12, 28)
    assert calendar.add(date(2027, 12, 31), 1, "BE") == date(2028, 1, 4)
    assert calendar.add(date(2027, 12, 31), 1, "VD") == date(2028, 1, 3)
    assert calendar.is_half_day(EVE, None)


def test_the_same_table_twice_changes_nothing(desk: Desk) -> None:
    assert len(desk.take().added) == 4
    before = len(desk.events())
    report = desk.take()
    assert (report.added, report.changed, len(report.unchanged)) == ((), (), 4)
    assert len(desk.events()) == before


def test_a_changed_row_changes_the_closure(desk: Desk) -> None:
    desk.take()
    report = desk.take(
        "date,canton,part,name\n2027-12-24,,full,Veille\n2027-12-24,GE,half,Veille\n"
    )
    assert (report.added, report.changed) == (("2027-12-24 GE",), ("2027-12-24",))
    event = desk.events()[-1]
    assert (event.action, event.subject) == ("calendar.changed", "2027-12-24")
    assert event.before == {"day": "2027-12-24", "canton": None, "half": True}
    assert event.after == {"day": "2027-12-24", "canton": None, "half": False}
    assert event.personal == {"actor": "alice", "name_before": "Veille de Noël", "name": "Veille"}
    assert not services.load_calendar(desk.session).is_business_day(EVE, "GE")


def test_every_addition_is_an_event(desk: Desk) -> None:
    desk.take()
    assert [(each.action, each.subject) for each in desk.events()] == [
        ("calendar.added", "2027-12-24"),
        ("calendar.added", "2027-12-27"),
        ("calendar.added", "2028-01-03 BE"),
        ("calendar.added", "2027-04-19 ZH"),
    ]
    assert verify_chain(desk.session).faults == ()


def test_a_removed_closure_is_kept_and_counts_no_more(desk: Desk) -> None:
    desk.take()
    desk.remove(EVE)
    assert not services.load_calendar(desk.session).is_half_day(EVE, "BE")
    (row,) = desk.session.scalars(select(CalendarClosure).where(CalendarClosure.day == EVE))
    assert row.withdrawn_at == desk.at
    assert desk.events()[-1].action == "calendar.removed"
    assert desk.take().added == ("2027-12-24",)


def test_only_what_is_there_can_be_removed(desk: Desk) -> None:
    desk.take()
    with pytest.raises(NotFoundError, match=r"for 2028-01-03$") as caught:
        desk.remove(date(2028, 1, 3))
    assert caught.value.hint == "opskit calendar remove 2028-01-03 --canton BE"
    with pytest.raises(NotFoundError, match="for 2027-12-24 VD") as caught:
        desk.remove(EVE, "VD")
    assert caught.value.hint == "opskit calendar remove 2027-12-24"
    with pytest.raises(NotFoundError) as caught:
        desk.remove(date(2027, 7, 1))
    assert caught.value.hint == "opskit calendar list"


def test_two_rows_of_one_day_count_and_go_as_one(desk: Desk) -> None:
    """Two people imported the same file at the same moment."""
    for _person in range(2):
        desk.session.add(
            CalendarClosure(
                day=EVE, canton=None, half=False, name="x", recorded_by="e", recorded_at=desk.at
            )
        )
    desk.session.flush()
    assert len(services.load_calendar(desk.session).closures) == 1
    desk.remove(EVE)
    assert services.load_calendar(desk.session) == PUBLIC


def test_a_preview_changes_nothing(desk: Desk) -> None:
    report = services.preview_import(desk.session, rows=rows(CLOSURES))
    assert len(report.added) == 4
    assert services.load_calendar(desk.session) == PUBLIC


def test_not_everybody_may(desk: Desk, bob: Identity) -> None:
    desk.take()
    desk.actor = bob
    with pytest.raises(DeniedError, match="bob lacks the role manager or admin"):
        desk.take()
    with pytest.raises(DeniedError, match="bob lacks the role manager or admin"):
        desk.remove(EVE)
