"""Key ids: one byte that says which Transit key signs, and in which version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenses.keys import (
    FAMILIES,
    VERSIONS_A_FAMILY,
    KeyFamily,
    newest_key,
    public_key_set,
    signing_key,
)
from licenses.payload import LicenseKind
from opskit.core.errors import NotFoundError, UnavailableError
from tests.licenses.lifecycle import KeyRing


@pytest.mark.parametrize(
    ("kind", "name", "key_id"),
    [
        (LicenseKind.PRODUCTION, "license-production", 1),
        (LicenseKind.TEMPORARY, "license-production", 1),
        (LicenseKind.TEST, "license-test", 129),
        (LicenseKind.DEMO, "license-test", 129),
    ],
)
def test_the_kind_chooses_the_key(
    signer: KeyRing, kind: LicenseKind, name: str, key_id: int
) -> None:
    key = newest_key(signer, kind)
    assert (key.name, key.version, key.key_id) == (name, 1, key_id)


def test_a_rotated_key_signs_from_then_on(signer: KeyRing) -> None:
    signer.rotate("license-test")
    assert newest_key(signer, LicenseKind.TEST).key_id == 130
    assert newest_key(signer, LicenseKind.PRODUCTION).key_id == 1


@given(st.sampled_from(FAMILIES), st.integers(min_value=1, max_value=VERSIONS_A_FAMILY))
def test_an_id_leads_back_to_its_key(family: KeyFamily, version: int) -> None:
    key = signing_key(family.offset + version)
    assert (key.name, key.version) == (family.name, version)
    assert key.key_id == family.offset + version


def test_when_the_ids_are_used_up_nothing_is_signed(signer: KeyRing) -> None:
    while signer.rotate("license-production") < VERSIONS_A_FAMILY:
        pass
    assert newest_key(signer, LicenseKind.PRODUCTION).key_id == 127
    signer.rotate("license-production")
    with pytest.raises(UnavailableError, match="no usable key license-production"):
        newest_key(signer, LicenseKind.PRODUCTION)


def test_a_safe_without_keys() -> None:
    with pytest.raises(NotFoundError):
        newest_key(KeyRing(), LicenseKind.TEST)


def test_the_published_set_holds_every_version(signer: KeyRing) -> None:
    signer.rotate("license-production")
    keys = public_key_set(signer).keys
    assert [(key.key_id, key.transit_key, key.transit_version) for key in keys] == [
        (1, "license-production", 1),
        (2, "license-production", 2),
        (129, "license-test", 1),
    ]
    assert keys[1].public_key == signer.public_keys("license-production")[2]
    assert keys[0].kinds == {LicenseKind.PRODUCTION, LicenseKind.TEMPORARY}
    assert keys[2].kinds == {LicenseKind.TEST, LicenseKind.DEMO}
