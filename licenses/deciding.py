"""The page on which a second person decides: the request, what it changes, the exact payload."""

import hashlib
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses import presenting
from licenses.differences import differences, timeline
from licenses.directory import Directory
from licenses.models import LicenseRequest
from licenses.rows import terms_of
from licenses.services.previous import previous_record
from licenses.states import RequestState
from licenses.terms import Terms
from opskit.core.i18n import _
from opskit.core.refs import format_number


def approval_page(session: Session, drafted: LicenseRequest, *, today: date) -> list[str]:
    """What the approver reads before signing, a line each."""
    known = Directory(session)
    return [
        *presenting.request_lines(drafted, known),
        *change_lines(session, drafted, today=today),
        *_payload_lines(drafted),
        *_same_order(session, drafted),
        *presenting.warnings(session, drafted, known, today=today),
    ]


def change_lines(session: Session, found: LicenseRequest, *, today: date) -> list[str]:
    """The differences to the client's previous licence, and what the client will see when."""
    previous = previous_record(session, found)
    before = terms_of(previous) if previous else None
    against = format_number("L", previous.serial) if previous else None
    wanted = terms_of(found)
    return [
        _("Changes against {license}:").format(license=against) if against else _("Changes:"),
        *(f"  {change}" for change in _or_nothing(before, wanted)),
        _("What the client will see:"),
        *(
            f"  {moment.on.isoformat()}  {moment.what}"
            for moment in timeline(before, wanted, today=today)
        ),
    ]


def _or_nothing(before: Terms | None, after: Terms) -> list[str]:
    return differences(before, after) or [_("nothing changes")]


def _payload_lines(drafted: LicenseRequest) -> list[str]:
    body = drafted.body or b""
    return [
        _("The exact payload:"),
        *(f"  {body[at : at + 16].hex(' ')}" for at in range(0, len(body), 16)),
        _("  SHA-256 {digest}").format(digest=hashlib.sha256(body).hexdigest()),
    ]


def _same_order(session: Session, found: LicenseRequest) -> list[str]:
    """An order that is on another request too was perhaps entered twice."""
    if found.order_ref is None:
        return []
    closed = (RequestState.REJECTED, RequestState.WITHDRAWN)
    others = session.scalars(
        select(LicenseRequest.number)
        .where(LicenseRequest.order_ref == found.order_ref)
        .where(LicenseRequest.number != found.number, LicenseRequest.state.not_in(closed))
        .order_by(LicenseRequest.number)
        .limit(5)
    )
    names = " ".join(format_number("R", number) for number in others)
    if not names:
        return []
    return [
        _("warning: the order {order} is on {requests} too").format(
            order=found.order_ref, requests=names
        )
    ]
