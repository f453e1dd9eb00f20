"""The days of runs in a calendar."""

from datetime import date, timedelta
from typing import Any

from icalendar import Calendar
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.agenda import agenda
from opskit.core.ics import Event, calendar_file
from tests.checklists.samples import ALICE, ANCHOR, AT, BOB, start_small, tick
from tests.checklists.told_runs import NAMES


def named(events: list[Event]) -> list[tuple[str, date]]:
    return [(event.uid, event.first) for event in events]


def steps_of(events: list[Event]) -> list[str]:
    """The keys of the steps, and the run for its own day."""
    return [event.uid.removesuffix("@opskit").split("/")[-1] for event in events]


def test_the_day_of_a_run_and_its_open_steps(session: Session) -> None:
    run = start_small(session)
    tick(session, run, "note")
    events = agenda(session, kind="patch", at=AT)
    assert named(events) == [
        ("P1@opskit", ANCHOR),
        ("P1/license@opskit", date(2027, 1, 6)),
        ("P1/backup@opskit", date(2027, 1, 19)),
        ("P1/rerun@opskit", date(2027, 1, 19)),
        ("P1/go@opskit", ANCHOR),
    ]
    assert events[0].title == "Small list DELEZE (P1)"
    assert events[2].title == "P1 DELEZE: 3 Backup confirmed"
    assert events[2].text == "blocked\nopskit patch show P1"
    assert all(event.first == event.last for event in events)


def test_a_moved_date_moves_the_same_event(session: Session) -> None:
    run = start_small(session)
    before = agenda(session, kind="patch", at=AT)
    run.steps[2].due_on = date(2027, 1, 18)
    session.flush()
    after = agenda(session, kind="patch", at=AT + timedelta(hours=1))
    assert [event.uid for event in after] == [event.uid for event in before]
    assert after[3].first == date(2027, 1, 18)


def test_what_is_over_is_in_no_calendar(session: Session) -> None:
    run = start_small(session)
    start_small(session, kind="checklist", letter="K")
    services.cancel(session, run=run, reason="the client left", at=AT, actor=ALICE)
    session.flush()
    assert agenda(session, kind="patch", at=AT) == []


def test_a_person_has_the_runs_that_they_look_after(session: Session) -> None:
    start_small(session, assignee="alice", actor=BOB)
    start_small(session, assignee="bob")
    prepared = start_small(session, actor=ALICE)  # given to nobody: it stays with her
    start_small(session, actor=BOB)
    session.flush()
    found = agenda(session, kind="patch", at=AT, login="alice", names=NAMES)
    days = [event.uid for event in found if "/" not in event.uid]
    assert days == ["P1@opskit", f"{prepared.name}@opskit"]


def test_a_step_that_was_given_away_is_in_the_others_calendar(session: Session) -> None:
    run = start_small(session, assignee="bob")
    services.assign(session, run=run, key="backup", login="alice", at=AT, actor=BOB)
    session.flush()
    alices = agenda(session, kind="patch", at=AT, login="alice", names=NAMES)
    assert steps_of(alices) == ["P1", "backup"]
    bobs = agenda(session, kind="patch", at=AT, login="bob", names=NAMES)
    assert steps_of(bobs) == ["P1", "license", "note", "rerun", "go"]


def test_somebody_without_a_name_has_what_was_given_to_them(session: Session) -> None:
    start_small(session, actor=BOB)
    start_small(session, assignee="new")
    session.flush()
    found = agenda(session, kind="patch", at=AT, login="new", names=NAMES)
    assert {event.uid[:2] for event in found} == {"P2"}


def test_only_the_runs_that_are_asked_for(session: Session) -> None:
    start_small(session, assignee="alice")
    second = start_small(session, assignee="bob")
    session.flush()
    found = agenda(session, kind="patch", at=AT, run_ids=[second.id])
    assert {event.uid[:2] for event in found} == {"P2"}
    none = agenda(session, kind="patch", at=AT, login="alice", run_ids=[second.id], names=NAMES)
    assert none == []


def test_calendars_read_it(session: Session) -> None:
    start_small(session)
    session.flush()
    content = calendar_file("opskit patch: Alice Martin", agenda(session, kind="patch", at=AT))
    read: list[Any] = list(Calendar.from_ical(content).walk("VEVENT"))
    assert len(read) == 6
    assert str(read[0]["summary"]) == "Small list DELEZE (P1)"
    assert read[0]["dtstart"].dt == ANCHOR
