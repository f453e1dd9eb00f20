"""Requests and licences as rows for tables and JSON, and as pages."""

from typing import Any

from licenses.document import license_file
from licenses.keyformat import decode, split_signature
from licenses.models import LicenseRecord, LicenseRequest
from licenses.services.requests import terms_of
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


def request_row(found: LicenseRequest) -> dict[str, Any]:
    """JSON keys of a request; users are a number or `unlimited`."""
    return {
        "number": format_number("R", found.number),
        "state": found.state,
        "client": found.client,
        **_terms_row(terms_of(found)),
        "ticket": found.ticket,
        "license": format_number("L", found.serial) if found.serial else None,
        "requested_by": found.requested_by,
        "requested_at": found.requested_at,
        "approved_by": found.approved_by,
        "approved_at": found.approved_at,
    }


def record_row(found: LicenseRecord) -> dict[str, Any]:
    """JSON keys of a licence in the register."""
    return {
        "number": format_number("L", found.serial),
        "state": "issued",
        "client": found.client,
        **_terms_row(terms_of(found)),
        "request": format_number("R", found.request_number),
        "sequence": found.sequence,
        "issued_by": found.issued_by,
        "issued_at": found.issued_at,
    }


def request_lines(found: LicenseRequest) -> list[str]:
    title = _("Licence request {number} for {client}: {state}").format(
        number=format_number("R", found.number), client=found.client, state=found.state
    )
    return _page(title, [*describe(terms_of(found)), (_("Ticket"), found.ticket or "")])


def record_lines(found: LicenseRecord) -> list[str]:
    title = _("Licence {number} for {client}").format(
        number=format_number("L", found.serial), client=found.client
    )
    request = format_number("R", found.request_number)
    return _page(title, [*describe(terms_of(found)), (_("Request"), request)])


def file_of(record: LicenseRecord, client_name: str) -> str:
    """The armoured file of a registered licence."""
    body, _signature = split_signature(record.signed)
    modules = " ".join(record.modules)
    return license_file(record.signed, decode(body), client=client_name, modules=modules)


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
        "version_ceiling": terms.version_ceiling,
    }


def _page(title: str, pairs: list[tuple[str, str]]) -> list[str]:
    width = max(len(label) for label, _value in pairs)
    return [title, *(f"  {label:<{width}}  {value}" for label, value in pairs)]
