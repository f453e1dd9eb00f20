"""Hypothesis strategies: any licence that can be written down."""

from hypothesis import strategies as st

from licenses.keyformat import UNLIMITED, ErpVersion, Extension, LicenseKind, LicensePayload
from licenses.payload import ANCHOR_NUMBER, ANCHOR_SIZE, EPOCH, LAST_DATE, LINK_BITS
from tests.licenses.samples import PRODUCTION_KEY, TEST_KEY, TRIAL

days = st.dates(EPOCH, LAST_DATE)
bytes_8 = st.integers(0, 0xFF)
numbers_32 = st.integers(0, 0xFFFFFFFF)
users = st.integers(0, 0xFFFE) | st.just(UNLIMITED)
versions = st.builds(ErpVersion, bytes_8, st.integers(0, 0xFE))
anchors = st.integers(1 << LINK_BITS, (1 << 8 * ANCHOR_SIZE) - 1).map(
    lambda number: number.to_bytes(ANCHOR_SIZE, "big")
)
values = st.tuples(st.binary(max_size=90), st.booleans())


@st.composite
def payloads(draw: st.DrawFn) -> LicensePayload:
    kind = draw(st.sampled_from(LicenseKind))
    valid_from = draw(days)
    extensions = draw(st.dictionaries(st.integers(2, 127), values, max_size=4))
    if draw(st.booleans()):
        extensions[ANCHOR_NUMBER] = (draw(anchors), False)
    return LicensePayload(
        kind=kind,
        key_id=TEST_KEY if kind in TRIAL else PRODUCTION_KEY,
        product=draw(bytes_8),
        edition=draw(bytes_8),
        serial=draw(numbers_32),
        client_number=draw(numbers_32),
        sequence=draw(st.integers(0, 0xFFFF)),
        issued_on=draw(days),
        valid_from=valid_from,
        last_day=draw(st.none() | st.dates(valid_from, LAST_DATE)),
        maintenance_until=draw(st.none() | days),
        grace_days=draw(bytes_8),
        overage_percent=draw(bytes_8),
        named_users=draw(users),
        concurrent_users=draw(users),
        version_ceiling=draw(st.none() | versions),
        modules=draw(st.frozensets(st.integers(0, 47))),
        site=draw(st.binary(min_size=8, max_size=8)),
        extensions=tuple(
            Extension(number, value, critical)
            for number, (value, critical) in sorted(extensions.items())
        ),
    )
