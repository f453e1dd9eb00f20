"""Keys that every verifier must refuse: at least one for each reason."""

import hashlib
from collections.abc import Iterator
from typing import Any

from licenses.keyformat import Extension, LicenseKind, encode, signing_input, site_digest
from licenses.refusals import Reason
from tests.licenses.samples import (
    FOREIGN_KEY,
    PRODUCTION_KEY,
    SAMPLE,
    TEST_KEY,
    TEST_SEEDS,
    private_key,
    sample,
    sign,
    sign_body,
)
from tests.licenses.vector_case import Case, refused, utc

GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493
BODY = encode(SAMPLE)
SIGNED = sign(SAMPLE)


def refused_cases() -> Iterator[Case]:
    yield from _length()
    yield from _form()
    yield from _extensions()
    yield from _keys()
    yield from _tampered()
    yield from _meaning()


def patched(offset: int, new: bytes) -> bytes:
    """The sample's body with some bytes replaced, properly signed."""
    return sign_body(BODY[:offset] + new + BODY[offset + len(new) :])


def flipped(signed: bytes, offset: int) -> bytes:
    """Signed bytes with the lowest bit of one byte turned over."""
    return signed[:offset] + bytes([signed[offset] ^ 1]) + signed[offset + 1 :]


def _length() -> Iterator[Case]:
    long = sign_body(BODY + b"\x70\xff" + bytes(255) + b"\x71\x91" + bytes(145))
    yield refused(Reason.TOO_LONG, "signed", "513 signed bytes", long)
    yield refused(Reason.TRUNCATED, "", "one byte is missing at the end", SIGNED[:-1])
    yield refused(Reason.TRUNCATED, "start", "one byte is missing at the start", SIGNED[1:])
    yield refused(Reason.TRUNCATED, "empty", "no byte at all", b"")


def _form() -> Iterator[Case]:
    yield refused(Reason.UNKNOWN_VERSION, "0", "version 0", patched(0, b"\x01"))
    yield refused(Reason.UNKNOWN_VERSION, "2", "version 2", patched(0, b"\x21"))
    yield refused(Reason.UNKNOWN_KIND, "0", "kind 0", patched(0, b"\x10"))
    yield refused(Reason.UNKNOWN_KIND, "5", "kind 5", patched(0, b"\x15"))
    yield refused(Reason.RESERVED_NOT_ZERO, "", "byte 30 is 1", patched(30, b"\x01"))
    yield refused(Reason.BAD_DATE, "issued-on", "issued on is FFFF", patched(14, b"\xff\xff"))
    never = patched(16, b"\xff\xff\xff\xff")
    yield refused(Reason.BAD_DATE, "valid-from", "valid from is FFFF", never)
    inverted = patched(16, b"\x09\xdf\x09\xde")
    yield refused(Reason.INVERTED_DATES, "", "the last day is before the first", inverted)


def _extensions() -> Iterator[Case]:
    broken = {
        "short": (Reason.BAD_EMERGENCY_ANCHOR, "12 bytes", b"\x01\x0c" + b"\x50" + bytes(11)),
        "long": (Reason.BAD_EMERGENCY_ANCHOR, "14 bytes", b"\x01\x0e" + b"\x50" + bytes(13)),
        "no-days": (Reason.BAD_EMERGENCY_ANCHOR, "0 days a code", b"\x01\x0d" + bytes(13)),
        "is-critical": (Reason.BAD_EMERGENCY_ANCHOR, "it is critical", b"\x81\x0d\x50" + bytes(12)),
        "tag-only": (Reason.TRAILING_BYTES, "a tag without a length", b"\x70"),
        "value-cut": (Reason.TRAILING_BYTES, "a value of 4 of 5 bytes", b"\x70\x05abcd"),
        "one-left": (Reason.TRAILING_BYTES, "a byte after an extension", b"\x70\x01a\x71"),
        "extension-0": (Reason.RESERVED_NOT_ZERO, "number 0", b"\x00\x00"),
        "extension-0-critical": (Reason.RESERVED_NOT_ZERO, "number 0, critical", b"\x80\x00"),
        "same": (Reason.DUPLICATE_EXTENSION, "a number twice", b"\x70\x00\x70\x00"),
        "critical": (Reason.DUPLICATE_EXTENSION, "once critical, once not", b"\x70\x00\xf0\x00"),
        "descending": (Reason.EXTENSION_ORDER, "113 before 112", b"\x71\x00\x70\x00"),
        "critical-first": (Reason.EXTENSION_ORDER, "the critical bit is no part of the number",
                           b"\xf1\x00\x70\x00"),
    }  # fmt: skip
    for suffix, (reason, description, area) in broken.items():
        yield refused(reason, suffix, description, sign_body(BODY + area))
    yield refused(
        Reason.TRAILING_BYTES, "after-signature", "a zero byte after the signature", SIGNED + b"\0"
    )
    critical = sample(extensions=(Extension(112, b"new", critical=True),))
    yield refused(Reason.UNKNOWN_CRITICAL_EXTENSION, "", "unknown and critical", critical)
    expired = utc("2030-01-01T00:00:00")
    yield refused(
        Reason.UNKNOWN_CRITICAL_EXTENSION, "first", "also when expired", critical, at=expired
    )


def _keys() -> Iterator[Case]:
    yield refused(
        Reason.UNKNOWN_KEY_ID,
        "",
        "well signed, by a key not in the set",
        sample(key_id=FOREIGN_KEY),
    )
    yield refused(Reason.UNKNOWN_KEY_ID, "0", "key id 0", patched(1, b"\0"))
    yield refused(
        Reason.KIND_NOT_ALLOWED, "test-key", "a test key signs production", sample(key_id=TEST_KEY)
    )
    test = sample(kind=LicenseKind.TEST)
    yield refused(Reason.KIND_NOT_ALLOWED, "production-key", "a production key signs a test", test)
    borrowed = sign_body(BODY, TEST_KEY)
    yield refused(Reason.BAD_SIGNATURE, "other-key", "signed by the test key as key 1", borrowed)


def _tampered() -> Iterator[Case]:
    regions = {
        "edition": 3, "serial": 7, "client-number": 11, "sequence": 13, "issued-on": 15,
        "valid-from": 17, "last-day": 19, "maintenance-until": 21, "grace-days": 22, "overage": 23,
        "named-users": 25, "concurrent-users": 27, "version-ceiling": 29, "modules": 36, "site": 44,
        "product": 2, "signature-r": 45, "signature-s": 77,
    }  # fmt: skip
    for region, offset in regions.items():
        yield refused(Reason.BAD_SIGNATURE, region, f"one bit of {region}", flipped(SIGNED, offset))
    extended = sign(sample(extensions=(Extension(112, b"later"),)))
    yield refused(
        Reason.BAD_SIGNATURE, "extension", "one bit of an extension", flipped(extended, 47)
    )
    yield refused(Reason.BAD_SIGNATURE, "critical-bit", "the critical bit is taken away",
                  _without_critical_bit())  # fmt: skip
    plain = BODY + private_key(1).sign(BODY)
    yield refused(Reason.BAD_SIGNATURE, "no-domain", "signed without the domain", plain)
    other = BODY + private_key(1).sign(b"opskit/approval/v1\0" + BODY)
    yield refused(Reason.BAD_SIGNATURE, "other-domain", "signed for something else", other)
    yield refused(Reason.BAD_SIGNATURE, "zero", "64 zero bytes", BODY + bytes(64))
    yield refused(Reason.BAD_SIGNATURE, "malleable", "S + L instead of S", _malleable())
    prime = 2**255 - 19
    yield refused(Reason.BAD_SIGNATURE, "small-order", "R of order 2: good for eight times",
                  _without_nonce(prime - 1))  # fmt: skip
    yield refused(Reason.BAD_SIGNATURE, "non-canonical", "R is the neutral point, written as p + 1",
                  _without_nonce(prime + 1))  # fmt: skip


def _without_critical_bit() -> bytes:
    signed = sign(sample(extensions=(Extension(112, b"new", critical=True),)))
    return signed[:45] + b"\x70" + signed[46:]


def _without_nonce(written_r: int) -> bytes:
    """Signed by key 1 with a chosen R, as if the point were neutral: S is k times the key."""
    r = written_r.to_bytes(32, "little")
    clamped = hashlib.sha512(TEST_SEEDS[PRODUCTION_KEY]).digest()[:32]
    secret = (int.from_bytes(clamped, "little") & (1 << 254) - 8) | 1 << 254
    public = private_key(PRODUCTION_KEY).public_key().public_bytes_raw()
    challenge = hashlib.sha512(r + public + signing_input(BODY)).digest()
    scalar = int.from_bytes(challenge, "little") * secret % GROUP_ORDER
    return BODY + r + scalar.to_bytes(32, "little")


def _malleable() -> bytes:
    scalar = int.from_bytes(SIGNED[-32:], "little") + GROUP_ORDER
    return SIGNED[:-32] + scalar.to_bytes(32, "little")


def _meaning() -> Iterator[Case]:
    facts: dict[Reason, tuple[str, dict[str, Any]]] = {
        Reason.WRONG_PRODUCT: ("another product asks", {"product": 2}),
        Reason.WRONG_KIND: ("a test system asks", {"kinds": ["test", "demo"]}),
        Reason.WRONG_SITE: ("another site asks", {"site": "ERP-PROD-8"}),
        Reason.STALE_SEQUENCE: ("number 4 was read before", {"last_sequence": 4}),
        Reason.VERSION_ABOVE_CEILING: ("12.5 runs, 12.4 is paid", {"erp_version": "12.5"}),
        Reason.MAINTENANCE_LAPSED: ("released a day later", {"release_date": "2027-11-05"}),
    }
    for reason, (description, context) in facts.items():
        yield refused(reason, "", description, SAMPLE, **context)
    yield refused(Reason.WRONG_SITE, "case", "a site is taken as it is", SAMPLE, site="erp-prod-7")
    strange = " Délèze "
    bound = sample(site=site_digest(strange))
    for suffix, description, site in (
        ("trimmed", "spaces at its ends belong to it", strange.strip()),
        ("decomposed", "the same letters in other code points", " De\u0301le\u0300ze "),
    ):
        yield refused(Reason.WRONG_SITE, suffix, description, bound, site=site)
    yield refused(
        Reason.VERSION_ABOVE_CEILING, "major", "13.0 is above 12.4", SAMPLE, erp_version="13.0"
    )
    test = sample(kind=LicenseKind.TEST, key_id=TEST_KEY)
    yield refused(Reason.WRONG_KIND, "test-in-production", "a test licence in production", test,
                  kinds=["production", "temporary"])  # fmt: skip
