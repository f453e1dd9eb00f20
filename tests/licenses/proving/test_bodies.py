"""The parts of a body, against the format's own writing and reading."""

import pytest
from hypothesis import given

from licenses.keyformat import encode
from licenses.payload import EPOCH, LicensePayload
from licenses.proving.bodies import StampFields, extensions_are_sound, stamp_of, terms_part
from licenses.terms import Stamp, to_payload
from tests.licenses.lifecycle import AT, CATALOG, TERMS
from tests.licenses.strategies import payloads

PLAIN = to_payload(
    TERMS,
    Stamp(serial=1, sequence=1, key_id=1, client_number=1, issued_on=AT.date()),
    CATALOG,
)


@given(payloads())
def test_terms_and_stamp_are_the_whole_of_a_body(payload: LicensePayload) -> None:
    body = encode(payload)
    assert stamp_of(body) == StampFields(
        payload.key_id,
        payload.serial,
        payload.client_number,
        payload.sequence,
        (payload.issued_on - EPOCH).days,
    )
    assert len(terms_part(body)) + 13 == 45


@pytest.mark.parametrize(
    ("area", "sound"),
    [
        (b"", True),
        (b"\x01\x0d\x10" + bytes(12), True),  # an anchor that grants a day
        (b"\x01\x0d\x00" + bytes(12), False),  # and one that grants none
        (b"\x02\x01\xff", True),
        (b"\x02\x05\xff", False),
        (b"\x01\x0d\x10" + bytes(12) + b"\x01", False),
    ],
)
def test_extensions_are_read_as_a_verifier_reads_them(area: bytes, sound: bool) -> None:
    assert extensions_are_sound(encode(PLAIN) + area) is sound
