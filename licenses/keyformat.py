"""The bytes of a licence: payload <-> unsigned body (docs/spec/license-key-v1.md, section 2).

    body = encode(payload)                  # what is to be signed, see `signing_input`
    decode(body) == payload                 # strict: every other body is refused with its reason

Nothing here knows a key or a clock; `verifier` does. Later versions of this package keep reading
what this one writes.
"""

import struct
from datetime import date, timedelta
from typing import Final

from licenses.payload import (
    EPOCH,
    EXTENSION_ROOM,
    UNBOUND_SITE,
    UNLIMITED,
    ErpVersion,
    Extension,
    InvalidPayloadError,
    LicenseKind,
    LicensePayload,
    Unlimited,
    UserCount,
    anchor_complaint,
    site_digest,
)
from licenses.refusals import LicenseRefusedError, Reason

__all__ = [
    "UNBOUND_SITE",
    "UNLIMITED",
    "ErpVersion",
    "Extension",
    "InvalidPayloadError",
    "LicenseKind",
    "LicensePayload",
    "Unlimited",
    "UserCount",
    "decode",
    "encode",
    "signing_input",
    "site_digest",
    "split_signature",
]

FORMAT_VERSION: Final = 1
SIGNING_DOMAIN: Final = b"opskit/licence/v1\0"
SIGNATURE_SIZE: Final = 64

_FIXED: Final = struct.Struct(">BBBBIIHHHHHBBHHHB6s8s")
_ABSENT: Final = 0xFFFF
_CRITICAL: Final = 0x80

MIN_SIGNED_SIZE: Final = _FIXED.size + SIGNATURE_SIZE
MAX_SIGNED_SIZE: Final = MIN_SIGNED_SIZE + EXTENSION_ROOM

_KIND_NUMBERS: Final = {kind: number for number, kind in enumerate(LicenseKind, start=1)}
_KINDS: Final = {number: kind for kind, number in _KIND_NUMBERS.items()}


def signing_input(body: bytes) -> bytes:
    """The exact bytes that are signed: a signature made for anything else never fits."""
    return SIGNING_DOMAIN + body


def split_signature(signed: bytes) -> tuple[bytes, bytes]:
    """Body and signature.

    Raises:
        LicenseRefusedError: too long or truncated.
    """
    if len(signed) > MAX_SIGNED_SIZE:
        raise LicenseRefusedError(
            Reason.TOO_LONG, f"{len(signed)} bytes, at most {MAX_SIGNED_SIZE} are allowed"
        )
    if len(signed) < MIN_SIGNED_SIZE:
        raise LicenseRefusedError(
            Reason.TRUNCATED, f"{len(signed)} bytes, at least {MIN_SIGNED_SIZE} are needed"
        )
    return signed[:-SIGNATURE_SIZE], signed[-SIGNATURE_SIZE:]


def encode(payload: LicensePayload) -> bytes:
    """The unsigned body of a licence."""
    fixed = _FIXED.pack(
        FORMAT_VERSION << 4 | _KIND_NUMBERS[payload.kind],
        payload.key_id,
        payload.product,
        payload.edition,
        payload.serial,
        payload.client_number,
        payload.sequence,
        _day(payload.issued_on),
        _day(payload.valid_from),
        _day(payload.last_day),
        _day(payload.maintenance_until),
        payload.grace_days,
        payload.overage_percent,
        _users(payload.named_users),
        _users(payload.concurrent_users),
        _ceiling(payload.version_ceiling),
        0,
        sum(1 << bit for bit in payload.modules).to_bytes(6, "big"),
        payload.site,
    )
    return fixed + b"".join(map(_extension, payload.extensions))


def decode(body: bytes) -> LicensePayload:
    """Read an unsigned body, which proves nothing: that is `verifier.authenticate`.

    Raises:
        LicenseRefusedError: the body breaks a rule of form (specification, section 5, step 3).
    """
    split_signature(body + bytes(SIGNATURE_SIZE))
    head, *fields = _FIXED.unpack_from(body)
    key_id, product, edition, serial, client_number, sequence = fields[:6]
    issued, valid_from, last, maintenance, grace_days, overage_percent = fields[6:12]
    named, concurrent, ceiling, reserved, modules, site = fields[12:]
    _refuse_form(head, reserved)
    _refuse_dates(issued, valid_from, last)
    return LicensePayload(
        kind=_KINDS[head & 0x0F],
        key_id=key_id,
        product=product,
        edition=edition,
        serial=serial,
        client_number=client_number,
        sequence=sequence,
        issued_on=_date(issued),
        valid_from=_date(valid_from),
        last_day=None if last == _ABSENT else _date(last),
        maintenance_until=None if maintenance == _ABSENT else _date(maintenance),
        grace_days=grace_days,
        overage_percent=overage_percent,
        named_users=UNLIMITED if named == _ABSENT else named,
        concurrent_users=UNLIMITED if concurrent == _ABSENT else concurrent,
        version_ceiling=None if ceiling == _ABSENT else ErpVersion(*divmod(ceiling, 0x100)),
        modules=_module_bits(int.from_bytes(modules, "big")),
        site=site,
        extensions=_extensions(body[_FIXED.size :]),
    )


def _day(day: date | None) -> int:
    return _ABSENT if day is None else (day - EPOCH).days


def _date(days: int) -> date:
    return EPOCH + timedelta(days=days)


def _users(count: UserCount) -> int:
    return _ABSENT if isinstance(count, Unlimited) else count


def _ceiling(version: ErpVersion | None) -> int:
    return _ABSENT if version is None else version.major << 8 | version.minor


def _extension(extension: Extension) -> bytes:
    tag = extension.number | (_CRITICAL if extension.critical else 0)
    return bytes([tag, len(extension.value)]) + extension.value


def _module_bits(bitmap: int) -> frozenset[int]:
    return frozenset(bit for bit in range(bitmap.bit_length()) if bitmap >> bit & 1)


def _refuse_form(head: int, reserved: int) -> None:
    version, kind = divmod(head, 0x10)
    if version != FORMAT_VERSION:
        raise LicenseRefusedError(Reason.UNKNOWN_VERSION, f"format version {version}")
    if kind not in _KINDS:
        raise LicenseRefusedError(Reason.UNKNOWN_KIND, f"kind {kind}")
    if reserved:
        raise LicenseRefusedError(Reason.RESERVED_NOT_ZERO, f"byte 30 is {reserved}")


def _refuse_dates(issued: int, valid_from: int, last: int) -> None:
    if _ABSENT in (issued, valid_from):
        raise LicenseRefusedError(Reason.BAD_DATE, "issued on or valid from is no day")
    # 0xFFFF, without an end, is above every day
    if last < valid_from:
        raise LicenseRefusedError(
            Reason.INVERTED_DATES, f"last day {_date(last)}, first day {_date(valid_from)}"
        )


def _extensions(area: bytes) -> tuple[Extension, ...]:
    found: list[Extension] = []
    rest = area
    while rest:
        extension, rest = _next_extension(rest)
        _refuse_number(extension.number, after=found[-1].number if found else 0)
        complaint = anchor_complaint(extension)
        if complaint is not None:
            raise LicenseRefusedError(Reason.BAD_EMERGENCY_ANCHOR, complaint)
        found.append(extension)
    return tuple(found)


def _next_extension(area: bytes) -> tuple[Extension, bytes]:
    tag, *length = area[:2]
    end = 2 + sum(length)
    if len(area) < end:
        raise LicenseRefusedError(Reason.TRAILING_BYTES, f"{len(area)} bytes are no extension")
    return Extension(tag & ~_CRITICAL, area[2:end], critical=bool(tag & _CRITICAL)), area[end:]


def _refuse_number(number: int, *, after: int) -> None:
    if number == 0:
        raise LicenseRefusedError(Reason.RESERVED_NOT_ZERO, "an extension has the number 0")
    if number == after:
        raise LicenseRefusedError(Reason.DUPLICATE_EXTENSION, f"extension {number} comes twice")
    if number < after:
        raise LicenseRefusedError(Reason.EXTENSION_ORDER, f"extension {number} comes after {after}")
