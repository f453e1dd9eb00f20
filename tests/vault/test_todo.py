"""What waits in the safe: from the index of this home, and for who keeps the safe alone."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from opskit.core.todo import CONFIDENTIAL, TodoItem
from tests.conftest import NOW
from tests.support.home import House
from vault.breakglass.models import AccessRequest
from vault.entries import Entry, EntryRef, Stamps
from vault.facts import EntryFacts
from vault.finding.index_file import Row, row_of
from vault.todo import AccessTodo, aged, rotations

TODAY = date(2026, 11, 24)
LAST = TODAY + timedelta(days=30)


def row(
    ref: str, *, expires: str = "", updated: str = "2026-11-01T08:00:00Z", **stamps: Any
) -> Row:
    facts = EntryFacts("vpn", expires=expires)
    return row_of(Entry(EntryRef.parse(ref), facts, 3, updated, Stamps(**stamps)))


def test_a_new_password_waits_to_be_confirmed_for_two_weeks() -> None:
    rows = [row("DELEZE/prod/erp-db", pending="2026-11-20T09:00:00+00:00"), row("BOVETD/prod/a")]
    assert list(rotations(rows, last=LAST)) == [
        TodoItem(
            kind="vault-confirm",
            subject="DELEZE/prod/erp-db",
            what="new password to confirm",
            due=date(2026, 12, 4),
            since=date(2026, 11, 20),
            role="safe-keeper",
            client="DELEZE",
            command="opskit vault rotate DELEZE/prod/erp-db --confirm",
            notice=7,
            readers=CONFIDENTIAL,
        )
    ]
    assert list(rotations(rows, last=TODAY)) == []


def test_what_expires_is_rotated_before() -> None:
    rows = [
        row("DELEZE/common/vpn", expires="2026-12-24"),
        row("DELEZE/common/far", expires="2026-12-25"),
        row("DELEZE/common/none"),
    ]
    (found,) = rotations(rows, last=LAST)
    assert (found.kind, found.subject, found.due) == (
        *("vault-expires", "DELEZE/common/vpn"),
        date(2026, 12, 24),
    )
    assert found.command == "opskit vault rotate DELEZE/common/vpn"


def test_a_name_with_a_blank_can_be_typed_as_it_stands() -> None:
    (found,) = rotations([row("DELEZE/prod/Main router", expires="2026-12-24")], last=LAST)
    assert found.subject == "DELEZE/prod/Main router"
    assert found.command == "opskit vault rotate 'DELEZE/prod/Main router'"


def test_a_request_waits_for_a_second_person_until_its_hour_is_over(
    session: Session, house: House
) -> None:
    run = replace(house.context(), now=lambda: NOW)
    for number, minutes in ((1, 30), (2, -1), (3, 30)):
        session.add(
            AccessRequest(
                number=number,
                ref="DELEZE/prod/root",
                ticket="CS-1001",
                accessor="a",
                requested_by="e-bob",
                requested_at=NOW - timedelta(minutes=30),
                ends_at=NOW + timedelta(minutes=minutes),
                approved_at=NOW if number == 3 else None,
            )
        )
    session.flush()
    (found,) = AccessTodo(run).items(session, today=TODAY)
    assert (found.subject, found.due, found.role) == ("B1", TODAY, "safe-keeper")
    assert (found.what, found.client) == ("to approve: DELEZE/prod/root", "DELEZE")
    assert found.command == "opskit vault break-glass approve B1"


def test_many_old_secrets_of_a_client_are_one_thing_to_do() -> None:
    rows = [
        row("DELEZE/prod/a", rotated="2025-11-30T09:00:00+00:00"),
        row("DELEZE/prod/b", updated="2024-01-01T09:00:00Z"),
        row("DELEZE/prod/c", rotated="2026-10-01T09:00:00+00:00"),
        row(
            "DELEZE/prod/d",
            rotated="2020-01-01T09:00:00+00:00",
            pending="2026-11-20T09:00:00+00:00",
        ),
        row("BOVETD/prod/e", rotated="2025-12-20T09:00:00+00:00"),
    ]
    found = list(aged(rows, last=LAST, longest=365))
    assert [(each.subject, each.what, each.due) for each in found] == [
        ("BOVETD", "secrets older than 365 days to rotate: 1", date(2026, 12, 20)),
        ("DELEZE", "secrets older than 365 days to rotate: 2", date(2024, 12, 31)),
    ]
    assert found[1].command == "opskit vault health DELEZE --facts-only --longest 365"


def test_whoever_keeps_the_safe_sees_it_and_nobody_else(own_house: House) -> None:
    def found() -> list[tuple[str, str]]:
        return [
            (each["kind"], each["subject"])
            for each in own_house.done("todo", "--json").json
            if each["kind"].startswith("vault-")
        ]

    add = ("vault", "add", "DELEZE/prod/erp-db", "--kind", "web", "--password-file", "-")
    own_house.done(*add, stdin="old one")
    own_house.done("vault", "rotate", "DELEZE/prod/erp-db", "--password-file", "-", stdin="new one")
    settings = own_house.home.settings_file
    settings.write_text(f"{settings.read_text('utf-8')}safe_rotated_days = 1\n", "utf-8")
    assert found() == [("vault-confirm", "DELEZE/prod/erp-db")]
    own_house.login("bob")
    assert found() == []
    own_house.login("alice")
    own_house.done("vault", "rotate", "DELEZE/prod/erp-db", "--confirm")
    assert found() == [("vault-rotate", "DELEZE")]
