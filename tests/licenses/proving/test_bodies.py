"""The parts of a body, against the format's own writing and reading."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenses.keyformat import encode
from licenses.payload import EPOCH, LAST_DATE, LicensePayload
from licenses.proving.bodies import (
    StampFields,
    TermsColumns,
    expecting,
    extensions_are_sound,
    stamp_of,
    terms_part,
)
from licenses.terms import Stamp, Terms, to_payload
from tests.licenses.lifecycle import AT, CATALOG, TERMS
from tests.licenses.strategies import payloads

STAMP = Stamp(serial=1, sequence=1, key_id=1, client_number=1, issued_on=AT.date())
PLAIN = to_payload(TERMS, STAMP, CATALOG)


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


@given(
    days=st.tuples(*[st.dates(EPOCH, LAST_DATE)] * 3),
    absent=st.tuples(st.booleans(), st.booleans()),
    users=st.tuples(*[st.integers(0, 0xFFFE) | st.none()] * 2),
    grace_days=st.integers(0, 255),
    modules=st.sets(st.sampled_from(["FIN", "AP", "AR"])),
)
def test_what_columns_ask_for_is_what_their_payload_says(
    days: tuple[date, date, date],
    absent: tuple[bool, bool],
    users: tuple[int | None, int | None],
    grace_days: int,
    modules: set[str],
) -> None:
    terms = replace(
        TERMS,
        valid_from=min(days[:2]),
        last_day=None if absent[0] else max(days[:2]),
        maintenance_until=None if absent[1] else days[2],
        named_users=users[0],
        concurrent_users=users[1],
        grace_days=grace_days,
        modules=tuple(sorted(modules)),
    )
    expected = expecting(CATALOG)(columns_of(terms))
    assert expected == terms_part(encode(to_payload(terms, STAMP, CATALOG)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_from": "x"},
        {"valid_from": None},
        {"valid_from": "2019-12-31"},
        {"last_day": "2026-11-30"},
        {"maintenance_until": (LAST_DATE + timedelta(days=1)).isoformat()},
        {"named_users": 0xFFFF},
        {"named_users": -1},
        {"concurrent_users": "x"},
        {"modules": "{"},
        {"product": "NONE"},
    ],
)
def test_columns_that_no_licence_can_say(wrong: dict[str, Any]) -> None:
    columns = TermsColumns(*columns_of(TERMS))
    assert expecting(CATALOG)(columns) is not None
    assert expecting(CATALOG)(columns._replace(**wrong)) is None


def columns_of(terms: Terms) -> TermsColumns:
    """As `pages` selects them."""
    return TermsColumns(
        kind=terms.kind,
        product=terms.product,
        edition=terms.edition,
        modules=json.dumps(terms.modules),
        named_users=terms.named_users,
        concurrent_users=terms.concurrent_users,
        valid_from=terms.valid_from.isoformat(),
        last_day=terms.last_day.isoformat() if terms.last_day else None,
        maintenance_until=terms.maintenance_until.isoformat() if terms.maintenance_until else None,
        version_ceiling=terms.version_ceiling,
        grace_days=terms.grace_days,
        site=terms.site,
    )
