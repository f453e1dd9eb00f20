import subprocess
import sys
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licenses import armour
from licenses.keyformat import ErpVersion, LicenseKind, LicensePayload
from licenses.publickeys import PublicKeySet
from licenses.refusals import LicenseRefusedError, Reason
from licenses.verifier import Standing, authenticate, verify
from tests.licenses.samples import ANCHORED, KEYS, NOW, SAMPLE, SITE, sample, sign
from tests.licenses.strategies import payloads

SIGNED = sign(SAMPLE)
FACTS: dict[str, Any] = {
    "product": 1,
    "kinds": {LicenseKind.PRODUCTION},
    "site": SITE,
    "last_sequence": 3,
    "erp_version": ErpVersion(12, 4),
    "release_date": date(2027, 2, 15),
}


def refusal(signed_or_text: bytes | str, **facts: Any) -> LicenseRefusedError:
    with pytest.raises(LicenseRefusedError) as caught:
        verify(signed_or_text, KEYS, **{"at": NOW, **facts})
    return caught.value


@given(payloads())
def test_what_the_vendor_signed_is_authentic(payload: LicensePayload) -> None:
    assert authenticate(sign(payload), KEYS) == payload
    assert authenticate(armour.wrap(sign(payload), {}), KEYS) == payload


def test_any_flipped_bit_is_refused() -> None:
    for bit in range(len(SIGNED) * 8):
        altered = bytearray(SIGNED)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(LicenseRefusedError):
            authenticate(bytes(altered), KEYS)


@given(payloads(), st.data())
@settings(max_examples=300)
def test_any_flipped_bit_of_any_licence_is_refused(
    payload: LicensePayload, data: st.DataObject
) -> None:
    altered = bytearray(sign(payload))
    bit = data.draw(st.integers(0, len(altered) * 8 - 1))
    altered[bit // 8] ^= 1 << bit % 8
    with pytest.raises(LicenseRefusedError):
        authenticate(bytes(altered), KEYS)


@given(st.binary(min_size=1, max_size=80), st.booleans())
def test_added_bytes_are_refused(added: bytes, in_front: bool) -> None:
    with pytest.raises(LicenseRefusedError):
        authenticate(added + SIGNED if in_front else SIGNED + added, KEYS)


@given(st.integers(0, len(SIGNED) - 1), st.booleans())
def test_a_part_is_refused(size: int, from_front: bool) -> None:
    part = SIGNED[:size] if from_front else SIGNED[len(SIGNED) - size :]
    with pytest.raises(LicenseRefusedError) as caught:
        authenticate(part, KEYS)
    assert caught.value.reason is Reason.TRUNCATED


@given(st.binary(max_size=600) | st.text(max_size=600))
def test_noise_is_refused_and_nothing_else_is_raised(noise: bytes | str) -> None:
    with pytest.raises(LicenseRefusedError):
        verify(noise, KEYS, at=NOW, **FACTS)


def test_any_changed_character_of_the_block_is_refused() -> None:
    lines = armour.wrap(SIGNED, {}).splitlines()
    for row in range(2, len(lines) - 1):
        for column in range(len(lines[row])):
            line = lines[row]
            other = "A" if line[column] != "A" else "B"
            changed = [*lines[:row], line[:column] + other + line[column + 1 :], *lines[row + 1 :]]
            with pytest.raises(LicenseRefusedError):
                authenticate("\n".join(changed), KEYS)


def test_without_keys_nothing_is_accepted() -> None:
    with pytest.raises(LicenseRefusedError) as caught:
        authenticate(SIGNED, PublicKeySet(()))
    assert caught.value.reason is Reason.UNKNOWN_KEY_ID


def test_every_fact_known_leaves_nothing_unchecked() -> None:
    verified = verify(SIGNED, KEYS, at=NOW, **FACTS)
    assert verified.payload == SAMPLE
    assert verified.standing is Standing.VALID
    assert verified.unchecked == ()


def test_rules_without_their_fact_are_named() -> None:
    assert verify(SIGNED, KEYS, at=NOW).unchecked == (
        Reason.WRONG_PRODUCT,
        Reason.WRONG_KIND,
        Reason.WRONG_SITE,
        Reason.STALE_SEQUENCE,
        Reason.VERSION_ABOVE_CEILING,
        Reason.MAINTENANCE_LAPSED,
    )


@pytest.mark.parametrize("empty", [{"kinds": set()}, {"product": 0}, {"last_sequence": 4}])
def test_an_empty_fact_is_a_fact(empty: dict[str, Any]) -> None:
    assert refusal(SIGNED, **empty).payload == SAMPLE


def test_an_installation_without_a_name_is_an_error() -> None:
    with pytest.raises(ValueError, match="site"):
        verify(SIGNED, KEYS, at=NOW, site="")


def test_rules_apply_in_their_order() -> None:
    wrong: dict[str, Any] = {
        "product": 9,
        "kinds": {LicenseKind.TEST},
        "site": "elsewhere",
        "last_sequence": 9,
        "at": datetime.fromisoformat("2031-01-01T00:00:00Z"),
        "erp_version": ErpVersion(13, 0),
        "release_date": date(2030, 1, 1),
    }
    seen = []
    for fact in list(wrong):
        seen.append(refusal(SIGNED, **wrong).reason)
        wrong[fact] = {**FACTS, "at": NOW}[fact]
    assert seen == [
        Reason.WRONG_PRODUCT,
        Reason.WRONG_KIND,
        Reason.WRONG_SITE,
        Reason.STALE_SEQUENCE,
        Reason.EXPIRED,
        Reason.VERSION_ABOVE_CEILING,
        Reason.MAINTENANCE_LAPSED,
    ]
    assert verify(SIGNED, KEYS, **wrong).unchecked == ()


def test_a_refusal_shows_the_payload_only_when_it_is_true() -> None:
    withdrawal = sample(sequence=4, last_day=date(2026, 12, 1), grace_days=0)
    refused = refusal(sign(withdrawal))
    assert (refused.reason, refused.payload) == (Reason.EXPIRED, withdrawal)
    assert str(refused) == "expired: last day 2026-12-01, grace days 0"
    assert refusal(SIGNED[:-1] + b"\0").payload is None


LATE = datetime.fromisoformat("2028-02-01T00:00:00Z")
RUNNING = datetime.fromisoformat("2028-02-20T12:00:00Z")


def test_a_grant_puts_off_the_end_of_its_licence() -> None:
    verified = verify(sign(ANCHORED), KEYS, at=LATE, grants={SAMPLE.serial: RUNNING})
    assert verified.standing is Standing.EMERGENCY


@pytest.mark.parametrize(
    ("payload", "serial"),
    [
        (ANCHORED, SAMPLE.serial + 1),
        (SAMPLE, SAMPLE.serial),
        (sample(sequence=4, last_day=date(2026, 12, 1), grace_days=0), SAMPLE.serial),
    ],
    ids=["of another serial", "of a licence without an anchor", "of a revocation with its serial"],
)
def test_a_grant_is_of_no_use_to_any_other(payload: LicensePayload, serial: int) -> None:
    refused = refusal(sign(payload), at=LATE, grants={serial: RUNNING})
    assert refused.reason is Reason.EXPIRED


def test_an_integrator_needs_only_cryptography() -> None:
    program = (
        "import sys, licenses.verifier;"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}"
        " & {'opskit', 'sqlalchemy', 'typer', 'hvac', 'rich', 'msgspec', 'yaml'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
