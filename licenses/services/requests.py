"""From the wish to the approval by a second person."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses import approval
from licenses.errors import ForgedRequestError, OwnRequestError
from licenses.keyformat import encode
from licenses.models import LicenseRequest, TermsColumns
from licenses.payload import LicenseKind, LicensePayload
from licenses.states import RequestState, require_move
from licenses.terms import Stamp, Terms, check_terms, to_payload
from opskit.clients.models import Client
from opskit.core import events
from opskit.core.catalog import Catalog
from opskit.core.errors import ConflictError, NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.numbers import next_number
from opskit.core.refs import TicketKey, format_number
from opskit.core.signing import Signer

FIRST_SERIAL = 1001
REQUESTED = "license.requested"


def request(
    session: Session,
    *,
    client: Client,
    terms: Terms,
    ticket: TicketKey | None,
    catalog: Catalog,
    at: datetime,
    actor: Identity,
) -> LicenseRequest:
    """Ask for a licence.

    Raises:
        DeniedError: only sales, agents and admins ask.
        InvalidError: the terms do not fit together.
    """
    require_role(actor, "sales", "agent", "admin")
    check_terms(terms, catalog, today=at.date())
    made = LicenseRequest(
        number=next_number(session, "R"),
        state=RequestState.REQUESTED,
        client=client.code,
        **columns_of(terms),
        ticket=ticket.value if ticket else None,
        requested_by=actor.entity_id,
        requested_at=at,
    )
    session.add(made)
    _record(session, made, REQUESTED, at=at, actor=actor)
    return made


def draft(
    session: Session,
    *,
    number: int,
    key_id: int,
    catalog: Catalog,
    at: datetime,
    actor: Identity,
) -> LicenseRequest:
    """Give the request the exact payload that the approver will sign for.

    The serial stays when a draft is made again, for example after an interruption.

    Raises:
        DeniedError: the role license-issuer is missing, or it is the person's own request.
        ConflictError: it is approved already.
        ForgedRequestError: the row names another requester than the event log.
    """
    require_role(actor, "license-issuer")
    found = find(session, number, lock=True)
    require_move(number, RequestState(found.state), RequestState.APPROVED)
    _require_true_requester(session, found)
    if found.requested_by == actor.entity_id:
        raise OwnRequestError(
            _("{name} made this request and cannot approve it").format(name=actor.name),
            hint=_("another person with the role license-issuer has to: opskit login NAME"),
        )
    session.get_one(Client, found.client, with_for_update=True)  # one sequence at a time
    if found.serial is None:
        found.serial = next_number(session, "L", first=FIRST_SERIAL)
    found.sequence = _next_sequence(session, found)
    found.body = encode(
        payload_of(session, found, key_id=key_id, issued_on=at.date(), catalog=catalog)
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
    require_move(number, RequestState(found.state), RequestState.APPROVED)
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
    _record(session, found, "license.approved", at=at, actor=actor)
    return found


def payload_of(
    session: Session, found: LicenseRequest, *, key_id: int, issued_on: date, catalog: Catalog
) -> LicensePayload:
    """What the licence has to say, after the row of a request that has a serial.

    Raises:
        InvalidError: a date, number or version does not fit the licence format.
    """
    stamp = Stamp(
        serial=found.serial or 0,
        sequence=found.sequence or 0,
        key_id=key_id,
        client_number=session.get_one(Client, found.client).number,
        issued_on=issued_on,
    )
    return to_payload(terms_of(found), stamp, catalog)


def find(session: Session, number: int, *, lock: bool = False) -> LicenseRequest:
    """Raises NotFoundError where there is no such request."""
    found = session.get(LicenseRequest, number, with_for_update=lock)
    if found is None:
        raise NotFoundError(
            _("there is no licence request {number}").format(number=format_number("R", number)),
            hint="opskit license list",
        )
    return found


def open_requests(session: Session, *, client: str | None = None) -> list[LicenseRequest]:
    """What is not issued yet, oldest first."""
    query = select(LicenseRequest).where(LicenseRequest.state != RequestState.ISSUED)
    if client is not None:
        query = query.where(LicenseRequest.client == client)
    return list(session.scalars(query.order_by(LicenseRequest.number)))


def columns_of(terms: Terms) -> dict[str, Any]:
    """The terms as a row keeps them; `terms_of` reads them back."""
    return {**asdict(terms), "kind": terms.kind.value, "modules": list(terms.modules)}


def terms_of(found: TermsColumns) -> Terms:
    return Terms(
        kind=LicenseKind(found.kind),
        product=found.product,
        edition=found.edition,
        modules=tuple(found.modules),
        named_users=found.named_users,
        concurrent_users=found.concurrent_users,
        valid_from=found.valid_from,
        last_day=found.last_day,
        maintenance_until=found.maintenance_until,
        version_ceiling=found.version_ceiling,
    )


def _require_true_requester(session: Session, found: LicenseRequest) -> None:
    """Somebody who owns the database must not approve their own request under another's name."""
    name = format_number("R", found.number)
    begun = events.first(session, action=REQUESTED, subject=name)
    if begun is None or begun.actor_id != found.requested_by:
        raise ForgedRequestError(
            _("{request} names another requester than the event log").format(request=name),
            hint="opskit audit verify",
        )


def _next_sequence(session: Session, wanted: LicenseRequest) -> int:
    """One more than any other drafted or issued licence of this client and kind."""
    used = session.scalars(
        select(LicenseRequest.sequence).where(
            LicenseRequest.client == wanted.client,
            LicenseRequest.kind == wanted.kind,
            LicenseRequest.sequence.is_not(None),
            LicenseRequest.number != wanted.number,
        )
    )
    return max((number for number in used if number is not None), default=0) + 1


def _record(
    session: Session, what: LicenseRequest, action: str, *, at: datetime, actor: Identity
) -> None:
    terms = terms_of(what)
    events.record(
        session,
        actor=actor,
        at=at,
        action=action,
        subject=format_number("R", what.number),
        client=what.client,
        ticket=what.ticket,
        after={
            "kind": terms.kind.value,
            "modules": list(terms.modules),
            "named_users": terms.named_users,
            "maintenance_until": _iso(terms.maintenance_until),
            "last_day": _iso(terms.last_day),
            "serial": what.serial,
        },
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
