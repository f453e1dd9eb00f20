"""One case of the vector file, and how its facts and fields are written in JSON."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from licenses.document import license_file
from licenses.keyformat import LicensePayload, Unlimited, UserCount
from licenses.refusals import Reason
from licenses.validity import Standing
from tests.licenses.samples import NOW, SITE, sign

Case = dict[str, Any]

FULL_FACTS: Mapping[str, Any] = {
    "product": 1,
    "kinds": ["production", "temporary"],
    "site": SITE,
    "last_sequence": 3,
    "erp_version": "12.4",
    "release_date": "2027-02-15",
}
CLIENT, MODULES = "Deleze SA", ("FIN", "AP", "AR", "SAL")


def utc(text: str) -> str:
    return f"{text}Z"


def written(source: LicensePayload | bytes | str) -> dict[str, str]:
    """How the key of a case is given: a payload and signed bytes as hex, text as it is."""
    if isinstance(source, str):
        return {"text": source}
    return {"hex": (source if isinstance(source, bytes) else sign(source)).hex()}


def file_text(payload: LicensePayload) -> str:
    return license_file(sign(payload), client=CLIENT, modules=MODULES)


def accepted(
    name: str,
    description: str,
    payload: LicensePayload,
    source: bytes | str | None = None,
    *,
    standing: Standing = Standing.VALID,
    **facts: Any,
) -> Case:
    """A key that is accepted; its signed bytes in hex unless written in another way."""
    return {
        "id": name,
        "description": description,
        **written(payload if source is None else source),
        "context": _context(facts),
        "expect": "ok",
        "standing": standing.value,
        "license": described(payload),
    }


def refused(
    reason: Reason,
    suffix: str,
    description: str,
    source: LicensePayload | bytes | str | dict[str, str],
    **facts: Any,
) -> Case:
    """A key that is refused for this reason and no earlier one."""
    return {
        "id": f"{reason}{'-' * bool(suffix)}{suffix}",
        "description": description,
        **(source if isinstance(source, dict) else written(source)),
        "context": _context(facts),
        "expect": reason.value,
    }


def _context(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"at": utc(f"{NOW:%Y-%m-%dT%H:%M:%S}"), **facts}


def described(payload: LicensePayload) -> dict[str, Any]:
    """Every field, as the specification's section 10 writes it."""
    ceiling = payload.version_ceiling
    return {
        "kind": payload.kind.value,
        "key_id": payload.key_id,
        "product": payload.product,
        "edition": payload.edition,
        "serial": payload.serial,
        "client_number": payload.client_number,
        "sequence": payload.sequence,
        "issued_on": _iso(payload.issued_on),
        "valid_from": _iso(payload.valid_from),
        "last_day": _iso(payload.last_day),
        "maintenance_until": _iso(payload.maintenance_until),
        "grace_days": payload.grace_days,
        "overage_percent": payload.overage_percent,
        "named_users": _count(payload.named_users),
        "concurrent_users": _count(payload.concurrent_users),
        "version_ceiling": None if ceiling is None else str(ceiling),
        "modules": sorted(payload.modules),
        "site": payload.site.hex(),
        "extensions": [
            {"number": each.number, "critical": each.critical, "value": each.value.hex()}
            for each in payload.extensions
        ],
    }


def _iso(day: date | datetime | None) -> str | None:
    return None if day is None else day.isoformat()


def _count(users: UserCount) -> int | str:
    return users.value if isinstance(users, Unlimited) else users
