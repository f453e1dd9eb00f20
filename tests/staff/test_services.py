"""One person is one row, however they came to us."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.core.cells import LONGEST_TEXT
from opskit.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError
from opskit.core.events import Event
from opskit.core.identity import Identity
from opskit.core.tabular import Row, read_table
from opskit.staff import services
from opskit.staff.importing import COLUMNS
from opskit.staff.models import Person

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture
def rows() -> Sequence[Row]:
    return read_table(DATA / "staff.csv", COLUMNS).rows


@pytest.fixture
def by(alice: Identity, now: datetime) -> dict[str, Any]:
    """Who and when, for every service."""
    return {"actor": alice, "at": now}


def last_event(session: Session) -> Event:
    return session.scalars(select(Event).order_by(Event.id.desc())).first() or pytest.fail("none")


def test_everybody_of_the_table_is_added(
    session: Session, rows: Sequence[Row], by: dict[str, Any]
) -> None:
    report = services.import_staff(session, rows=rows, **by)
    assert (len(report.added), report.changed, report.rejected) == (18, (), ())
    assert services.by_login(session, "pjggi3").email == "pedro.jäggi@opskit.example"
    again = services.import_staff(session, rows=rows, **by)
    assert (again.added, again.changed, len(again.unchanged)) == ((), (), 18)


def test_what_the_reader_lets_in_the_table_takes(
    session: Session, rows: Sequence[Row], by: dict[str, Any]
) -> None:
    long = replace(rows[0], values={**rows[0].values, "site": "x" * LONGEST_TEXT})
    assert services.import_staff(session, rows=[long], **by).rejected == ()
    assert len(services.by_login(session, "echatriant0").site) == LONGEST_TEXT


def test_a_person_is_added_without_names_in_the_lasting_part(
    session: Session, rows: Sequence[Row], by: dict[str, Any]
) -> None:
    services.import_staff(session, rows=rows[:1], **by)
    person = services.by_login(session, "echatriant0")
    event = last_event(session)
    assert (event.action, event.subject) == ("staff.added", f"staff/{person.id}")
    assert event.after == {
        "role": "agent",
        "pole": "logistics",
        "site": "Sonceboz",
        "language": "fr",
    }
    assert event.personal == {
        "actor": "alice",
        "login": "echatriant0",
        "name": "Ethan Chatriant",
        "email": "ethan.chatriant@opskit.example",
    }


def test_bad_rows_are_rejected_and_the_others_kept(
    session: Session, rows: Sequence[Row], by: dict[str, Any]
) -> None:
    bad = [
        Row(3, {**rows[1].values, "role": "admin"}, ""),
        Row(4, {**rows[2].values, "login": "ECHATRIANT0"}, ""),
        Row(5, {**rows[3].values, "email": "pedro", "pole": "sales"}, ""),
    ]
    report = services.import_staff(session, rows=[rows[0], *bad], **by)
    assert report.added == ("echatriant0",)
    assert [str(each) for each in report.rejected] == [
        "role: 'admin' is none of agent, sales, consultant, manager, auditor",
        "login: echatriant0 stands on line 2 already",
        "email: 'pedro' is no mail address; pole: 'sales' is none of back-office, logistics",
    ]


def test_only_an_admin_imports(
    session: Session, rows: Sequence[Row], bob: Identity, now: datetime
) -> None:
    with pytest.raises(DeniedError, match="bob lacks the role admin"):
        services.import_staff(session, rows=rows, actor=bob, at=now)


def test_a_person_is_one_row_by_login_or_by_name(session: Session, by: dict[str, Any]) -> None:
    first = services.ensure_person(session, name="Camille Perret", role="consultant", **by)
    assert first.login == "cperret"
    again = services.ensure_person(session, name="camille perret", pole="back-office", **by)
    third = services.ensure_person(session, login="CPERRET", email="c@opskit.example", **by)
    assert first.id == again.id == third.id
    assert (first.name, first.role, first.pole) == ("Camille Perret", "consultant", "back-office")


def test_a_change_is_recorded_with_what_changed_only(session: Session, by: dict[str, Any]) -> None:
    services.ensure_person(session, login="cp", name="Camille Perret", pole="logistics", **by)
    services.ensure_person(session, login="cp", name="Camille Blanc", pole="back-office", **by)
    event = last_event(session)
    assert event.action == "staff.changed"
    assert (event.before, event.after) == ({"pole": "logistics"}, {"pole": "back-office"})
    assert event.personal == {
        "actor": "alice",
        "login": "cp",
        "name_before": "Camille Perret",
        "name": "Camille Blanc",
    }


def test_two_people_of_one_name_need_a_login(session: Session, by: dict[str, Any]) -> None:
    for login in ("dbonvin", "dbonvin2"):
        services.ensure_person(session, login=login, name="David Bonvin", **by)
    with pytest.raises(ConflictError, match="David Bonvin may be dbonvin, dbonvin2"):
        services.ensure_person(session, name="David Bonvin", **by)


def test_a_person_without_name_and_login_is_refused(session: Session, by: dict[str, Any]) -> None:
    with pytest.raises(InvalidError):
        services.ensure_person(session, **by)


def test_one_entity_is_one_person(session: Session, by: dict[str, Any]) -> None:
    alice = services.ensure_person(session, login="alice", **by)
    other = services.ensure_person(session, login="other", **by)
    services.link_entity(session, person=alice, entity_id="e-1", can_log_in=True, **by)
    assert (alice.entity_id, alice.login_made_at) == ("e-1", by["at"])
    assert last_event(session).action == "staff.linked"
    before = last_event(session).id
    services.link_entity(session, person=alice, entity_id="e-1", can_log_in=True, **by)
    assert last_event(session).id == before
    assert services.by_entity(session, "e-1") is alice
    with pytest.raises(ConflictError, match="that entity of the safe belongs to alice"):
        services.link_entity(session, person=other, entity_id="e-1", **by)
    with pytest.raises(ConflictError, match="alice is tied to another entity"):
        services.link_entity(session, person=alice, entity_id="e-2", **by)


@pytest.mark.parametrize(
    "text", ["lbonvin17", "LBONVIN17", "Loïc Bonvin", "loic bonvin", "bonvin loic", "Loïc"]
)
def test_a_person_is_found_as_people_say_it(
    session: Session, rows: Sequence[Row], by: dict[str, Any], text: str
) -> None:
    services.import_staff(session, rows=rows, **by)
    assert services.find(session, text).login == "lbonvin17"


def test_a_name_that_fits_two_lists_their_logins(
    session: Session, rows: Sequence[Row], by: dict[str, Any]
) -> None:
    services.import_staff(session, rows=rows, **by)
    with pytest.raises(ConflictError, match="Bonvin may be dbonvin4, lbonvin17"):
        services.find(session, "Bonvin")


@pytest.mark.parametrize("text", ["Loïc Bovin", "lbonvin"])
def test_nobody_is_found_and_the_nearest_named(
    session: Session, rows: Sequence[Row], by: dict[str, Any], text: str
) -> None:
    services.import_staff(session, rows=rows, **by)
    with pytest.raises(NotFoundError) as caught:
        services.find(session, text)
    assert "lbonvin17 (Loïc Bonvin)" in caught.value.hint


def test_an_empty_text_finds_nobody(
    session: Session, rows: Sequence[Row], by: dict[str, Any]
) -> None:
    services.import_staff(session, rows=rows[:1], **by)
    with pytest.raises(NotFoundError):
        services.find(session, " ")


def test_a_preview_changes_nothing(session: Session, rows: Sequence[Row]) -> None:
    assert len(services.preview_import(session, rows=rows).added) == 18
    assert session.scalars(select(Person)).all() == []
