"""From the wish to the signature of a second person under the exact payload."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licenses import approval
from licenses.errors import OwnRequestError
from licenses.keyformat import encode
from licenses.models import LicenseRequest
from licenses.payload import Extension, LicensePayload
from licenses.rows import terms_of
from licenses.services.requesters import require_true_requesters
from licenses.services.requests import find, record_step
from licenses.services.steps import require_step
from licenses.states import RequestState
from licenses.terms import Stamp, to_payload
from opskit.clients.models import Client
from opskit.core.catalog import Catalog
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.numbers import next_number
from opskit.core.refs import format_number
from opskit.core.signing import Signer

FIRST_SERIAL = 1001


def allot(
    session: Session, *, number: int, actor: Identity, second_person: bool = True
) -> LicenseRequest:
    """Give the request the serial that its licence will have; it stays for good.

    Raises:
        DeniedError: the role license-issuer is missing, or it is the person's own request.
        ConflictError: it is approved already.
        ForgedRequestError: the row names another requester than the event log.
    """
    require_role(actor, "license-issuer")
    found = find(session, number, lock=True)
    require_draftable(session, [found], actor=actor, second_person=second_person)
    if found.serial is None:
        found.serial = next_number(session, "L", first=FIRST_SERIAL)
    return found


def draft(
    session: Session,
    *,
    number: int,
    key_id: int,
    extensions: Sequence[Extension],
    catalog: Catalog,
    at: datetime,
    actor: Identity,
    second_person: bool = True,
) -> LicenseRequest:
    """Give an allotted request the exact payload that will be approved and signed.

    Raises:
        DeniedError, ConflictError, ForgedRequestError: as `allot`.
    """
    require_role(actor, "license-issuer")
    found = find(session, number, lock=True)
    require_draftable(session, [found], actor=actor, second_person=second_person)
    client = session.get_one(Client, found.client, with_for_update=True)  # one sequence at a time
    found.sequence = last_sequence(session, found) + 1
    found.body = encode(
        payload_of(
            found,
            key_id=key_id,
            client_number=client.number,
            issued_on=at.date(),
            extensions=extensions,
            catalog=catalog,
        )
    )
    return found


def approve(
    session: Session,
    *,
    number: int,
    body: bytes,
    key_version: int,
    signature: bytes,
    signer: Signer,
    at: datetime,
    actor: Identity,
) -> LicenseRequest:
    """Store the approver's signature over `body`, after checking it.

    Raises:
        DeniedError: the role license-issuer is missing.
        ConflictError: somebody else was faster, or the payload was drafted again meanwhile.
        ForgedApprovalError: the signature does not fit.
    """
    require_role(actor, "license-issuer")
    found = find(session, number, lock=True)
    require_step(found, RequestState.APPROVED)
    if found.body != body:
        name = format_number("R", number)
        raise ConflictError(
            _("{request} was drafted again meanwhile").format(request=name),
            hint=f"opskit license approve {name}",
        )
    found.approved_by, found.approved_at = actor.entity_id, at
    found.approval_key_version, found.approval = key_version, signature
    approval.check(found, signer=signer)
    found.state = RequestState.APPROVED
    record_step(session, found, "license.approved", at=at, actor=actor)
    return found


def payload_of(
    found: LicenseRequest,
    *,
    key_id: int,
    client_number: int,
    issued_on: date,
    extensions: Sequence[Extension],
    catalog: Catalog,
) -> LicensePayload:
    """What the licence has to say, after the row of a request that has a serial.

    Raises:
        InvalidError: a date, number or version does not fit the licence format.
    """
    stamp = Stamp(
        serial=found.serial or 0,
        sequence=found.sequence or 0,
        key_id=key_id,
        client_number=client_number,
        issued_on=issued_on,
        extensions=tuple(extensions),
    )
    return to_payload(terms_of(found), stamp, catalog)


def last_sequence(session: Session, wanted: LicenseRequest) -> int:
    """The highest of any other drafted or issued licence of this client and kind.

    One count for all sites and products, so that a licence which comes to another site is above
    whatever was read there.
    """
    highest = session.scalar(
        select(func.max(LicenseRequest.sequence)).where(
            LicenseRequest.client == wanted.client,
            LicenseRequest.kind == wanted.kind,
            LicenseRequest.number != wanted.number,
        )
    )
    return highest or 0


def require_draftable(
    session: Session, found: Sequence[LicenseRequest], *, actor: Identity, second_person: bool
) -> None:
    """Let pass requests that wait for their approval, by somebody else where that is asked.

    Raises:
        ConflictError: one of them waits no more.
        ForgedRequestError: a row names another requester than the event log.
        OwnRequestError: one is the person's own.
    """
    for each in found:
        require_step(each, RequestState.APPROVED)
    require_true_requesters(session, found)
    if second_person and any(each.requested_by == actor.entity_id for each in found):
        raise OwnRequestError(
            _("{name} made this request and cannot approve it").format(name=actor.name),
            hint=_("another person with the role license-issuer has to: opskit login NAME"),
        )
