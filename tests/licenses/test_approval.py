"""An approval is a signature: whatever a database owner writes, no licence comes of it.

Each forgery begins from a genuine approval and changes what somebody with the whole database in
their hands could change.
"""

from collections.abc import Callable
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from licenses import approval
from licenses.errors import ForgedApprovalError
from licenses.keyformat import encode
from licenses.models import LicenseRequest
from licenses.services import approvals, requests
from opskit.clients.models import Client
from opskit.core.errors import OpsError
from opskit.core.signing import approver_key
from tests.licenses.lifecycle import (
    BOB,
    CAROL,
    CATALOG,
    SALLY,
    KeyRing,
    add_client,
    approve,
    ask,
    signed_bytes,
)

Forgery = Callable[[LicenseRequest], None]


@pytest.fixture
def approved(session: Session, client: Client, signer: KeyRing) -> LicenseRequest:
    """Asked for by sally, approved by bob; not the first one, so that its number counts."""
    ask(session, client)
    return approve(session, ask(session, client), signer)


def test_a_genuine_approval(approved: LicenseRequest, signer: KeyRing) -> None:
    approval.check(approved, signer=signer)


def test_the_message_names_the_request_both_people_and_the_bytes(
    approved: LicenseRequest,
) -> None:
    assert approval.message(approved, approver_id="e-bob").startswith(
        b"opskit/license-approval/v1\x00%d\ne-sally\ne-bob\n" % approved.number
    )


def test_an_approval_outlives_the_rotation_of_its_key(
    approved: LicenseRequest, signer: KeyRing
) -> None:
    signer.rotate(approver_key(BOB.entity_id))
    approval.check(approved, signer=signer)
    assert approval.sign(approved, approver_id="e-bob", signer=signer)[0] == 2


def _flip(body: bytes | None) -> bytes:
    changed = bytearray(body or b"")
    changed[20] ^= 1
    return bytes(changed)


def _more_users(row: LicenseRequest, session: Session) -> bytes:
    row.named_users = 9000
    payload = approvals.payload_of(
        row,
        key_id=1,
        client_number=session.get_one(Client, row.client).number,
        issued_on=date(2026, 11, 24),
        extensions=(),
        catalog=CATALOG,
    )
    return encode(payload)


FORGERIES: dict[str, Forgery] = {
    "one bit of the body": lambda row: setattr(row, "body", _flip(row.body)),
    "no body": lambda row: setattr(row, "body", None),
    "another approver": lambda row: setattr(row, "approved_by", CAROL.entity_id),
    "nobody as approver": lambda row: setattr(row, "approved_by", None),
    "an approver whom the safe does not know": lambda row: setattr(row, "approved_by", "e-mallory"),
    "the requester as approver": lambda row: setattr(row, "approved_by", row.requested_by),
    "the approver as requester": lambda row: setattr(row, "requested_by", row.approved_by),
    "another requester": lambda row: setattr(row, "requested_by", CAROL.entity_id),
    "another key version": lambda row: setattr(row, "approval_key_version", 2),
    "no key version": lambda row: setattr(row, "approval_key_version", None),
    "no signature": lambda row: setattr(row, "approval", None),
    "a short signature": lambda row: setattr(row, "approval", (row.approval or b"")[:63]),
    "a bent signature": lambda row: setattr(row, "approval", _flip(row.approval)),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_approval_signs_nothing(
    session: Session, approved: LicenseRequest, signer: KeyRing, forge: Forgery
) -> None:
    forge(approved)
    with pytest.raises(ForgedApprovalError, match=f"the approval of R{approved.number} does not"):
        signed_bytes(session, approved.number, signer)


def test_a_body_made_anew_for_more_users(
    session: Session, approved: LicenseRequest, signer: KeyRing
) -> None:
    approved.body = _more_users(approved, session)
    with pytest.raises(ForgedApprovalError):
        signed_bytes(session, approved.number, signer)


def test_a_signature_by_a_key_that_is_not_in_the_safe(
    session: Session, approved: LicenseRequest, signer: KeyRing
) -> None:
    text = approval.message(approved, approver_id=BOB.entity_id)
    approved.approval = Ed25519PrivateKey.generate().sign(text)
    with pytest.raises(ForgedApprovalError):
        signed_bytes(session, approved.number, signer)


def test_the_signature_of_another_request_for_the_same_thing(
    session: Session, client: Client, signer: KeyRing, approved: LicenseRequest
) -> None:
    twin = approve(session, ask(session, client), signer)
    approved.approval, twin.approval = twin.approval, approved.approval
    for row in (approved, twin):
        with pytest.raises(ForgedApprovalError):
            signed_bytes(session, row.number, signer)


def test_an_approval_replayed_on_a_request_that_nobody_approved(
    session: Session, client: Client, signer: KeyRing, approved: LicenseRequest
) -> None:
    fresh = requests.find(session, ask(session, client))
    columns = ("body", "sequence", "approved_by", "approved_at", "approval_key_version", "approval")
    for column in columns:
        setattr(fresh, column, getattr(approved, column))
    serial, approved.serial = approved.serial, None
    session.flush()
    fresh.serial, fresh.state = serial, "approved"
    with pytest.raises(ForgedApprovalError, match="the approval of"):
        signed_bytes(session, fresh.number, signer)


def test_a_state_set_by_hand(session: Session, client: Client, signer: KeyRing) -> None:
    fresh = requests.find(session, ask(session, client))
    fresh.state = "approved"
    with pytest.raises(ForgedApprovalError):
        signed_bytes(session, fresh.number, signer)


def test_an_approver_cannot_be_the_requester_even_with_a_true_signature(
    session: Session, client: Client, signer: KeyRing
) -> None:
    own = approve(session, ask(session, client, actor=CAROL), signer)
    own.approved_by = CAROL.entity_id
    version, signature = approval.sign(own, approver_id=CAROL.entity_id, signer=signer)
    own.approval_key_version, own.approval = version, signature
    with pytest.raises(ForgedApprovalError):
        signed_bytes(session, own.number, signer)


TERMS_CHANGED: dict[str, Forgery] = {
    "more users": lambda row: setattr(row, "named_users", 9000),
    "users without limit": lambda row: setattr(row, "named_users", None),
    "concurrent users": lambda row: setattr(row, "concurrent_users", 5),
    "another module": lambda row: setattr(row, "modules", [*row.modules, "PAY"]),
    "longer maintenance": lambda row: setattr(row, "maintenance_until", date(2030, 1, 1)),
    "an end": lambda row: setattr(row, "last_day", date(2030, 1, 1)),
    "an earlier beginning": lambda row: setattr(row, "valid_from", date(2026, 1, 1)),
    "a ceiling": lambda row: setattr(row, "version_ceiling", "12.9"),
    "another edition": lambda row: setattr(row, "edition", "ENTERPRISE"),
    "another kind": lambda row: setattr(row, "kind", "temporary"),
    "another client": lambda row: setattr(row, "client", "BETSCH"),
    "another serial": lambda row: setattr(row, "serial", 4711),
    "no serial": lambda row: setattr(row, "serial", None),
    "a higher sequence": lambda row: setattr(row, "sequence", 9),
}


@pytest.mark.parametrize("forge", TERMS_CHANGED.values(), ids=TERMS_CHANGED.keys())
def test_terms_changed_after_the_approval_sign_nothing(
    session: Session, approved: LicenseRequest, signer: KeyRing, forge: Forgery
) -> None:
    """The bytes are still the approved ones; the register and the headers would lie."""
    add_client(session, "BETSCH", 20007)
    forge(approved)
    with pytest.raises(ForgedApprovalError, match=f"R{approved.number} no longer says what was"):
        signed_bytes(session, approved.number, signer)


def test_an_approval_is_refused_with_its_reference(
    approved: LicenseRequest, signer: KeyRing
) -> None:
    approved.approved_by = SALLY.entity_id
    with pytest.raises(OpsError) as caught:
        approval.check(approved, signer=signer)
    assert (caught.value.reference, caught.value.exit_code) == ("forged-approval", 8)
