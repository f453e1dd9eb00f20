"""Keys that every verifier must refuse: at least one for each reason."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from licenses import armour, crockford, typedform
from licenses.keyformat import Extension, LicenseKind, encode
from licenses.reference import reference_of
from licenses.refusals import Reason
from tests.licenses.samples import (
    FOREIGN_KEY,
    SAMPLE,
    TEST_KEY,
    private_key,
    sample,
    sign,
    sign_body,
)
from tests.licenses.vector_case import Case, file_text, refused, utc

GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493
BODY = encode(SAMPLE)
SIGNED = sign(SAMPLE)
TEXT = file_text(SAMPLE)
BLOCK = TEXT.splitlines()[4]


def refused_cases() -> Iterator[Case]:
    yield from _length()
    yield from _armour()
    yield from _base64()
    yield from _typed()
    yield from _form()
    yield from _extensions()
    yield from _keys()
    yield from _tampered()
    yield from _meaning()
    yield from _clock()


def patched(offset: int, new: bytes) -> bytes:
    """The sample's body with some bytes replaced, properly signed."""
    return sign_body(BODY[:offset] + new + BODY[offset + len(new) :])


def flipped(signed: bytes, offset: int) -> bytes:
    """Signed bytes with the lowest bit of one byte turned over."""
    return signed[:offset] + bytes([signed[offset] ^ 1]) + signed[offset + 1 :]


def _length() -> Iterator[Case]:
    text = TEXT + "\n" * (8193 - len(TEXT.encode()))
    yield refused(Reason.TOO_LONG, "text", "8193 bytes of text", text)
    accents = armour.BEGIN + "\nNote: " + "é" * 4200
    yield refused(Reason.TOO_LONG, "text-bytes", "fewer characters than bytes", accents)
    long = sign_body(BODY + b"\x70\xff" + bytes(255) + b"\x71\x91" + bytes(145))
    yield refused(Reason.TOO_LONG, "signed", "513 signed bytes", long)
    yield refused(Reason.TRUNCATED, "", "one byte is missing at the end", SIGNED[:-1])
    yield refused(Reason.TRUNCATED, "start", "one byte is missing at the start", SIGNED[1:])
    yield refused(Reason.TRUNCATED, "empty", "no byte at all", b"")
    empty = f"{armour.BEGIN}\n{armour.END}\n"
    yield refused(Reason.TRUNCATED, "empty-file", "an empty block", empty)


def _armour() -> Iterator[Case]:
    quoted = "\n".join(f"> {line}" for line in TEXT.splitlines())
    no_name = TEXT.replace("Client:", ":")
    broken = {
        "no-begin": ("the first line is missing", TEXT.split("\n", 1)[1]),
        "no-end": ("the last line is missing", TEXT.replace(armour.END, "")),
        "end-cut": ("the last line is cut", TEXT.rstrip()[:-1]),
        "begin-lower-case": ("markers are exact", TEXT.replace("BEGIN", "begin")),
        "text-before": ("a greeting before it", "Hello,\n" + TEXT),
        "text-after": ("a signature after it", TEXT + "Regards\n"),
        "two": ("two licences in one file", TEXT + TEXT),
        "mail-quoting": ("quoted as in mail", quoted),
        "header-twice": ("a name comes twice", TEXT.replace("Last-Day", "Client")),
        "header-no-name": ("a header without a name", no_name),
        "header-long-name": ("a name of 41 characters", TEXT.replace("Client", "C" * 41)),
        "header-first": (
            "a name that comes twice, and a block that is no base64",
            TEXT.replace("Last-Day", "Client").replace(BLOCK, BLOCK[1:]),
        ),
        "header-late": (
            "a header after the block",
            TEXT.replace(armour.END, f"A: b\n{armour.END}"),
        ),
        "control-character": ("an escape sequence", TEXT.replace("Deleze", "\x1b[31mDeleze")),
    }
    for suffix, (description, text) in broken.items():
        yield refused(Reason.BAD_ARMOUR, suffix, description, text)
    latin = {"file_hex": TEXT.replace("Deleze", "Délèze").encode("cp1252").hex()}
    yield refused(Reason.NOT_A_KEY, "not-utf-8", "saved as Windows-1252", latin)
    wide = {"file_hex": TEXT.encode("utf-16").hex()}
    yield refused(Reason.NOT_A_KEY, "utf-16", "saved as UTF-16", wide)


def _typed() -> Iterator[Case]:
    lines = typedform.wrap(SIGNED).splitlines()
    yield refused(Reason.NOT_A_KEY, "empty", "no text", "")
    yield refused(Reason.NOT_A_KEY, "prose", "a sentence", "Please find your licence attached.")
    reference = str(reference_of(SIGNED))
    yield refused(Reason.REFERENCE_NOT_A_KEY, "", "the number for the phone", reference)
    yield refused(Reason.REFERENCE_NOT_A_KEY, "sloppy", "in lower case", reference.lower())
    short = [*lines[:3], lines[3][:-1], *lines[4:]]
    wrong = [*lines[:3], _mistyped(lines[3]), *lines[4:]]
    swapped = [_unnumbered(lines[place]) for place in (0, 2, 1, 3, 4, 5, 6)]
    left_out = [_unnumbered(line) for line in (*lines[:3], *lines[4:])]
    yield _wrong_line(Reason.BAD_TYPED_LINE, "", "one symbol of line 4", wrong, 4)
    yield _wrong_line(Reason.BAD_TYPED_LINE, "short", "one symbol less", short, 4)
    yield _wrong_line(Reason.MISPLACED_TYPED_LINE, "", "lines 2 and 3 are swapped", swapped, 2)
    yield _wrong_line(Reason.MISPLACED_TYPED_LINE, "left-out", "line 4 is left out", left_out, 4)
    yield _wrong_line(Reason.MISSING_TYPED_LINE, "", "the last line is missing", lines[:-1], 7)
    cut = [*lines[:1], _mistyped(lines[1]), *lines[2:-1]]
    yield _wrong_line(Reason.BAD_TYPED_LINE, "first", "before one that is missing", cut, 2)
    several = [*lines[:1], _mistyped(lines[1]), *lines[2:4], _mistyped(lines[4]), *lines[5:]]
    yield _wrong_line(Reason.BAD_TYPED_LINE, "several", "lines 2 and 5", several, 2, 5)
    numbered = [*lines[:2], f"4{lines[2][1:]}", *lines[3:]]
    yield _wrong_line(Reason.BAD_TYPED_LINE, "number", "line 3 is numbered 4", numbered, 3)
    added = [*lines, "Regards"]
    yield _wrong_line(Reason.BAD_TYPED_LINE, "added", "a line after the last", added, 8)
    yield refused(Reason.BAD_TYPED_LENGTH, "", "a symbol that no byte needs", _lines_of([0, 0]))
    yield refused(Reason.NON_ZERO_PADDING, "", "the unused bits are not zero", _lines_of([1]))
    many = "\n".join(["0" * 27] * 34)
    yield refused(Reason.TOO_LONG, "typed", "34 lines", many)


def _wrong_line(
    reason: Reason, suffix: str, description: str, lines: list[str], *numbers: int
) -> Case:
    """A typed key of which the reader has to name some lines."""
    return {**refused(reason, suffix, description, "\n".join(lines)), "lines": list(numbers)}


def _unnumbered(line: str) -> str:
    return line.partition(": ")[2]


def _mistyped(line: str) -> str:
    return line[:5] + ("2" if line[5] != "2" else "3") + line[6:]


def _lines_of(last: list[int]) -> str:
    """A full first line of zeros and a second with these values, both with true check symbols."""
    first = [0] * typedform.DATA_SYMBOLS
    places = ([0, 1], first), ([2, 2], last)
    return "\n".join(
        crockford.symbols([*data, *typedform.check_symbols([*place, *data])])
        for place, data in places
    )


def _base64() -> Iterator[Case]:
    padded = TEXT.replace(f"\n{armour.END}", f"=\n{armour.END}")
    no_padding = TEXT.replace("=", "")
    broken = {
        "character": ("a character outside the alphabet", TEXT.replace(BLOCK, BLOCK[:-1] + "!")),
        "url-alphabet": ("the URL alphabet", TEXT.replace(BLOCK, BLOCK[:-1] + "_")),
        "space-inside": ("a space within a line", TEXT.replace(BLOCK, BLOCK[:9] + " " + BLOCK[9:])),
        "missing-character": ("one character is missing", TEXT.replace(BLOCK, BLOCK[1:])),
        "no-padding": ("the padding is missing", no_padding),
        "too-much-padding": ("three padding characters", padded),
        "padding-inside": ("padding within the block", TEXT.replace(BLOCK, BLOCK[:-1] + "=")),
    }
    for suffix, (description, text) in broken.items():
        yield refused(Reason.BAD_BASE64, suffix, description, text)
    loose = _with_unused_bits(TEXT)
    yield refused(Reason.NON_CANONICAL_BASE64, "", "the unused bits are not zero", loose)


def _with_unused_bits(text: str) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = text.index("=") - 1
    return text[:last] + alphabet[alphabet.index(text[last]) + 1] + text[last + 1 :]


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


def _without_critical_bit() -> bytes:
    signed = sign(sample(extensions=(Extension(112, b"new", critical=True),)))
    return signed[:45] + b"\x70" + signed[46:]


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
    yield refused(
        Reason.VERSION_ABOVE_CEILING, "major", "13.0 is above 12.4", TEXT, erp_version="13.0"
    )
    test = sample(kind=LicenseKind.TEST, key_id=TEST_KEY)
    yield refused(Reason.WRONG_KIND, "test-in-production", "a test licence in production", test,
                  kinds=["production", "temporary"])  # fmt: skip


def _clock() -> Iterator[Case]:
    late = sample(issued_on=date(2027, 3, 10))
    yield refused(Reason.CLOCK_BEHIND, "", "issued after today, the clock is wrong", late)
    yield refused(Reason.CLOCK_BEHIND, "instant", "a second before the day of issue anywhere", late,
                  at=utc("2027-03-09T09:59:59"))  # fmt: skip
    yield refused(Reason.NOT_YET_VALID, "", "a second before the first day begins anywhere", SAMPLE,
                  at=utc("2026-11-30T09:59:59"))  # fmt: skip
    yield refused(Reason.EXPIRED, "", "the grace days are over everywhere", SAMPLE,
                  at=utc("2028-01-15T12:00:00"))  # fmt: skip
    no_grace = sample(last_day=date(2028, 2, 29), grace_days=0)
    yield refused(Reason.EXPIRED, "no-grace", "the leap day is over everywhere", no_grace,
                  at=utc("2028-03-01T12:00:00"))  # fmt: skip
    until = utc("2028-02-20T12:00:00")
    yield refused(Reason.EXPIRED, "emergency", "the days of an emergency code are over", SAMPLE,
                  at=until, emergency_until=until)  # fmt: skip
    yield refused(Reason.STALE_SEQUENCE, "emergency", "a grant does not outlive a newer licence",
                  SAMPLE, at=utc("2028-02-19T12:00:00"), emergency_until=until,
                  last_sequence=4)  # fmt: skip
    withdrawn = sample(sequence=4, last_day=date(2026, 12, 1), grace_days=0)
    yield refused(Reason.EXPIRED, "withdrawal", "a withdrawal: higher sequence, last day past",
                  withdrawn, last_sequence=3)  # fmt: skip
