"""Whatever somebody changes in the database at random, the proof names something."""

from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, Column, Table, delete, select, text, update
from sqlalchemy.orm import Session

from licenses.models import LicenseRecord, LicenseRequest
from opskit.core.db import UtcDateTime
from opskit.core.events import Event
from tests.licenses.lifecycle import AT
from tests.licenses.proving.conftest import Find

pytestmark = pytest.mark.usefixtures("register")

LICENSES, REQUESTS, EVENTS = (
    Table(each.__tablename__, each.metadata) for each in (LicenseRecord, LicenseRequest, Event)
)
NOT_OF_THE_REGISTER = {"state", "order_ref", "ticket", "reason", "requested_at", "approved_at"}
MAY_BE_EMPTIED = {"issued_event", "personal"}  # lines once had none; people are erased
PROVED = [
    column
    for table in (LICENSES, REQUESTS, EVENTS)
    for column in table.columns
    if table is not REQUESTS or column.name not in NOT_OF_THE_REGISTER
]

whole_numbers = st.integers(5000, 9000)  # none is in use
by_type: dict[type, st.SearchStrategy[Any]] = {
    int: whole_numbers,
    str: st.text("abcXYZ019-", min_size=1, max_size=12),
    bytes: st.binary(max_size=300),
    date: st.dates(date(2024, 1, 1), date(2040, 1, 1)),
}
moments = st.integers(-(10**9), 10**9).map(lambda number: AT + timedelta(milliseconds=number))
json_values = st.dictionaries(st.text(max_size=3), whole_numbers, max_size=2) | st.lists(
    st.sampled_from(["FIN", "AP", "NONE"]), max_size=2
)


def values_of(column: Column[Any]) -> st.SearchStrategy[Any]:
    known: st.SearchStrategy[Any]
    match column.type:
        case JSON():
            known = json_values
        case UtcDateTime():
            known = moments
        case _:
            known = by_type[column.type.python_type]
    if column.nullable and column.name not in MAY_BE_EMPTIED:
        return known | st.none()
    return known


damages = st.sampled_from(PROVED).flatmap(lambda each: st.tuples(st.just(each), values_of(each)))


def keys(session: Session, table: Table) -> list[int]:
    (key,) = table.primary_key.columns
    return list(session.scalars(select(key).order_by(key)))


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=damages, row=st.integers(0, 30))
def test_a_value_altered(
    session: Session, find: Find, damage: tuple[Column[Any], Any], row: int
) -> None:
    column, value = damage
    (key,) = column.table.primary_key.columns
    numbers = keys(session, column.table)
    here = key == numbers[row % len(numbers)]
    assume(session.scalar(select(column).where(here)) != value)
    with session.begin_nested() as savepoint:
        session.execute(update(column.table).where(here).values({column.name: value}))
        assert find() != []
        savepoint.rollback()


def test_values_swapped(session: Session, find: Find) -> None:
    """Each column of each two rows, unless it says the same or is the row's own number."""
    swapped = 0
    for column in PROVED:
        (key,) = column.table.primary_key.columns
        for numbers in combinations(keys(session, column.table)[:3], 2):
            mine, other = (session.scalar(select(column).where(key == each)) for each in numbers)
            if mine == other or column.unique or column.primary_key:
                continue
            with session.begin_nested() as savepoint:
                for number, value in zip(numbers, (other, mine), strict=True):
                    change = update(column.table).where(key == number)
                    session.execute(change.values({column.name: value}))
                assert find() != [], column
                savepoint.rollback()
            swapped += 1
    assert swapped > 20


@pytest.mark.parametrize("table", [LICENSES, REQUESTS, EVENTS], ids=lambda each: each.name)
def test_a_row_deleted(session: Session, find: Find, table: Table) -> None:
    (key,) = table.primary_key.columns
    for number in keys(session, table):
        with session.begin_nested() as savepoint:
            session.execute(delete(table).where(key == number))
            assert find() != []
            savepoint.rollback()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("altered", "named"),
    [
        ("licenses_record SET signed = 'x'", "L1001 unreadable"),
        ("licenses_record SET modules = '{'", "L1001 other-terms"),
        ("licenses_record SET valid_from = 'x'", "L1001 other-terms"),
        ("licenses_record SET issued_at = 'x'", "L1001 other-issue"),
        ("licenses_request SET approval = 'x'", "L1001 unreadable"),
        ("core_event SET after = '{'", "event {event} altered-event"),
        ("core_event SET after = '[]'", "event {event} altered-event"),
        ("core_event SET at = 'x'", "event {event} altered-event"),
    ],
)
def test_what_no_program_wrote(session: Session, find: Find, altered: str, named: str) -> None:
    """SQLite stores anything in any column."""
    event = session.scalars(select(Event.id).where(Event.subject == "L1001")).one()
    table = altered.split(maxsplit=1)[0]
    place = "id" if table == "core_event" else "serial"
    number = event if table == "core_event" else 1001
    session.execute(text(f"UPDATE {altered} WHERE {place} = {number}"))
    assert named.format(event=event) in find()
