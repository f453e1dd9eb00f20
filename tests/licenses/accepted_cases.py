"""Keys that every verifier must accept, most of them on the edge of a rule."""

from collections.abc import Iterator
from datetime import date

from licenses.keyformat import UNBOUND_SITE, UNLIMITED, ErpVersion, Extension, LicenseKind
from licenses.payload import EPOCH, LAST_DATE, site_digest
from tests.licenses.samples import ANCHOR, SAMPLE, SPARE_KEY, TEST_KEY, sample
from tests.licenses.vector_case import Case, accepted, file_text


def accepted_cases() -> Iterator[Case]:
    yield accepted("signed-bytes", "signed bytes, only the time known", SAMPLE)
    yield from _values()
    yield from _extensions()
    yield from _circumstances()
    yield from _keys_and_kinds()


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
    strange = " Délèze – ERP\u00a07 "
    bound = sample(site=site_digest(strange))
    yield accepted("site-text", "any text of UTF-8, taken as it is", bound, site=strange)
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
