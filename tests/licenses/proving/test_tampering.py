"""Whoever owns the database alters it; each way is named by the licence it touches."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from licenses.approval import message_of
from licenses.keyformat import decode, encode, signing_input
from licenses.models import LicenseDelivery, LicenseRecord, LicenseRequest
from licenses.payload import LicenseKind
from licenses.services.requests import REQUESTED
from opskit.clients.models import Client
from opskit.core import events
from opskit.core.events import Event
from opskit.core.refs import format_number
from opskit.core.signing import LICENSE_KEY, TEST_LICENSE_KEY, approver_key
from tests.licenses.lifecycle import AT, BOB, SALLY, KeyRing
from tests.licenses.proving.conftest import Find

pytestmark = pytest.mark.usefixtures("register")


def _alter(session: Session, serial: int, **columns: Any) -> None:
    session.execute(update(LicenseRecord).where(LicenseRecord.serial == serial).values(**columns))


def _alter_request(session: Session, serial: int, **columns: Any) -> None:
    session.execute(update(LicenseRequest).where(LicenseRequest.serial == serial).values(**columns))


def _flipped(data: bytes | None, at: int) -> bytes:
    altered = bytearray(data or b"")
    altered[at] ^= 1
    return bytes(altered)


def test_an_honest_register_has_no_fault(find: Find) -> None:
    assert find() == []


@pytest.mark.parametrize(
    "columns",
    [
        {"named_users": 9000},
        {"named_users": None},
        {"modules": ["FIN", "AP"]},
        {"modules": ["NONE"]},
        {"edition": "ENTERPRISE"},
        {"maintenance_until": AT.date()},
        {"version_ceiling": "12.4"},
        {"grace_days": 7},
        {"site": "ERP-PROD-7"},
    ],
)
def test_an_altered_term(session: Session, find: Find, columns: dict[str, Any]) -> None:
    _alter(session, 1001, **columns)
    assert find() == ["L1001 other-terms", "L1001 other-request"]


def test_an_altered_sequence(session: Session, find: Find) -> None:
    _alter(session, 1001, sequence=9)
    assert find() == ["L1001 other-terms", "L1001 other-request"]


def test_the_request_alone_is_altered(session: Session, find: Find) -> None:
    _alter_request(session, 1002, replaces=1001)
    assert find() == ["L1002 other-request"]


def test_altered_signed_bytes(session: Session, find: Find, register: list[LicenseRecord]) -> None:
    _alter(session, 1001, signed=_flipped(register[0].signed, -1))
    assert find() == ["L1001 other-digest", "L1001 bad-signature"]


@pytest.mark.parametrize("signed", [b"", bytes(600)])
def test_no_licence_at_all(session: Session, find: Find, signed: bytes) -> None:
    _alter(session, 1001, signed=signed)
    assert find() == ["L1001 other-digest", "L1001 malformed"]


def test_a_key_that_the_safe_does_not_have(
    session: Session, find: Find, register: list[LicenseRecord]
) -> None:
    _alter(session, 1001, signed=register[0].signed[:1] + b"\x63" + register[0].signed[2:])
    assert find() == [
        "L1001 other-digest",
        "L1001 unknown-key",
        "L1001 other-request",
    ]


def test_a_kind_that_the_key_may_not_sign(
    session: Session, find: Find, signer: KeyRing, register: list[LicenseRecord]
) -> None:
    body = encode(replace(decode(register[0].signed[:-64]), key_id=129))
    _alter(session, 1001, signed=body + signer.sign(TEST_LICENSE_KEY, signing_input(body), 1))
    assert find() == [
        "L1001 other-digest",
        "L1001 kind-not-allowed",
        "L1001 other-request",
    ]


def test_a_better_licence_by_whoever_can_sign(
    session: Session, find: Find, signer: KeyRing, register: list[LicenseRecord]
) -> None:
    """A lone signer who owns the database too: the approval is what they cannot make."""
    body = encode(replace(decode(register[0].signed[:-64]), named_users=9000))
    signed = body + signer.sign(LICENSE_KEY, signing_input(body), 1)
    _alter(session, 1001, signed=signed, named_users=9000)
    _alter_request(session, 1001, body=body, named_users=9000)
    assert find() == ["L1001 other-digest", "L1001 bad-approval"]


def test_two_keys_swapped(session: Session, find: Find, register: list[LicenseRecord]) -> None:
    first, second = register[0].signed, register[1].signed
    _alter(session, 1001, signed=second)
    _alter(session, 1002, signed=first)
    assert find() == [
        f"L{serial} {flaw}"
        for serial in (1001, 1002)
        for flaw in ("other-digest", "other-terms", "other-request")
    ]


def test_an_altered_approval(session: Session, find: Find) -> None:
    approval = session.scalar(select(LicenseRequest.approval).where(LicenseRequest.serial == 1002))
    _alter_request(session, 1002, approval=_flipped(approval, 5))
    assert find() == ["L1002 bad-approval"]


@pytest.mark.parametrize("approver", ["e-carol", "e-nobody", "../license-production"])
def test_another_approver(session: Session, find: Find, approver: str) -> None:
    _alter_request(session, 1002, approved_by=approver)
    assert find() == ["L1002 bad-approval"]


def test_no_approval(session: Session, find: Find) -> None:
    for serial in (1001, 1003):
        _alter_request(session, serial, approved_by=None, approval=None)
    assert find() == ["L1001 not-approved"]


def _asked_and_logged(session: Session, serial: int) -> tuple[LicenseRequest, Event]:
    """The request behind a licence, and the event that says who made it."""
    asked = session.scalars(select(LicenseRequest).where(LicenseRequest.serial == serial)).one()
    event = events.first(session, action=REQUESTED, subject=format_number("R", asked.number))
    assert event is not None
    return asked, event


def test_a_forged_requester(session: Session, find: Find, signer: KeyRing) -> None:
    """Bob approves what he asked for himself, under Sally's name; the log knows who asked."""
    asked, event = _asked_and_logged(session, 1001)
    assert event.actor_id == SALLY.entity_id
    message = message_of(
        number=asked.number,
        requester_id="e-else",
        approver_id=BOB.entity_id,
        body=asked.body or b"",
    )
    approval = signer.sign(approver_key(BOB.entity_id), message, 1)
    _alter_request(session, 1001, requested_by="e-else", approval=approval)
    assert find() == ["L1001 other-requester"]


def test_an_own_approval(session: Session, find: Find, signer: KeyRing) -> None:
    asked = session.scalars(select(LicenseRequest).where(LicenseRequest.serial == 1001)).one()
    message = message_of(
        number=asked.number,
        requester_id=BOB.entity_id,
        approver_id=BOB.entity_id,
        body=asked.body or b"",
    )
    approval = signer.sign(approver_key(BOB.entity_id), message, 1)
    _alter_request(session, 1001, requested_by=BOB.entity_id, approval=approval)
    assert find() == ["L1001 other-requester", "L1001 own-approval"]


def test_another_issuer(session: Session, find: Find) -> None:
    _alter(session, 1001, issued_by="e-carol")
    assert find() == ["L1001 other-issuer"]


def test_another_time(session: Session, find: Find) -> None:
    _alter(session, 1001, issued_at=AT + timedelta(seconds=1))
    assert find() == ["L1001 other-issue"]


@pytest.mark.parametrize("columns", [{"action": "revoke"}, {"replaces": 1001}])
def test_another_purpose_or_predecessor(
    session: Session, find: Find, columns: dict[str, Any]
) -> None:
    """In the request too: what was signed has neither, the event log has both."""
    _alter(session, 1002, **columns)
    _alter_request(session, 1002, **columns)
    assert find() == ["L1002 other-issue"]


def test_a_deleted_licence(session: Session, find: Find, register: list[LicenseRecord]) -> None:
    number = register[1].request_number
    session.execute(delete(LicenseRecord).where(LicenseRecord.serial == 1002))
    assert find() == ["L1002 missing", f"R{number} no-license"]


def test_a_deleted_licence_with_its_request(session: Session, find: Find) -> None:
    session.execute(delete(LicenseRecord).where(LicenseRecord.serial == 1002))
    session.execute(delete(LicenseRequest).where(LicenseRequest.serial == 1002))
    assert find() == ["L1002 missing"]


def test_a_deleted_request(session: Session, find: Find) -> None:
    session.execute(delete(LicenseRequest).where(LicenseRequest.serial == 1002))
    assert find() == ["L1002 no-request"]


def test_a_deleted_client(session: Session, find: Find, client: Client) -> None:
    session.execute(delete(Client).where(Client.code == client.code))
    assert find() == [f"L{serial} no-client" for serial in (1001, 1002, 1003)]


def test_a_line_that_nobody_logged(
    session: Session, find: Find, register: list[LicenseRecord]
) -> None:
    """A copy of a line, with a number and a request of its own, and one more user count."""
    row = {column.name: getattr(register[0], column.name) for column in LicenseRecord.__table__.c}
    asked = session.get_one(LicenseRequest, register[0].request_number)
    wish = {column.name: getattr(asked, column.name) for column in LicenseRequest.__table__.c}
    session.add(LicenseRequest(**{**wish, "number": 900, "serial": 2000}))
    session.add(LicenseRecord(**{**row, "serial": 2000, "request_number": 900}))
    assert find() == [
        "L2000 not-logged",
        "L2000 other-terms",
        "L2000 other-requester",
        "L2000 bad-approval",
        "L1001 sequence-twice",
        "L2000 sequence-twice",
    ]


def test_a_line_that_denies_its_event(session: Session, find: Find) -> None:
    """Lines made before name no event: then the log is asked by the licence's number."""
    _alter(session, 1001, issued_event=None)
    assert find() == []
    _alter(session, 1001, issued_event=1)
    assert find() == ["L1001 not-logged", "L1001 logged-twice"]


def test_a_sequence_used_twice(session: Session, find: Find) -> None:
    _alter(session, 1002, sequence=1)
    assert find() == [
        "L1002 other-terms",
        "L1002 other-request",
        "L1001 sequence-twice",
        "L1002 sequence-twice",
    ]


@pytest.mark.parametrize("state", ["issued", "delivered"])
def test_a_state_forged(session: Session, find: Find, state: str) -> None:
    _alter_request(session, 1001, state="requested")
    session.execute(delete(LicenseRecord).where(LicenseRecord.serial == 1003))
    _alter_request(session, 1003, state=state)
    found = find()
    assert found[0] == "L1001 not-marked-issued"
    assert found[2].endswith("no-license")


def test_a_delivery_of_nothing(session: Session, find: Find) -> None:
    facts = {"form": "file", "received_by": "x", "delivered_by": "e-bob", "delivered_at": AT}
    session.add(LicenseDelivery(serial=5000, **facts))
    assert find() == ["L5000 no-license"]


@pytest.mark.parametrize(
    "columns",
    [{"actor_id": "e-mallory"}, {"after": {"x": 1}}, {"personal": {"actor": "eve"}}],
)
def test_an_altered_event(session: Session, find: Find, columns: dict[str, Any]) -> None:
    approved = select(Event.id).where(Event.action == "license.approved").limit(1)
    event_id = session.scalar(approved)
    session.execute(update(Event).where(Event.id == event_id).values(**columns))
    assert find() == [f"event {event_id} altered-event"]


def test_the_event_of_a_licence_altered(session: Session, find: Find) -> None:
    event = session.scalars(select(Event).where(Event.subject == "L1001")).one()
    after = {**(event.after or {}), "digest": "0" * 64}
    session.execute(update(Event).where(Event.id == event.id).values(after=after))
    assert find() == ["L1001 other-digest", f"event {event.id} altered-event"]


def test_a_deleted_event(session: Session, find: Find) -> None:
    event = session.scalars(select(Event).where(Event.subject == "L1001")).one()
    session.execute(delete(Event).where(Event.id == event.id))
    assert find() == [
        "L1001 not-logged",
        f"event {event.id + 1} altered-event",
        f"event {event.id + 1} altered-event",
    ]


def test_an_event_put_before_the_first(session: Session, find: Find) -> None:
    """Else it would be the earliest, which tells who asked for a licence."""
    _asked, event = _asked_and_logged(session, 1001)
    row = {column.name: getattr(event, column.name) for column in Event.__table__.c}
    session.execute(insert(Event).values(**{**row, "id": 0, "actor_id": "e-else"}))
    _alter_request(session, 1001, requested_by="e-else")
    found = find()
    assert "L1001 bad-approval" in found
    assert "event 0 altered-event" in found


def test_the_end_of_the_log_cut_off(session: Session, find: Find) -> None:
    event = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    session.execute(delete(Event).where(Event.id == event.id))
    assert find() == ["L1003 not-logged", f"event {event.id} altered-event"]


def test_a_test_licence_needs_no_key_of_production(
    find: Find, register: list[LicenseRecord]
) -> None:
    assert register[2].kind == LicenseKind.TEST
    assert find() == []
