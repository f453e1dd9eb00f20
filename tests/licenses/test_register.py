"""The register: what was issued, and what a client may use."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licenses import keyformat
from licenses.directory import Directory
from licenses.errors import SelfVerificationError
from licenses.keyfamilies import SigningKey, signing_key
from licenses.keys import public_key_set
from licenses.models import LicenseRecord
from licenses.payload import LicenseKind
from licenses.presenting import file_of, record_row
from licenses.publickeys import PublicKeySet
from licenses.services import coverage, issuing, register, requests
from licenses.services.coverage import Coverage
from licenses.verifier import authenticate
from opskit.clients.models import Client
from opskit.core.errors import ConflictError, DeniedError, NotFoundError
from opskit.core.identity import Identity
from tests.licenses.lifecycle import (
    AT,
    BOB,
    CATALOG,
    SALLY,
    KeyRing,
    add_client,
    approve,
    ask,
    issue,
    issued,
    signed_bytes,
)

ON = date(2027, 1, 20)
RELEASED = date(2026, 11, 23)


def test_a_record_is_what_was_asked_and_signed(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number = ask(session, client, concurrent_users=None, version_ceiling="12.4")
    approve(session, number, signer)
    record = issue(session, number, signer)
    assert (record.serial, record.request_number, record.sequence) == (1001, number, 1)
    assert (record.client, record.kind, record.product) == ("DELEZE", "production", "ERP")
    assert (record.modules, record.named_users) == (["FIN", "AP", "AR"], 60)
    assert (record.concurrent_users, record.version_ceiling) == (None, "12.4")
    assert (record.issued_by, record.issued_at) == ("e-bob", AT)
    assert requests.find(session, number).state == "issued"
    payload = authenticate(record.signed, public_key_set(signer))
    assert (payload.serial, payload.client_number, payload.named_users) == (1001, 20000, 60)


def test_the_file_is_verified_by_its_text(
    session: Session, client: Client, signer: KeyRing
) -> None:
    text = file_of(issued(session, client, signer), client.name)
    assert "Client: Délèze Outillage SA\nLicence: L1001\n" in text
    assert authenticate(text, public_key_set(signer)).serial == 1001


def test_a_test_licence_is_signed_by_the_test_key(
    session: Session, client: Client, signer: KeyRing
) -> None:
    signed = issued(session, client, signer, kind=LicenseKind.TEST).signed
    assert authenticate(signed, public_key_set(signer)).key_id == 129


def test_the_key_of_the_approval_signs_even_after_a_rotation(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number = ask(session, client)
    approve(session, number, signer)
    signer.rotate("license-production")
    signed = issue(session, number, signer).signed
    assert authenticate(signed, public_key_set(signer)).key_id == 1


def test_a_request_is_not_issued_before_its_approval(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number = ask(session, client)
    with pytest.raises(ConflictError, match=f"R{number} is not approved yet") as caught:
        signed_bytes(session, number, signer)
    assert caught.value.hint == f"opskit license approve R{number}"


@pytest.mark.parametrize("role", ["sales", "agent", "manager", "admin", "auditor"])
def test_who_may_not_issue(session: Session, client: Client, signer: KeyRing, role: str) -> None:
    number = ask(session, client)
    approve(session, number, signer)
    with pytest.raises(DeniedError, match="lacks the role license-issuer"):
        signed_bytes(session, number, signer, actor=Identity("e-x", "x", frozenset({role})))


def test_an_issued_request_needs_no_second_signature(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number = issued(session, client, signer).request_number
    ready = issuing.ready_to_sign(session, number=number, signer=signer, catalog=CATALOG, actor=BOB)
    assert ready is None
    with pytest.raises(DeniedError):  # nor does it hand the key to anybody
        issuing.ready_to_sign(session, number=number, signer=signer, catalog=CATALOG, actor=SALLY)


def test_the_second_issuer_enters_nothing(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number = ask(session, client)
    approve(session, number, signer)
    signed = signed_bytes(session, number, signer)
    with pytest.raises(DeniedError, match="license-issuer"):
        issuing.issue(session, number=number, signed=signed, at=AT, actor=SALLY)
    issuing.issue(session, number=number, signed=signed, at=AT, actor=BOB)
    with pytest.raises(ConflictError, match=f"R{number} is issued already"):
        issuing.issue(session, number=number, signed=signed, at=AT, actor=BOB)
    assert session.scalar(select(func.count()).select_from(LicenseRecord)) == 1


def test_what_was_signed_for_another_body_is_not_entered(
    session: Session, client: Client, signer: KeyRing
) -> None:
    numbers = ask(session, client), ask(session, client)
    for number in numbers:
        approve(session, number, signer)
    signed = signed_bytes(session, numbers[0], signer)
    with pytest.raises(ConflictError, match=f"R{numbers[1]} was changed meanwhile"):
        issuing.issue(session, number=numbers[1], signed=signed, at=AT, actor=BOB)
    assert session.scalar(select(func.count()).select_from(LicenseRecord)) == 0


def test_a_licence_that_does_not_verify_is_thrown_away(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number = ask(session, client)
    body = approve(session, number, signer).body or b""
    known = public_key_set(signer)
    with pytest.raises(SelfVerificationError, match="unknown-key-id"):
        issuing.sign(signing_key(1), body, signer=signer, keys=PublicKeySet.of([]))
    signer.rotate("license-production")
    wrong = SigningKey(1, "license-production", 2)
    with pytest.raises(SelfVerificationError, match="bad-signature") as caught:
        issuing.sign(wrong, body, signer=signer, keys=known)
    assert (caught.value.reference, caught.value.exit_code) == ("self-verification", 8)


def test_signing_twice_gives_the_same_bytes(
    session: Session, client: Client, signer: KeyRing
) -> None:
    """So that an interruption between the signature and the register does no harm."""
    number = ask(session, client)
    approve(session, number, signer)
    assert signed_bytes(session, number, signer) == signed_bytes(session, number, signer)


def test_what_is_not_in_the_register(session: Session, client: Client) -> None:
    number = ask(session, client)
    with pytest.raises(NotFoundError, match=f"R{number} is not issued yet"):
        register.record_of_request(session, number)
    with pytest.raises(NotFoundError, match="there is no licence L4711"):
        register.find_record(session, 4711)


def test_the_register_newest_first(session: Session, client: Client, signer: KeyRing) -> None:
    other = add_client(session, "BETSCH", 20007)
    for each in (client, other, client):
        issued(session, each, signer)
    assert [each.serial for each in register.records(session)] == [1003, 1002, 1001]
    assert [each.serial for each in register.records(session, client="DELEZE")] == [1003, 1001]


def test_a_row_for_scripts(session: Session, client: Client, signer: KeyRing) -> None:
    row = record_row(issued(session, client, signer, named_users=None), Directory(session))
    assert row["number"] == "L1001"
    assert row["request"] == "R1"
    assert (row["issued_by"], row["issued_by_name"]) == ("e-bob", None)  # not in the directory
    assert (row["named_users"], row["concurrent_users"]) == ("unlimited", 0)


def covers(session: Session, on: date = ON, released_on: date = RELEASED) -> Coverage:
    return coverage.coverage(
        session, client="DELEZE", version="12.4", released_on=released_on, on=on
    )


def test_without_a_licence_nothing_is_covered(session: Session, client: Client) -> None:
    found = covers(session)
    assert (found.covered, found.serial, found.until) == (False, None, None)
    assert found.reason == "no production licence in the register"
    assert (found.modules, found.named_users) == ((), 0)


def test_what_a_licence_covers(session: Session, client: Client, signer: KeyRing) -> None:
    issued(session, client, signer, named_users=None)
    assert covers(session) == Coverage(
        covered=True,
        reason="L1001: covers 12.4",
        until=None,
        serial=1001,
        modules=("FIN", "AP", "AR"),
        named_users=None,
        maintenance_until=date(2027, 11, 4),
    )


@pytest.mark.parametrize(
    ("terms", "until"),
    [
        ({"last_day": date(2027, 6, 30)}, date(2027, 6, 30)),
        ({}, None),
    ],
)
def test_how_long_the_answer_may_be_relied_upon(
    session: Session, client: Client, signer: KeyRing, terms: dict[str, Any], until: date | None
) -> None:
    issued(session, client, signer, **terms)
    assert covers(session).until == until


@pytest.mark.parametrize(
    ("terms", "answers"),
    [
        ({}, {"2026-11-30": "valid only from 2026-12-01", "2026-12-01": None}),
        ({}, {"2027-11-05": None}),
        ({"last_day": ON}, {"2027-01-20": None, "2027-01-21": "ended on 2027-01-20"}),
        ({"version_ceiling": "12.4"}, {"2027-01-20": None}),
        ({"version_ceiling": "12.10"}, {"2027-01-20": None}),
        ({"version_ceiling": "12.3"}, {"2027-01-20": "good up to version 12.3 only"}),
    ],
)
def test_the_first_and_the_last_day(
    session: Session,
    client: Client,
    signer: KeyRing,
    terms: dict[str, Any],
    answers: dict[str, str | None],
) -> None:
    issued(session, client, signer, **terms)
    for day, reason in answers.items():
        found = covers(session, on=date.fromisoformat(day))
        assert found.covered is (reason is None)
        assert found.reason == f"L1001: {reason or 'covers 12.4'}"


def test_maintenance_has_to_reach_the_release(
    session: Session, client: Client, signer: KeyRing
) -> None:
    issued(session, client, signer)
    assert covers(session, released_on=date(2027, 11, 4)).covered
    found = covers(session, released_on=date(2027, 11, 5))
    assert not found.covered
    assert found.reason == (
        "L1001: its maintenance ended on 2027-11-04, 12.4 was released on 2027-11-05"
    )
    issued(session, client, signer, maintenance_until=None)
    assert covers(session, released_on=date(2030, 1, 1)).covered


def test_the_highest_sequence_counts_and_only_productive_ones(
    session: Session, client: Client, signer: KeyRing
) -> None:
    issued(session, client, signer, modules=("FIN",))
    issued(session, client, signer, modules=("FIN", "PAY"))
    for _ in range(3):  # up to a higher sequence
        issued(session, client, signer, kind=LicenseKind.TEST, modules=("BI",))
    issued(session, add_client(session, "BETSCH", 20007), signer, modules=("WMS",))
    assert (covers(session).serial, covers(session).modules) == (1002, ("FIN", "PAY"))


def test_a_licence_that_begins_later_leaves_the_one_before_in_force(
    session: Session, client: Client, signer: KeyRing
) -> None:
    begins = date(2027, 2, 1)
    issued(session, client, signer)
    issued(session, client, signer, modules=("FIN",), valid_from=begins)
    assert covers(session, on=begins - timedelta(days=1)).reason == "L1001: covers 12.4"
    assert covers(session, on=begins).reason == "L1002: covers 12.4"
    issued(session, client, signer, modules=("AP",))
    assert covers(session, on=begins - timedelta(days=1)).reason == "L1003: covers 12.4"


def test_the_key_itself_is_kept(session: Session, client: Client, signer: KeyRing) -> None:
    record = issued(session, client, signer)
    session.flush()
    session.expire_all()
    body, _signature = keyformat.split_signature(register.find_record(session, 1001).signed)
    assert body == requests.find(session, record.request_number).body
