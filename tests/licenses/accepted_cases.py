"""Keys that every verifier must accept, most of them on the edge of a rule."""

from collections.abc import Iterator
from datetime import date

from licenses import armour, typedform
from licenses.emergency import anchor_extension
from licenses.keyformat import UNBOUND_SITE, UNLIMITED, ErpVersion, Extension, LicenseKind
from licenses.payload import EPOCH, LAST_DATE
from licenses.typedform import qr_text
from licenses.validity import Standing
from tests.licenses.samples import SAMPLE, SPARE_KEY, TEST_KEY, sample, sign
from tests.licenses.vector_case import FULL_FACTS, Case, accepted, file_text, utc

ANCHOR = anchor_extension(bytes(32), serial=1042, days=5)


def accepted_cases() -> Iterator[Case]:
    yield from _written_forms()
    yield from _values()
    yield from _days()
    yield from _extensions()
    yield from _circumstances()
    yield from _keys_and_kinds()


def _written_forms() -> Iterator[Case]:
    text = file_text(SAMPLE)
    code = "".join(text.splitlines()[4:-1])
    bare = armour.wrap(sign(SAMPLE), {})
    forms = {
        "file": ("an armoured file, every fact known", text),
        "file-crlf": ("lines end in CR LF", text.replace("\n", "\r\n")),
        "file-cr": ("lines end in CR", text.replace("\n", "\r")),
        "file-no-final-newline": ("the last line has no end", text.removesuffix("\n")),
        "file-byte-order-mark": ("a byte order mark, as Notepad writes it", "\ufeff" + text),
        "file-indented": ("every line is indented and padded", _each_line(text, "\t  {} ")),
        "file-blank-lines": ("empty lines everywhere", "\n\n" + _each_line(text, "{}\n \n")),
        "file-no-blank-line": ("nothing separates headers and block", text.replace("\n\n", "\n")),
        "file-no-headers": ("no headers", bare),
        "file-one-line-block": (
            "the block is one line",
            f"{armour.BEGIN}\n{code}\n{armour.END}",
        ),
        "file-false-headers": (
            "headers lie and are not read",
            armour.wrap(sign(SAMPLE), {"Client": "Somebody else", "Last-Day": "2099-12-31"}),
        ),
        "file-accents": (
            "headers are UTF-8 and may be empty",
            armour.wrap(sign(SAMPLE), {"Société": "Délèze & Fils: Sàrl", "Remarque": ""}),
        ),
        "file-largest-text": ("8192 bytes of text", text + "\n" * (8192 - len(text.encode()))),
    }
    for name, (description, form) in forms.items():
        yield accepted(name, description, SAMPLE, form, **FULL_FACTS)
    yield from _typed_forms()
    yield accepted("signed-bytes", "signed bytes, only the time known", SAMPLE)


def _typed_forms() -> Iterator[Case]:
    typed = typedform.wrap(sign(SAMPLE))
    plain = "\n".join(line.partition(": ")[2] for line in typed.splitlines())
    sloppy = plain.lower().replace("0", "o").replace("1", "l").replace("-", "  ")
    anchored = sample(extensions=(ANCHOR,))
    forms = {
        "typed": ("seven numbered lines", SAMPLE, typed),
        "typed-no-numbers": ("the numbers are not needed", SAMPLE, plain),
        "typed-sloppy": ("lower case, O for 0, L for 1, spaces for dashes", SAMPLE, sloppy),
        "typed-blank-lines": ("empty lines between", SAMPLE, typed.replace("\n", "\r\n\r\n")),
        "typed-qr": ("in one piece, as a QR code holds it", SAMPLE, qr_text(sign(SAMPLE))),
        "typed-anchored": ("eight lines, with an anchor", anchored, typedform.wrap(sign(anchored))),
    }
    for name, (description, payload, text) in forms.items():
        yield accepted(name, description, payload, text, **FULL_FACTS)


def _each_line(text: str, pattern: str) -> str:
    return "\n".join(pattern.format(line) for line in text.splitlines())


def _values() -> Iterator[Case]:
    unlimited = sample(named_users=UNLIMITED, concurrent_users=UNLIMITED)
    yield accepted("unlimited-users", "both pools are unlimited", unlimited)
    yield accepted("no-users", "0 is none", sample(named_users=0, concurrent_users=0))
    most = sample(named_users=65534, concurrent_users=65534)
    yield accepted("most-users", "the highest numbers that are numbers", most)
    yield accepted("all-modules", "48 bits", sample(modules=frozenset(range(48))))
    yield accepted("no-modules", "no bit", sample(modules=frozenset()))
    yield accepted("module-0", "the lowest bit is in byte 36", sample(modules=frozenset({0})))
    yield accepted("module-47", "the highest bit is in byte 31", sample(modules=frozenset({47})))
    lowest = sample(
        product=0, edition=0, serial=0, client_number=0, sequence=0, grace_days=0,
        overage_percent=0, issued_on=EPOCH, valid_from=EPOCH, maintenance_until=EPOCH,
        last_day=LAST_DATE, version_ceiling=ErpVersion(0, 0), site=UNBOUND_SITE,
    )  # fmt: skip
    yield accepted("lowest-values", "every number and day at its lowest", lowest)
    highest = sample(
        product=255, edition=255, serial=0xFFFFFFFF, client_number=0xFFFFFFFF, sequence=0xFFFF,
        grace_days=255, overage_percent=255, issued_on=date(2027, 3, 2), last_day=LAST_DATE,
        maintenance_until=LAST_DATE, version_ceiling=ErpVersion(255, 254),
    )  # fmt: skip
    yield accepted("highest-values", "every number and day at its highest", highest)


def _days() -> Iterator[Case]:
    leap = sample(last_day=date(2028, 2, 29), grace_days=2)
    yield accepted(
        "first-instant", "the first day begins at UTC+14", SAMPLE, at=utc("2026-11-30T10:00:00")
    )
    yield accepted(
        "leap-day-last-instant", "29 February ends at UTC-12", leap, at=utc("2028-03-01T11:59:59")
    )
    yield accepted(
        "grace-first-instant", "the last day is over everywhere", leap,
        standing=Standing.GRACE, at=utc("2028-03-01T12:00:00"),
    )  # fmt: skip
    yield accepted(
        "grace-last-instant", "two grace days later", leap,
        standing=Standing.GRACE, at=utc("2028-03-03T11:59:59"),
    )  # fmt: skip
    yield accepted(
        "one-day", "first and last day are the same", sample(last_day=date(2026, 12, 1)),
        at=utc("2026-12-02T11:59:59"),
    )  # fmt: skip
    forever = sample(last_day=None, grace_days=0)
    yield accepted("no-expiry", "FFFF does not expire", forever, at=utc("2199-12-31T00:00:00"))
    yield accepted(
        "backdated", "valid before it was issued", sample(issued_on=date(2027, 2, 1)),
    )  # fmt: skip


def _extensions() -> Iterator[Case]:
    def extended(*extensions: Extension) -> Case:
        return accepted(name, description, sample(extensions=extensions))

    name, description = "extension-unknown", "an unknown extension that is not critical"
    yield extended(Extension(112, b"later"))
    name, description = "extension-anchor", "an emergency anchor, 5 days a code"
    yield extended(ANCHOR)
    name, description = "extension-empty", "a value of no bytes"
    yield extended(Extension(127, b""))
    name, description = "extensions-ascending", "several, with gaps between the numbers"
    yield extended(ANCHOR, Extension(2, b""), Extension(120, b"b"))
    name, description = "extensions-largest", "512 signed bytes"
    yield extended(Extension(112, bytes(255)), Extension(113, bytes(144)))


def _circumstances() -> Iterator[Case]:
    unbound = sample(site=UNBOUND_SITE)
    yield accepted("site-unbound", "bound to no site", unbound, site="anywhere")
    yield accepted("site-bound", "bound to this site", SAMPLE, site="ERP-PROD-7")
    yield accepted("sequence-same", "the same licence read again", SAMPLE, last_sequence=3)
    yield accepted("sequence-higher", "replaces an older one", SAMPLE, last_sequence=2)
    yield accepted("version-at-ceiling", "12.4 is covered", SAMPLE, erp_version="12.4")
    yield accepted("version-lower-major", "11.9 is below 12.4", SAMPLE, erp_version="11.9")
    no_ceiling = sample(version_ceiling=None)
    yield accepted("version-no-ceiling", "FFFF is no ceiling", no_ceiling, erp_version="255.255")
    yield accepted(
        "maintenance-last-day", "released on the last day", SAMPLE, release_date="2027-11-04"
    )
    yield accepted(
        "maintenance-no-end", "FFFF has no end", sample(maintenance_until=None),
        release_date="2199-12-31",
    )  # fmt: skip


def _keys_and_kinds() -> Iterator[Case]:
    test = sample(kind=LicenseKind.TEST, key_id=TEST_KEY)
    yield accepted("test-key-test-kind", "a test key signs tests", test, kinds=["test"])
    demo = sample(kind=LicenseKind.DEMO, key_id=TEST_KEY)
    yield accepted("test-key-demo-kind", "and demonstrations", demo, file_text(demo))
    temporary = sample(kind=LicenseKind.TEMPORARY)
    yield accepted("temporary-kind", "a bridge", temporary, kinds=["production", "temporary"])
    yield accepted("spare-key", "signed with the cold spare key", sample(key_id=SPARE_KEY))
