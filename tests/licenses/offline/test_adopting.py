"""Later: the register takes over what the safe vouches for, and nothing else."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from licenses.errors import NotAdoptedError
from licenses.keys import public_key_set
from licenses.models import LicenseRecord, LicenseRequest
from licenses.offline.adopting import ADOPTED, Adopted, adopt
from licenses.offline.evidence import message_of
from licenses.offline.journal import Entry, Witness
from licenses.payload import LicenseKind
from licenses.proving.asking import trust_of
from licenses.proving.flaws import Tally
from licenses.proving.walk import prove
from licenses.states import RequestState
from opskit.clients.models import Client
from opskit.core.errors import ConflictError, DeniedError
from opskit.core.events import Event, verify_chain
from opskit.core.refs import TicketKey, format_number
from tests.licenses.lifecycle import AT as LATER
from tests.licenses.lifecycle import BOB, CATALOG, SALLY, KeyRing, ask, key_ring
from tests.licenses.lifecycle import issued as issued_in_the_safe
from tests.licenses.offline.kits import (
    ANNA,
    AT,
    BEAT,
    UNBOUND,
    issued,
    kit_client,
    kit_of,
    signed_by_hand,
    vouching,
)
from tests.licenses.samples import SITE

pytestmark = pytest.mark.usefixtures("client")


@pytest.fixture
def signer() -> KeyRing:
    return vouching()


def enter(session: Session, signer: KeyRing, entry: Entry, **changes: Any) -> Adopted:
    facts = {"catalog": CATALOG, "at": LATER, "actor": BOB, **changes}
    return adopt(session, entry, keys=public_key_set(signer), **facts)


def proved(session: Session, signer: KeyRing) -> tuple[list[str], Tally]:
    session.flush()
    session.expire_all()
    tally = Tally()
    trust = trust_of(session, signer)
    found = list(prove(session, trust=trust, catalog=CATALOG, workers=1, tally=tally))
    return [f"{each.subject} {each.flaw}" for each in found], tally


def test_a_line_of_the_register(session: Session, signer: KeyRing) -> None:
    entry = issued(ticket=TicketKey("CS-7"))
    adopted = enter(session, signer, entry)
    record = adopted.record
    assert adopted.is_new
    assert (record.signed, record.site, record.action) == (entry.signed, SITE, "offline")
    assert (record.issued_by, record.issued_at) == (BOB.entity_id, LATER)
    asked = session.get_one(LicenseRequest, record.request_number)
    assert asked.state == RequestState.ISSUED
    assert (asked.requested_by, asked.approved_by) == (ANNA, BEAT)
    assert (asked.requested_at, asked.approved_at) == (AT, AT)
    assert (asked.reason, asked.ticket) == ("the safe is down", "CS-7")


def test_the_event_log_says_who_entered_it(session: Session, signer: KeyRing) -> None:
    entry = issued()
    record = enter(session, signer, entry).record
    event = session.scalars(select(Event).where(Event.action == ADOPTED)).one()
    assert event.actor_id == BOB.entity_id
    assert event.subject == format_number("R", record.request_number)
    facts = event.after or {}
    assert facts["license"] == format_number("L", record.serial)
    assert (facts["kit"], facts["holders"]) == (1, [ANNA, BEAT])
    assert facts["issued_at"] == AT.isoformat()
    assert not verify_chain(session).faults


def test_the_register_proves_itself(session: Session, signer: KeyRing) -> None:
    first = issued()
    for entry in (first, issued(first)):
        enter(session, signer, entry)
    faults, tally = proved(session, signer)
    assert (faults, tally.licenses, tally.offline, tally.approvals) == ([], 2, 2, 0)


def test_entering_it_twice_changes_nothing(session: Session, signer: KeyRing) -> None:
    entry = issued()
    serial = enter(session, signer, entry).record.serial
    events = verify_chain(session).events
    again = enter(session, signer, entry)
    assert (again.record.serial, again.is_new) == (serial, False)
    assert verify_chain(session).events == events


def test_a_line_that_says_other_words_than_the_register(session: Session, signer: KeyRing) -> None:
    """Nothing signs them, so an altered line comes in; the true one shows it afterwards."""
    true = issued(ticket=TicketKey("CS-1"))
    altered = msgspec.structs.replace(true, ticket="CS-9", at=true.at + timedelta(days=1))
    assert enter(session, signer, altered).other_words == ()
    assert enter(session, signer, altered).other_words == ()
    assert enter(session, signer, true).other_words == ("ticket", "time")


def test_only_a_licence_issuer(session: Session, signer: KeyRing) -> None:
    with pytest.raises(DeniedError, match="license-issuer"):
        enter(session, signer, issued(), actor=SALLY)


def test_a_signature_that_does_not_fit(session: Session, signer: KeyRing) -> None:
    entry = issued()
    forged = entry.signed[:-1] + bytes([entry.signed[-1] ^ 1])
    with pytest.raises(NotAdoptedError, match="does not verify: bad-signature"):
        enter(session, signer, msgspec.structs.replace(entry, signed=forged))


def test_a_kit_that_the_safe_does_not_know(session: Session) -> None:
    with pytest.raises(NotAdoptedError, match="does not verify: unknown-key-id"):
        enter(session, key_ring(), issued())


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": LicenseKind.PRODUCTION}, "does not verify: kind-not-allowed"),
        ({"serial": 1001}, "no kit makes such a licence"),
        ({"client_number": 7}, "client number 7, which is not DELEZE"),
        ({"modules": frozenset({40})}, "the catalogue or the site of the line differs"),
        ({"product": 200}, "there is no product 200"),
    ],
)
def test_what_the_kits_key_signed_past_the_program(
    session: Session, signer: KeyRing, changes: dict[str, Any], why: str
) -> None:
    entry = issued()
    made = msgspec.structs.replace(entry, signed=signed_by_hand(entry, **changes))
    evidence = kit_of().sign(_said(made))
    with pytest.raises(NotAdoptedError, match=why):
        enter(session, signer, msgspec.structs.replace(made, evidence=evidence))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kit": 2}, "was not signed by kit 2"),
        ({"client": "NOBODY"}, "client number 20000, which is not NOBODY"),
        ({"site": None}, "the catalogue or the site of the line differs"),
        ({"site": "ELSEWHERE"}, "the catalogue or the site of the line differs"),
        (
            {"holders": (Witness("e-eve", "Eve"), Witness(BEAT, "Beat Frei"))},
            "the kit says that other people opened it",
        ),
    ],
)
def test_a_line_that_was_edited(
    session: Session, signer: KeyRing, changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(NotAdoptedError, match=why):
        enter(session, signer, msgspec.structs.replace(issued(), **changes))


def test_a_number_that_another_licence_has(session: Session, signer: KeyRing) -> None:
    entry = issued()
    enter(session, signer, entry)
    serial = entry.payload.serial
    session.execute(update(LicenseRecord).values(signed=entry.signed[:-1] + b"?"))
    session.expire_all()
    with pytest.raises(ConflictError, match=f"L{serial} is in the register as another licence"):
        enter(session, signer, entry)


def test_a_sequence_that_is_taken(session: Session, signer: KeyRing, client: Client) -> None:
    entry = issued()
    number = ask(session, client, kind=LicenseKind.TEMPORARY)
    session.get_one(LicenseRequest, number).sequence = entry.payload.sequence
    session.flush()
    with pytest.raises(ConflictError, match=f"belongs to R{number}") as caught:
        enter(session, signer, entry)
    assert "opskit license request DELEZE --kind temporary" in caught.value.hint


def test_the_next_one_of_the_safe_is_above(
    session: Session, signer: KeyRing, client: Client
) -> None:
    entry = issued()
    enter(session, signer, entry)
    after = issued_in_the_safe(session, client, signer, kind=LicenseKind.TEMPORARY)
    assert after.sequence == entry.payload.sequence + 1


def test_a_forged_row_shows(session: Session, signer: KeyRing) -> None:
    """Whoever owns the database has no kit: what they enter is named."""
    entry = issued()
    record = enter(session, signer, entry).record
    name = format_number("L", record.serial)
    forged = entry.signed[:-1] + bytes([entry.signed[-1] ^ 1])
    session.execute(update(LicenseRecord).values(signed=forged))
    assert proved(session, signer)[0] == [f"{name} other-digest", f"{name} bad-signature"]


@pytest.mark.parametrize(
    "columns", [{"approved_by": BOB.entity_id}, {"approval": b"?" * 64}, {"approval": None}]
)
def test_other_holders_than_the_kit_says_show(
    session: Session, signer: KeyRing, columns: dict[str, Any]
) -> None:
    record = enter(session, signer, issued()).record
    session.execute(update(LicenseRequest).values(**columns))
    assert proved(session, signer)[0] == [f"{format_number('L', record.serial)} bad-approval"]


def test_an_unbound_licence(session: Session, signer: KeyRing) -> None:
    kit = kit_of(kit_client(licenses=(UNBOUND,)))
    assert enter(session, signer, issued(kit=kit)).record.site is None


def _said(entry: Entry) -> bytes:
    return message_of(first=ANNA, second=BEAT, body=entry.body)
