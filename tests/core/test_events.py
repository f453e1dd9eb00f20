"""The event log: whatever is changed afterwards shows, and erasing a person does not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from opskit.core.events import (
    GENESIS,
    PAGE,
    ChainReport,
    Event,
    EventHead,
    Happening,
    hash_at,
    hash_of,
    listing,
    record,
    record_all,
    verify_chain,
)
from opskit.core.identity import Identity

Change = Callable[[Session], Any]

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture
def log(session: Session, alice: Identity, now: datetime) -> Session:
    """Five events, one of them about a person."""
    for number in range(1, 5):
        record(
            session,
            actor=alice,
            at=now + timedelta(minutes=number),
            action="client.changed",
            subject=f"C{number}",
            client="DELEZE" if number % 2 else "BETSCH",
            ticket=f"CS-{number}",
            before={"erp_version": "11.9"},
            after={"erp_version": "12.4"},
        )
    record(
        session,
        actor=alice,
        at=now + timedelta(minutes=5),
        action="staff.added",
        subject="staff:1",
        personal={"name": "Camille Perret"},
    )
    return session


def faults(session: Session) -> list[tuple[int, str]]:
    session.expire_all()
    return [(fault.event_id, fault.reason) for fault in verify_chain(session).faults]


def event(session: Session, number: int) -> Event:
    session.expire_all()
    return session.get_one(Event, number)


def test_an_empty_log_is_whole(session: Session) -> None:
    assert verify_chain(session) == ChainReport(events=0, head=GENESIS, faults=())


def test_a_log_that_nobody_touched_is_whole(log: Session) -> None:
    report = verify_chain(log)
    assert (report.events, report.faults) == (5, ())
    assert report.head == event(log, 5).hash == hash_at(log, 5)
    assert event(log, 1).previous == GENESIS
    assert [event(log, n).previous for n in (2, 3, 4, 5)] == [
        event(log, n).hash for n in (1, 2, 3, 4)
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_id", "e-bob"),
        ("action", "client.added"),
        ("subject", "C9"),
        ("client", None),
        ("client", "BERNAS"),
        ("ticket", None),
        ("before", None),
        ("after", {"erp_version": "12.3"}),
        ("personal_digest", "0" * 64),
    ],
)
def test_an_altered_fact_shows(log: Session, column: str, value: object) -> None:
    log.execute(update(Event).where(Event.id == 3).values({column: value}))
    assert (3, "was altered") in faults(log)
    assert {number for number, _reason in faults(log)} == {3}


def test_a_moment_moved_by_a_microsecond_shows(log: Session) -> None:
    event(log, 3).at += timedelta(microseconds=1)
    log.flush()
    assert faults(log) == [(3, "was altered")]


def test_an_altered_event_with_a_new_hash_breaks_the_next(log: Session) -> None:
    forged = event(log, 3)
    forged.ticket = "CS-99"
    forged.hash = hash_of(forged)
    log.flush()
    assert faults(log) == [(4, "does not follow the event before it")]


def test_a_forger_has_to_make_every_later_hash_anew(log: Session) -> None:
    """Pointing the next event to the forged one is not enough: its own hash holds the pointer."""
    forged, following = event(log, 3), log.get_one(Event, 4)
    forged.ticket = "CS-99"
    forged.hash = following.previous = hash_of(forged)
    log.flush()
    assert faults(log) == [(4, "was altered")]


def test_a_missing_event_shows(log: Session) -> None:
    log.execute(delete(Event).where(Event.id == 2))
    assert faults(log) == [
        (3, "event 2 is missing"),
        (3, "does not follow the event before it"),
    ]


def test_a_missing_first_event_shows(log: Session) -> None:
    log.execute(delete(Event).where(Event.id == 1))
    assert (2, "event 1 is missing") in faults(log)


def test_two_events_that_change_places_show(log: Session) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        log.execute(update(Event).where(Event.id == old).values(id=new))
    assert {number for number, _reason in faults(log)} == {2, 3, 4}


def test_an_inserted_event_shows(log: Session) -> None:
    copy = {column.key: getattr(event(log, 5), column.key) for column in Event.__table__.columns}
    log.add(Event(**{**copy, "id": 6}))
    log.flush()
    assert (6, "does not follow the event before it") in faults(log)
    assert (5, "the head names another last event") in faults(log)


def test_a_truncated_log_shows_by_its_head(log: Session) -> None:
    log.execute(delete(Event).where(Event.id > 3))
    assert faults(log) == [(5, "the head names another last event")]


def test_a_log_without_events_or_without_head_shows(log: Session) -> None:
    with log.begin_nested() as savepoint:
        log.execute(delete(Event))
        assert faults(log) == [(5, "the head names another last event")]
        savepoint.rollback()
    log.execute(delete(EventHead))
    assert faults(log) == [(0, "the head names another last event")]


def test_a_rewritten_log_is_whole_and_only_another_head_tells(
    log: Session, alice: Identity, now: datetime
) -> None:
    """Why there are checkpoints."""
    signed = hash_at(log, 5)
    log.execute(delete(Event))
    log.execute(delete(EventHead))
    log.expire_all()
    for _number in range(5):
        record(log, actor=alice, at=now, action="client.changed", subject="C1")
    assert faults(log) == []
    assert hash_at(log, 5) != signed


def test_an_erased_person_leaves_the_chain_whole(log: Session) -> None:
    person = event(log, 5)
    assert person.actor == "alice"
    person.personal = person.salt = None
    log.flush()
    assert faults(log) == []
    assert event(log, 5).actor == "e-alice"
    stored = log.execute(text("SELECT * FROM core_event WHERE id = 5")).one()
    assert not [value for value in stored if "Camille" in str(value)]


@pytest.mark.parametrize(
    ("personal", "salt"),
    [
        ({"actor": "alice", "name": "Somebody Else"}, "keep"),
        ({"actor": "mallory", "name": "Camille Perret"}, "keep"),
        ({}, "keep"),
        ({"actor": "alice", "name": "Camille Perret"}, "0" * 32),
        ({"actor": "alice", "name": "Camille Perret"}, None),
    ],
)
def test_an_altered_name_shows(log: Session, personal: dict[str, str], salt: str | None) -> None:
    person = event(log, 5)
    person.personal = personal
    if salt != "keep":
        person.salt = salt
    log.flush()
    assert faults(log) == [(5, "a name in it was altered")]


def test_the_same_name_twice_has_two_digests(log: Session) -> None:
    digests = {event(log, number).personal_digest for number in range(1, 5)}
    assert len(digests) == 4


def test_the_log_is_listed_newest_first(log: Session, now: datetime) -> None:
    def ids(**choice: Any) -> list[int]:
        return [each.id for each in log.scalars(listing(**choice))]

    assert ids() == [5, 4, 3, 2, 1]
    assert ids(client="DELEZE") == [3, 1]
    assert ids(since=now + timedelta(minutes=4)) == [5, 4]
    assert ids(action="client") == [4, 3, 2, 1]
    assert ids(action="staff.added") == [5]
    assert ids(action="%") == []
    assert ids(action="client_changed") == []
    assert ids(action="Staff") == [5]
    assert ids(client="BERNAS") == []


def test_a_long_log_is_walked_in_pages(session: Session, alice: Identity, now: datetime) -> None:
    for _number in range(3):
        record(session, actor=alice, at=now, action="a", subject="s")
    head = session.get_one(EventHead, 1)
    rows, previous = [], head.hash
    for number in range(4, PAGE + 3):  # the last page holds one event
        made = Event(
            id=number,
            at=now,
            actor_id="e-alice",
            action="a",
            subject="s",
            personal_digest="0" * 64,
            previous=previous,
        )
        made.hash = previous = hash_of(made)
        rows.append(made)
    session.add_all(rows)
    head.last_id, head.hash = PAGE + 2, previous
    session.flush()
    assert faults(session) == []
    session.execute(update(Event).where(Event.id == PAGE + 1).values(subject="t"))
    assert faults(session) == [(PAGE + 1, "was altered")]


@given(before=st.dictionaries(texts, values, max_size=3), subject=texts)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_recorded_is_read_back_unaltered(
    session: Session, alice: Identity, now: datetime, before: dict[str, Any], subject: str
) -> None:
    with session.begin_nested() as savepoint:
        made = record(
            session,
            actor=alice,
            at=now,
            action="a",
            subject=subject,
            before=before,
            personal={"name": subject},
        )
        number = made.id
        assert faults(session) == []
        assert event(session, number).before == before
        savepoint.rollback()


def test_what_json_cannot_hold_is_refused_at_once(
    session: Session, alice: Identity, now: datetime
) -> None:
    with pytest.raises(TypeError):
        record(session, actor=alice, at=now, action="a", subject="s", after={"on": now.date()})


def test_many_events_at_once_are_one_chain_with_the_others(
    log: Session, alice: Identity, now: datetime
) -> None:
    many = [Happening(f"E{number}", "DELEZE", {"number": number}) for number in range(3)]
    record_all(log, many, actor=alice, at=now, action="vault.imported", ticket="CS-9")
    record_all(log, [], actor=alice, at=now, action="vault.imported")
    record(log, actor=alice, at=now, action="client.changed", subject="C9")
    assert verify_chain(log).faults == ()
    found = list(log.scalars(listing(action="vault.imported")))
    assert [(event.subject, event.ticket, event.actor) for event in found] == [
        (f"E{number}", "CS-9", "alice") for number in (2, 1, 0)
    ]
    assert len({event.salt for event in found}) == 3
