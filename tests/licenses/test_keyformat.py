from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenses.keyformat import (
    UNBOUND_SITE,
    UNLIMITED,
    ErpVersion,
    Extension,
    InvalidPayloadError,
    LicensePayload,
    decode,
    encode,
    signing_input,
    site_digest,
)
from licenses.refusals import LicenseRefusedError
from tests.licenses.samples import SAMPLE, sample
from tests.licenses.strategies import payloads


def test_the_layout_is_the_specifications() -> None:
    assert encode(SAMPLE).hex(" ") == (
        "11 01 01 02 00 00 04 12 00 00 00 2a 00 03 "  # kind to sequence
        "09 d7 09 de 0b 69 0b 30 0e 0a "  # dates, grace, overage
        "00 3c 00 05 0c 04 00 80 00 00 00 02 07 "  # users, ceiling, reserved, modules
    ) + site_digest("ERP-PROD-7").hex(" ")


def test_what_is_signed_begins_with_the_domain() -> None:
    assert signing_input(b"body") == b"opskit/licence/v1\x00body"


def test_a_site_is_a_domain_separated_digest() -> None:
    # printf 'opskit/site/v1\0ERP-PROD-7' | sha256sum
    assert site_digest("ERP-PROD-7").hex() == "3d79ab4b77ac9b2c"
    assert site_digest("ERP-PROD-7") != site_digest("ERP-PROD-7 ")


def test_no_site_has_no_digest() -> None:
    with pytest.raises(ValueError, match="cannot be bound"):
        site_digest("")


@given(payloads())
def test_any_payload_round_trips(payload: LicensePayload) -> None:
    body = encode(payload)
    assert 45 <= len(body) <= 448
    assert decode(body) == payload


@given(
    st.binary(min_size=0, max_size=600) | st.binary(min_size=44, max_size=60).map(b"\x11".__add__)
)
def test_whatever_is_read_is_written_back_the_same(body: bytes) -> None:
    try:
        payload = decode(body)
    except LicenseRefusedError:
        return
    assert encode(payload) == body


@given(payloads(), st.data())
def test_a_cut_body_is_never_read_as_the_whole_one(
    payload: LicensePayload, data: st.DataObject
) -> None:
    body = encode(payload)
    cut = body[: data.draw(st.integers(0, len(body) - 1))]
    try:
        assert decode(cut) != payload
    except LicenseRefusedError:
        return


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key_id", 256),
        ("product", -1),
        ("edition", 256),
        ("serial", 2**32),
        ("client_number", -1),
        ("sequence", 65536),
        ("grace_days", 256),
        ("overage_percent", 256),
        ("named_users", 65535),
        ("concurrent_users", -4),
        ("issued_on", date(2019, 12, 31)),
        ("valid_from", date(2199, 6, 6)),
        ("maintenance_until", date(2199, 6, 6)),
        ("last_day", date(2026, 11, 30)),
        ("version_ceiling", ErpVersion(255, 255)),
        ("version_ceiling", ErpVersion(12, 256)),
        ("modules", frozenset({48})),
        ("modules", frozenset({-1})),
        ("site", bytes(7)),
        ("extensions", (Extension(0, b""),)),
        ("extensions", (Extension(128, b""),)),
        ("extensions", (Extension(2, b""), Extension(1, b""))),
        ("extensions", (Extension(1, b""), Extension(1, b"", critical=True))),
        ("extensions", (Extension(1, bytes(256)),)),
        ("extensions", (Extension(1, bytes(255)), Extension(2, bytes(145)))),
    ],
)
def test_what_does_not_fit_names_its_field(field: str, value: Any) -> None:
    with pytest.raises(InvalidPayloadError) as caught:
        sample(**{field: value})
    assert caught.value.field == field


def test_unlimited_is_no_number() -> None:
    assert encode(sample(named_users=UNLIMITED))[24:26] == b"\xff\xff"
    assert encode(sample(named_users=0))[24:26] == b"\0\0"


def test_a_payload_is_bound_to_no_site_unless_told() -> None:
    assert bytes(8) == UNBOUND_SITE
    assert LicensePayload.__dataclass_fields__["site"].default == UNBOUND_SITE


@pytest.mark.parametrize(("text", "version"), [("12.4", (12, 4)), ("12.4.7-rc1", (12, 4))])
def test_a_version_is_its_first_two_levels(text: str, version: tuple[int, int]) -> None:
    assert ErpVersion.parse(text) == version


@pytest.mark.parametrize("text", ["", "12", "12.", ".4", "v12.4", "12.x", "-1.4", "٣.4"])
def test_what_is_no_version(text: str) -> None:
    with pytest.raises(ValueError, match="no version"):
        ErpVersion.parse(text)
