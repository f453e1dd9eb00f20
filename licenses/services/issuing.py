"""From the approved payload to the line of the register; a key is seen by nobody before that."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from licenses import approval
from licenses.errors import ForgedApprovalError, SelfVerificationError
from licenses.keyfamilies import SigningKey, signing_key
from licenses.keyformat import decode, signing_input, split_signature
from licenses.keys import LicenseKeys
from licenses.models import LicenseRecord, LicenseRequest
from licenses.payload import LicenseKind, LicensePayload
from licenses.publickeys import PublicKeySet
from licenses.refusals import LicenseRefusedError
from licenses.rows import columns_of, terms_of
from licenses.services.approvals import payload_of
from licenses.services.requests import find
from licenses.services.steps import require_step
from licenses.states import REGISTERED, RequestState
from licenses.verifier import authenticate
from opskit.clients.models import Client
from opskit.core import events
from opskit.core.catalog import Catalog
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.refs import format_number
from opskit.core.signing import Signer

ISSUED = "license.issued"


def ready_to_sign(
    session: Session,
    *,
    number: int,
    signer: Signer,
    catalog: Catalog,
    actor: Identity,
    unapproved: frozenset[LicenseKind] = frozenset(),
) -> tuple[SigningKey, bytes] | None:
    """The key and the approved body of a request; None when it is issued already.

    Kinds in `unapproved` need no second person, only a draft.

    Raises:
        DeniedError: the role license-issuer is missing.
        ConflictError: it is not approved yet.
        ForgedApprovalError: the approval is not what it should be, or the request no longer
            says what was approved.
        UnknownKeyError, KeyOutOfUseError: as `require_usable_key`.
    """
    require_role(actor, "license-issuer")
    found = find(session, number)
    if found.state in REGISTERED:
        return None
    _require_issuable(found, unapproved)
    if found.state == RequestState.APPROVED:
        approval.check(found, signer=signer)
    body = found.body or b""
    client = session.get_one(Client, found.client)
    require_approved_terms(found, body, client_number=client.number, catalog=catalog)
    key_id = decode(body).key_id
    require_usable_key(found, key_id, LicenseKeys(signer, catalog), erp_version=client.erp_version)
    return signing_key(key_id), body


def sign(key: SigningKey, body: bytes, *, signer: Signer, keys: PublicKeySet) -> bytes:
    """Sign in the safe at the key's explicit version, and verify before anybody sees it.

    Raises:
        SelfVerificationError: the result does not verify; it is thrown away.
    """
    signed = body + signer.sign(key.name, signing_input(body), key.version)
    require_verifiable(signed, keys)
    return signed


def require_verifiable(signed: bytes, keys: PublicKeySet) -> None:
    """Raises SelfVerificationError for a new licence that would be refused out there."""
    try:
        authenticate(signed, keys)
    except LicenseRefusedError as err:
        raise unverifiable(err.reason.value) from err


def unverifiable(reason: str) -> SelfVerificationError:
    return SelfVerificationError(
        _("the new licence does not verify: {reason}").format(reason=reason),
        hint="opskit vault provision --check",
    )


def issue(
    session: Session,
    *,
    number: int,
    signed: bytes,
    at: datetime,
    actor: Identity,
    unapproved: frozenset[LicenseKind] = frozenset(),
) -> LicenseRecord:
    """Enter a signed licence; only after this is committed may anybody see the key.

    Raises:
        DeniedError: the role license-issuer is missing.
        ConflictError: somebody else issued or changed it meanwhile.
    """
    require_role(actor, "license-issuer")
    asked = find(session, number, lock=True)
    _require_issuable(asked, unapproved)
    record = record_of(asked, signed, at=at, actor=actor)
    event = events.record(
        session,
        actor=actor,
        at=at,
        action=ISSUED,
        subject=format_number("L", record.serial),
        client=record.client,
        ticket=asked.ticket,
        after=facts_of_record(record),
    )
    record.issued_event = event.id
    session.add(record)
    asked.state = RequestState.ISSUED
    return record


def record_of(
    asked: LicenseRequest, signed: bytes, *, at: datetime, actor: Identity
) -> LicenseRecord:
    """The line of the register for a request and its signed bytes.

    Raises:
        ConflictError: the request has another payload by now.
    """
    body, _signature = split_signature(signed)
    if body != asked.body:
        name = format_number("R", asked.number)
        raise ConflictError(
            _("{request} was changed meanwhile").format(request=name),
            hint=f"opskit license show {name}",
        )
    payload = decode(body)
    return LicenseRecord(
        serial=payload.serial,
        request_number=asked.number,
        action=asked.action,
        replaces=asked.replaces,
        client=asked.client,
        sequence=payload.sequence,
        **columns_of(terms_of(asked)),
        signed=signed,
        issued_by=actor.entity_id,
        issued_at=at,
    )


def facts_of_record(record: LicenseRecord) -> Mapping[str, Any]:
    """What the event log keeps of a licence: `register verify` holds the line against it."""
    return {
        "request": format_number("R", record.request_number),
        "sequence": record.sequence,
        "action": record.action,
        "replaces": record.replaces,
        "digest": digest_of(record.signed),
    }


def digest_of(signed: bytes) -> str:
    """By which the event log knows a key: SHA-256 of the signed bytes, in hexadecimal."""
    return hashlib.sha256(signed).hexdigest()


def require_approved_terms(
    found: LicenseRequest, body: bytes, *, client_number: int, catalog: Catalog
) -> LicensePayload:
    """The register and the file's headers copy the row, so the row has to be what was approved.

    Raises:
        ForgedApprovalError: it is not.
    """
    approved = decode(body)
    said = payload_of(
        found,
        key_id=approved.key_id,
        client_number=client_number,
        issued_on=approved.issued_on,
        extensions=approved.extensions,
        catalog=catalog,
    )
    if said != approved:
        raise ForgedApprovalError(
            _("{request} no longer says what was approved").format(
                request=format_number("R", found.number)
            ),
            hint=_("compare with opskit audit list; then make a new request"),
        )
    return approved


def require_usable_key(
    found: LicenseRequest, key_id: int, keys: LicenseKeys, *, erp_version: str
) -> None:
    """The key is part of what was approved; the client's version or the safe may be another now.

    Raises:
        UnknownKeyError: the client's ERP version does not know the key.
        KeyOutOfUseError: the safe does not sign with it any more.
    """
    name = format_number("R", found.number)
    hint = _("make another request, which gets another key; before that: {command}").format(
        command=f"opskit license reject {name} --reason TEXT"
    )
    keys.require_usable(key_id, erp_version, hint=hint)


def _require_issuable(found: LicenseRequest, unapproved: frozenset[LicenseKind]) -> None:
    drafted = found.body is not None
    alone = drafted and LicenseKind(found.kind) in unapproved
    require_step(found, RequestState.ISSUED, without_approval=alone)
