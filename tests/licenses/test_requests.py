"""From the wish to the approval, in the database."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses import approval
from licenses.errors import ForgedApprovalError, OwnRequestError
from licenses.keyformat import decode
from licenses.payload import LicenseKind
from licenses.services import approvals, issuing, register, requests
from opskit.clients.models import Client
from opskit.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError
from opskit.core.events import Event, verify_chain
from opskit.core.identity import ROLES, Identity
from tests.licenses.lifecycle import (
    AT,
    BOB,
    CAROL,
    SALLY,
    KeyRing,
    add_client,
    approve,
    ask,
    draft,
    issue,
    issued,
)

ASKERS = {"sales", "agent", "admin"}


def test_a_request_keeps_what_was_asked(session: Session, client: Client) -> None:
    found = requests.find(session, ask(session, client, last_day=date(2027, 12, 31)))
    assert (found.state, found.client, found.ticket) == ("requested", "DELEZE", "CS-1002")
    assert (found.requested_by, found.requested_at) == ("e-sally", AT)
    assert (found.kind, found.product, found.edition) == ("production", "ERP", "STANDARD")
    assert found.modules == ["FIN", "AP", "AR"]
    assert (found.named_users, found.concurrent_users) == (60, 0)
    assert (found.last_day, found.maintenance_until) == (date(2027, 12, 31), date(2027, 11, 4))
    assert (found.serial, found.body, found.approved_by) == (None, None, None)


def test_requests_are_numbered_without_gaps(session: Session, client: Client) -> None:
    first = ask(session, client)
    with pytest.raises(InvalidError):
        ask(session, client, last_day=date(2020, 1, 1))
    assert ask(session, client) == first + 1


@pytest.mark.parametrize("role", ROLES)
def test_who_may_ask(session: Session, client: Client, role: str) -> None:
    somebody = Identity("e-x", "x", frozenset({role}))
    if role in ASKERS:
        assert ask(session, client, actor=somebody)
        return
    with pytest.raises(DeniedError, match="x lacks the role sales or agent or admin"):
        ask(session, client, actor=somebody)


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"license-issuer"}))
def test_who_may_not_approve(session: Session, client: Client, signer: KeyRing, role: str) -> None:
    number = ask(session, client)
    with pytest.raises(DeniedError, match="lacks the role license-issuer"):
        draft(session, number, signer, actor=Identity("e-x", "x", frozenset({role})))


def test_nobody_approves_their_own_request(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number = ask(session, client, actor=CAROL)
    with pytest.raises(OwnRequestError, match="carol made this request"):
        approve(session, number, signer, actor=CAROL)
    assert requests.find(session, number).serial is None  # and no number was used up
    approve(session, number, signer, actor=BOB)


def test_every_role_together_does_not_help(
    session: Session, client: Client, signer: KeyRing
) -> None:
    queen = Identity("e-queen", "queen", frozenset(ROLES))
    with pytest.raises(OwnRequestError):
        draft(session, ask(session, client, actor=queen), signer, actor=queen)


def test_an_approval_fixes_the_bytes(session: Session, client: Client, signer: KeyRing) -> None:
    found = approve(session, ask(session, client), signer)
    assert (found.state, found.approved_by, found.approved_at) == ("approved", "e-bob", AT)
    payload = decode(found.body or b"")
    assert (payload.serial, payload.sequence, payload.key_id) == (1001, 1, 1)
    assert (payload.client_number, payload.named_users) == (20000, 60)
    assert payload.issued_on == AT.date()
    approval.check(found, signer=signer)


def test_an_approved_request_is_not_approved_again(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number = ask(session, client)
    approve(session, number, signer)
    with pytest.raises(ConflictError, match=f"R{number} is approved already"):
        approve(session, number, signer, actor=CAROL)
    issue(session, number, signer)
    with pytest.raises(ConflictError, match=f"R{number} is issued already"):
        approve(session, number, signer, actor=CAROL)


def test_a_draft_made_again_keeps_its_serial(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number, other = ask(session, client), ask(session, client)
    first = decode(draft(session, number, signer))
    issue_of_other = approve(session, other, signer)
    again = decode(draft(session, number, signer, actor=CAROL))
    assert (first.serial, again.serial) == (1001, 1001)
    assert (first.sequence, issue_of_other.sequence, again.sequence) == (1, 2, 3)


def test_who_signed_an_older_draft_is_told(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number, other = ask(session, client), ask(session, client)
    body = draft(session, number, signer)
    version, signature = approval.sign(
        requests.find(session, number), approver_id="e-bob", signer=signer
    )
    approve(session, other, signer)
    draft(session, number, signer, actor=CAROL)
    with pytest.raises(ConflictError, match="drafted again meanwhile"):
        approvals.approve(
            session,
            number=number,
            body=body,
            key_version=version,
            signature=signature,
            signer=signer,
            at=AT,
            actor=BOB,
        )
    assert requests.find(session, number).state == "requested"


def test_without_the_role_no_signature_is_taken(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number = ask(session, client)
    body = draft(session, number, signer)
    with pytest.raises(DeniedError, match="license-issuer"):
        approvals.approve(
            session,
            number=number,
            body=body,
            key_version=1,
            signature=bytes(64),
            signer=signer,
            at=AT,
            actor=SALLY,
        )


def test_a_signature_that_does_not_fit_is_not_stored_as_approval(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number = ask(session, client)
    body = draft(session, number, signer)
    with pytest.raises(ForgedApprovalError):
        approvals.approve(
            session,
            number=number,
            body=body,
            key_version=1,
            signature=bytes(64),
            signer=signer,
            at=AT,
            actor=BOB,
        )
    assert requests.find(session, number).state == "requested"


@pytest.mark.parametrize(
    ("kind", "sequence"),
    [(LicenseKind.PRODUCTION, 2), (LicenseKind.TEST, 1), (LicenseKind.TEMPORARY, 1)],
)
def test_a_sequence_counts_by_client_and_kind(
    session: Session, client: Client, signer: KeyRing, kind: LicenseKind, sequence: int
) -> None:
    issued(session, client, signer)
    record = issued(session, client, signer, kind=kind)
    assert (record.serial, record.sequence) == (1002, sequence)


def test_another_client_begins_at_one(session: Session, client: Client, signer: KeyRing) -> None:
    issued(session, client, signer)
    assert issued(session, add_client(session, "BETSCH", 20007), signer).sequence == 1


def test_the_log_tells_the_life_of_a_request(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number = ask(session, client)
    approve(session, number, signer)
    issue(session, number, signer, actor=CAROL)
    events = session.scalars(select(Event).order_by(Event.id)).all()
    assert [(each.action, each.subject, each.actor_id) for each in events] == [
        ("license.requested", f"R{number}", "e-sally"),
        ("license.approved", f"R{number}", "e-bob"),
        ("license.issued", "L1001", "e-carol"),
    ]
    assert {(each.client, each.ticket) for each in events} == {("DELEZE", "CS-1002")}
    assert events[1].after == {
        "action": "new",
        "replaces": None,
        "reason": None,
        "kind": "production",
        "modules": ["FIN", "AP", "AR"],
        "named_users": 60,
        "maintenance_until": "2027-11-04",
        "last_day": None,
        "serial": 1001,
    }
    assert events[2].after == {
        "request": f"R{number}",
        "sequence": 1,
        "action": "new",
        "replaces": None,
        "digest": issuing.digest_of(register.record_of_request(session, number).signed),
    }
    assert verify_chain(session).faults == ()


def test_open_requests_are_those_not_issued(
    session: Session, client: Client, signer: KeyRing
) -> None:
    issued(session, client, signer)
    waiting = ask(session, client)
    ready = ask(session, add_client(session, "BETSCH", 20007))
    approve(session, ready, signer)
    assert [each.number for each in requests.open_requests(session)] == [waiting, ready]
    assert [each.number for each in requests.open_requests(session, limit=1)] == [waiting]


def test_an_unknown_request(session: Session) -> None:
    with pytest.raises(NotFoundError, match="there is no licence request R77") as caught:
        requests.find(session, 77)
    assert caught.value.hint == "opskit license list"


def test_a_name_that_is_used_again_is_another_person(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number = ask(session, client, actor=SALLY)
    namesake = replace(BOB, name="sally")
    assert approve(session, number, signer, actor=namesake).approved_by == "e-bob"
