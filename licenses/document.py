"""The licence file that the client receives, with headers that people can read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from licenses import armour
from licenses.emergency import days_granted
from licenses.keyformat import decode, split_signature
from licenses.payload import LicensePayload, Unlimited, UserCount
from opskit.core.refs import format_number

CLIENT = "Client"


def license_file(
    signed: bytes, *, client: str, modules: Iterable[str], payload: LicensePayload | None = None
) -> str:
    """The armoured text; `modules` are the codes, which the payload keeps as bits.

    Whoever has decoded what was signed gives the payload, which takes longest.
    """
    if payload is None:
        payload = decode(split_signature(signed)[0])
    return armour.wrap(signed, {CLIENT: client, **headers(payload, " ".join(modules))})


def headers(payload: LicensePayload, modules: str) -> dict[str, str]:
    """What the headers of a licence must say, made anew from what was signed."""
    return {
        "Licence": format_number("L", payload.serial),
        "Kind": payload.kind.value,
        "Client number": str(payload.client_number),
        "Modules": modules,
        "Named users": _users(payload.named_users),
        "Concurrent users": _users(payload.concurrent_users),
        "Valid from": payload.valid_from.isoformat(),
        "Last usable day": str(payload.last_day or "without end"),
        "Maintenance until": str(payload.maintenance_until or "without end"),
        "Up to version": str(payload.version_ceiling or "any"),
    }


def payload_row(payload: LicensePayload, modules: Sequence[str]) -> dict[str, Any]:
    """JSON keys of what was signed; users are a number or `unlimited`."""
    return {
        "number": format_number("L", payload.serial),
        "kind": payload.kind.value,
        "key_id": payload.key_id,
        "client_number": payload.client_number,
        "sequence": payload.sequence,
        "modules": list(modules),
        "named_users": _count(payload.named_users),
        "concurrent_users": _count(payload.concurrent_users),
        "issued_on": payload.issued_on,
        "valid_from": payload.valid_from,
        "last_day": payload.last_day,
        "maintenance_until": payload.maintenance_until,
        "version_ceiling": str(payload.version_ceiling) if payload.version_ceiling else None,
        "emergency_days": days_granted(payload),
    }


def untrue_headers(
    claimed: Mapping[str, str], payload: LicensePayload, modules: str
) -> Iterable[str]:
    """Headers that claim something else than what was signed; the client's name is not signed."""
    checkable = {name: value for name, value in claimed.items() if name != CLIENT}
    return armour.differing_headers(checkable, headers(payload, modules))


def _users(count: UserCount) -> str:
    return str(_count(count))


def _count(count: UserCount) -> int | str:
    return count.value if isinstance(count, Unlimited) else count
