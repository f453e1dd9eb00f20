"""Requests that end before a licence is issued, and kinds that one person issues alone."""

import pytest
from sqlalchemy.orm import Session

from licenses.actions import Action
from licenses.errors import ForgedApprovalError
from licenses.models import LicenseRequest
from licenses.payload import LicenseKind
from licenses.services import approvals, issuing, requests
from licenses.settings import kinds_without_approval
from opskit.clients.models import Client
from opskit.core.config import Settings
from opskit.core.errors import ConflictError, DeniedError, InvalidError
from opskit.core.identity import Identity
from tests.licenses.lifecycle import (
    AT,
    BOB,
    CAROL,
    CATALOG,
    SALLY,
    KeyRing,
    approve,
    ask,
    issue,
    signed_bytes,
)

TEST_ALONE = frozenset({LicenseKind.TEST})


def withdraw(
    session: Session, number: int, *, actor: Identity = SALLY, reason: str | None = None
) -> LicenseRequest:
    return requests.withdraw(session, number=number, reason=reason, at=AT, actor=actor)


def test_whoever_asked_takes_it_back(session: Session, client: Client) -> None:
    found = withdraw(session, ask(session, client), reason="wrong client")
    assert (found.state, found.reason) == ("withdrawn", "wrong client")
    assert found.number not in [each.number for each in requests.open_requests(session)]


def test_somebody_else_s_request_is_not_theirs_to_withdraw(
    session: Session, client: Client
) -> None:
    number = ask(session, client)
    with pytest.raises(DeniedError) as caught:
        withdraw(session, number, actor=CAROL)
    assert f"opskit license reject R{number} --reason TEXT" in (caught.value.hint or "")


def test_a_rejection_keeps_its_reason_and_ends_an_approval(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number = ask(session, client)
    approve(session, number, signer)
    with pytest.raises(DeniedError):
        requests.reject(session, number=number, reason="no", at=AT, actor=SALLY)
    found = requests.reject(session, number=number, reason="40 users only", at=AT, actor=CAROL)
    assert (found.state, found.reason) == ("rejected", "40 users only")
    with pytest.raises(ConflictError, match="was rejected"):
        issue(session, number, signer)


@pytest.mark.parametrize("action", [Action.NEW, Action.RENEW, Action.EXTEND, Action.REVOKE])
def test_what_is_closed_is_asked_for_again(
    session: Session, client: Client, signer: KeyRing, action: Action
) -> None:
    number = ask(session, client)
    found = requests.find(session, number)
    found.action = action
    if action != Action.NEW:
        found.replaces = 1042
    anew = "request DELEZE" if action == Action.NEW else f"{action} L1042"
    requests.reject(session, number=number, reason="40 users only", at=AT, actor=CAROL)
    with pytest.raises(ConflictError, match=f"R{number} was rejected") as again:
        requests.reject(session, number=number, reason="as I said", at=AT, actor=CAROL)
    with pytest.raises(ConflictError, match=f"R{number} was rejected") as late:
        approve(session, number, signer)
    assert again.value.hint == late.value.hint == f"opskit license {anew}"


def test_what_is_issued_is_not_taken_back(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number = ask(session, client)
    approve(session, number, signer)
    issue(session, number, signer)
    with pytest.raises(ConflictError, match="is issued already"):
        withdraw(session, number)


def test_a_reason_says_something(session: Session, client: Client) -> None:
    number = ask(session, client)
    for nothing in ("", "  "):
        with pytest.raises(InvalidError, match="--reason: is empty"):
            withdraw(session, number, reason=nothing)


def test_a_reason_has_its_limit(session: Session, client: Client) -> None:
    with pytest.raises(InvalidError, match="--reason: too long"):
        withdraw(session, ask(session, client), reason="x" * 501)


def test_a_kind_of_the_setting_needs_no_second_person(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number = ask(session, client, kind=LicenseKind.TEST, actor=CAROL)
    approvals.allot(session, number=number, actor=CAROL, second_person=False)
    approvals.draft(
        session,
        number=number,
        key_id=129,
        extensions=(),
        catalog=CATALOG,
        at=AT,
        actor=CAROL,
        second_person=False,
    )
    with pytest.raises(ConflictError, match="is not approved yet"):
        signed_bytes(session, number, signer, actor=CAROL)
    ready = issuing.ready_to_sign(
        session, number=number, signer=signer, catalog=CATALOG, actor=CAROL, unapproved=TEST_ALONE
    )
    assert ready is not None
    key, body = ready
    signed = body + signer.sign(key.name, b"opskit/licence/v1\0" + body, key.version)
    record = issuing.issue(
        session, number=number, signed=signed, at=AT, actor=CAROL, unapproved=TEST_ALONE
    )
    assert record.kind == "test"


def test_a_forged_state_does_not_replace_the_approval(
    session: Session, client: Client, signer: KeyRing
) -> None:
    number = ask(session, client)
    approvals.allot(session, number=number, actor=BOB)
    found = approvals.draft(
        session, number=number, key_id=1, extensions=(), catalog=CATALOG, at=AT, actor=BOB
    )
    found.state = "approved"
    with pytest.raises(ForgedApprovalError):
        signed_bytes(session, number, signer)


def test_the_setting_never_frees_production() -> None:
    assert kinds_without_approval(Settings()) == frozenset()
    assert kinds_without_approval(Settings(license_unapproved_kinds="test, demo")) == {
        LicenseKind.TEST,
        LicenseKind.DEMO,
    }
    with pytest.raises(InvalidError, match="a second person always approves production"):
        kinds_without_approval(Settings(license_unapproved_kinds="test production"))
    with pytest.raises(InvalidError, match="no kind of licence"):
        kinds_without_approval(Settings(license_unapproved_kinds="tests"))
