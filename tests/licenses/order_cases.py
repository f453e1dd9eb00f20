"""Keys with two faults each, next to each other in the order of the rules: the first is named."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from licenses.keyformat import Extension, LicenseKind, encode
from licenses.refusals import Reason
from tests.licenses.samples import FOREIGN_KEY, SAMPLE, TEST_KEY, sample, sign, sign_body
from tests.licenses.vector_case import Case, refused, utc

BODY = encode(SAMPLE)
ANCHOR = b"\x01\x0d\x50" + bytes(12)
NEVER = b"\xff\xff"
INVERTED = b"\x09\xdf\x09\xde"

OTHER_FACTS: dict[Reason, dict[str, Any]] = {
    Reason.WRONG_PRODUCT: {"product": 2},
    Reason.WRONG_KIND: {"kinds": ["test"]},
    Reason.WRONG_SITE: {"site": "elsewhere"},
    Reason.STALE_SEQUENCE: {"last_sequence": 4},
    Reason.CLOCK_BEHIND: {"at": utc("2026-11-01T00:00:00")},
    Reason.NOT_YET_VALID: {"at": utc("2026-11-25T00:00:00")},
    Reason.EXPIRED: {"at": utc("2028-02-01T00:00:00")},
    Reason.VERSION_ABOVE_CEILING: {"erp_version": "12.5"},
    Reason.MAINTENANCE_LAPSED: {"release_date": "2027-11-05"},
}


def order_cases() -> Iterator[Case]:
    yield from _form()
    yield from _extensions()
    yield from _key()
    yield from _meaning()


def _first(reason: Reason, before: str, source: bytes, **facts: Any) -> Case:
    return refused(reason, f"before-{before}", f"comes before {before}", source, **facts)


def _form() -> Iterator[Case]:
    yield _first(Reason.UNKNOWN_VERSION, "unknown-kind", _body({0: b"\x20"}))
    yield _first(Reason.UNKNOWN_KIND, "reserved-not-zero", _body({0: b"\x15", 30: b"\x01"}))
    yield _first(Reason.RESERVED_NOT_ZERO, "bad-date", _body({14: NEVER, 30: b"\x01"}))
    yield _first(Reason.BAD_DATE, "inverted-dates", _body({14: NEVER, 16: INVERTED}))
    yield _first(Reason.INVERTED_DATES, "trailing-bytes", _body({16: INVERTED}, b"\x70"))


def _extensions() -> Iterator[Case]:
    cases = {
        "reserved-not-zero": (Reason.TRAILING_BYTES, b"\x00\x05abcd"),
        "duplicate-extension": (Reason.TRAILING_BYTES, b"\x70\x00\x70\x05abcd"),
        "extension-order": (Reason.TRAILING_BYTES, b"\x71\x00\x70\x05abcd"),
        "trailing-bytes": (Reason.EXTENSION_ORDER, b"\x71\x00\x70\x00\x72"),
        "bad-emergency-anchor": (Reason.DUPLICATE_EXTENSION, ANCHOR + b"\x81\x00"),
    }
    for before, (reason, area) in cases.items():
        yield _first(reason, before, sign_body(BODY + area))
    earlier = b"\x70\x00\x71\x00\x70\x00"
    yield refused(
        Reason.EXTENSION_ORDER, "again", "112 again, after 113", sign_body(BODY + earlier)
    )
    zero = b"\x70\x00\x00\x00"
    yield refused(Reason.RESERVED_NOT_ZERO, "extension-0-later", "0 after 112",
                  sign_body(BODY + zero))  # fmt: skip
    late_anchor = b"\x02\x00\x01\x00"
    yield _first(Reason.EXTENSION_ORDER, "bad-anchor", sign_body(BODY + late_anchor))


def _key() -> Iterator[Case]:
    unknown = bytes([FOREIGN_KEY])
    bad_anchor = _body({1: unknown}, b"\x01\x00")
    yield _first(Reason.BAD_EMERGENCY_ANCHOR, "unknown-key-id", bad_anchor)
    spoilt = sign(sample(key_id=FOREIGN_KEY))[:-1] + b"\0"
    yield _first(Reason.UNKNOWN_KEY_ID, "bad-signature", spoilt)
    forbidden = sign(sample(kind=LicenseKind.PRODUCTION, key_id=TEST_KEY))[:-1] + b"\0"
    yield _first(Reason.KIND_NOT_ALLOWED, "bad-signature", forbidden)
    critical = sign(sample(extensions=(Extension(112, b"new", critical=True),)))
    tampered = critical[:7] + bytes([critical[7] ^ 1]) + critical[8:]
    yield _first(Reason.BAD_SIGNATURE, "unknown-critical-extension", tampered)
    other_product = {"product": 2}
    yield _first(Reason.BAD_SIGNATURE, "wrong-product", sign(SAMPLE)[:-1] + b"\0", **other_product)
    yield _first(Reason.UNKNOWN_CRITICAL_EXTENSION, "wrong-product", critical, **other_product)


def _meaning() -> Iterator[Case]:
    """Every two rules of step 5 that a licence can break at once."""
    reasons = list(OTHER_FACTS)
    for place, first in enumerate(reasons):
        for second in reasons[place + 1 :]:
            facts, others = OTHER_FACTS[first], OTHER_FACTS[second]
            if not facts.keys() & others.keys():
                yield _first(first, second.value, sign(SAMPLE), **facts, **others)
    both = sample(issued_on=date(2027, 3, 10), valid_from=date(2027, 4, 1))
    yield _first(Reason.CLOCK_BEHIND, "not-yet-valid", sign(both))
    # a day of issue after the end
    early = sample(issued_on=date(2028, 3, 1), last_day=date(2026, 12, 1), grace_days=0)
    yield _first(Reason.CLOCK_BEHIND, "expired", sign(early))


def _body(changes: dict[int, bytes], area: bytes = b"") -> bytes:
    """The sample with bytes replaced at offsets and extensions added, properly signed."""
    body = bytearray(BODY)
    for offset, new in changes.items():
        body[offset : offset + len(new)] = new
    return sign_body(bytes(body) + area)
