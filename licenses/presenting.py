"""Requests and licences as rows for tables and JSON, and as pages."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from licenses.actions import Action
from licenses.directory import Directory
from licenses.document import license_file
from licenses.doubts import doubts, too_early
from licenses.models import LicenseRecord, LicenseRequest
from licenses.pages import page
from licenses.rows import terms_of
from licenses.services.previous import previous_record
from licenses.states import REGISTERED, RequestState
from licenses.terms import Terms, describe, shown_users
from opskit.core.i18n import _
from opskit.core.refs import format_number


def columns() -> dict[str, str]:
    """The headings of `license list`."""
    return {
        "number": _("Number"),
        "client": _("Client"),
        "kind": _("Kind"),
        "state": _("State"),
        "modules": _("Modules"),
        "named_users": _("Users"),
        "maintenance_until": _("Maintenance"),
        "last_day": _("Last day"),
    }


def request_row(found: LicenseRequest, known: Directory) -> dict[str, Any]:
    """JSON keys of a request; users are a number or `unlimited`."""
    return {
        "number": format_number("R", found.number),
        "state": found.state,
        "client": found.client,
        **_terms_row(terms_of(found)),
        "action": found.action,
        "replaces": format_number("L", found.replaces) if found.replaces else None,
        "order": found.order_ref,
        "ticket": found.ticket,
        "batch": format_number("B", found.batch) if found.batch else None,
        "reason": found.reason,
        "license": format_number("L", found.serial) if found.serial else None,
        "requested_by": found.requested_by,
        "requested_by_name": known.name_of(found.requested_by),
        "requested_at": found.requested_at,
        "approved_by": found.approved_by,
        "approved_by_name": known.name_of(found.approved_by),
        "approved_at": found.approved_at,
    }


def record_row(
    found: LicenseRecord, known: Directory, *, state: str | None = None
) -> dict[str, Any]:
    """JSON keys of a licence in the register; `state` is its request's."""
    return {
        "number": format_number("L", found.serial),
        "state": state or RequestState.ISSUED.value,
        "client": found.client,
        **_terms_row(terms_of(found)),
        "action": found.action,
        "replaces": format_number("L", found.replaces) if found.replaces else None,
        "request": format_number("R", found.request_number),
        "sequence": found.sequence,
        "issued_by": found.issued_by,
        "issued_by_name": known.name_of(found.issued_by),
        "issued_at": found.issued_at,
    }


def request_lines(found: LicenseRequest, known: Directory) -> list[str]:
    title = _("Licence request {number} for {client}: {state}").format(
        number=format_number("R", found.number),
        client=found.client,
        state=RequestState(found.state).in_words(),
    )
    issued = found.serial is not None and found.state in REGISTERED
    people = [
        *([(_("Licence"), format_number("L", found.serial or 0))] if issued else []),
        (_("What for"), _purpose(found.action, found.replaces)),
        *([(_("Order"), found.order_ref)] if found.order_ref else []),
        (_("Ticket"), found.ticket or ""),
        (_("Requested"), _signed(found.requested_at, known.name_of(found.requested_by))),
    ]
    if found.approved_at is not None:
        approver = known.name_of(found.approved_by)
        people.append((_("Approved"), _signed(found.approved_at, approver)))
    if found.reason is not None:
        people.append((_("Reason"), found.reason))
    return page(title, [*_client(found.client, known), *describe(terms_of(found)), *people])


def record_lines(found: LicenseRecord, asked: LicenseRequest, known: Directory) -> list[str]:
    title = _("Licence {number} for {client}").format(
        number=format_number("L", found.serial), client=found.client
    )
    people = [
        (_("Request"), format_number("R", found.request_number)),
        (_("Requested"), _signed(asked.requested_at, known.name_of(asked.requested_by))),
        (_("Issued"), _signed(found.issued_at, known.name_of(found.issued_by))),
    ]
    if asked.approved_at is not None:
        approver = known.name_of(asked.approved_by)
        people.insert(2, (_("Approved"), _signed(asked.approved_at, approver)))
    if found.action == Action.OFFLINE:
        people.append((_("What for"), _purpose(found.action, found.replaces)))
    return page(title, [*_client(found.client, known), *describe(terms_of(found)), *people])


def warnings(
    session: Session, found: LicenseRequest, known: Directory, *, today: date
) -> list[str]:
    """What whoever asks or approves should look at twice, a line each."""
    if found.action == Action.REVOKE:
        return []  # it ends what it names, whatever the contract says
    contract = known.client(found.client).maintenance_until
    previous = previous_record(session, found)
    before = terms_of(previous) if previous else None
    return [
        _("warning: {doubt}").format(doubt=doubt)
        for doubt in (
            *doubts(found.maintenance_until, contract=contract, today=today),
            *too_early(before, terms_of(found), today=today),
        )
    ]


def file_of(record: LicenseRecord, client_name: str) -> str:
    """The armoured file of a registered licence."""
    return license_file(record.signed, client=client_name, modules=record.modules)


def _terms_row(terms: Terms) -> dict[str, Any]:
    return {
        "kind": terms.kind.value,
        "product": terms.product,
        "edition": terms.edition,
        "modules": list(terms.modules),
        "named_users": shown_users(terms.named_users),
        "concurrent_users": shown_users(terms.concurrent_users),
        "valid_from": terms.valid_from,
        "last_day": terms.last_day,
        "maintenance_until": terms.maintenance_until,
        "grace_days": terms.grace_days,
        "version_ceiling": terms.version_ceiling,
        "site": terms.site,
    }


def _client(code: str, known: Directory) -> list[tuple[str, str]]:
    client = known.client(code)
    return [(_("Client"), client.name), (_("Client number"), str(client.number))]


def _purpose(action: str, replaces: int | None) -> str:
    words = Action(action).in_words()
    if replaces is None:
        return words
    return _("{what} of {license}").format(what=words, license=format_number("L", replaces))


def _signed(at: datetime, name: str | None) -> str:
    """`2026-11-24 by Bob`: the day is the reader's, as everywhere on the terminal."""
    day = at.astimezone().date()
    return _("{day} by {name}").format(day=day, name=name or _("somebody unknown"))
