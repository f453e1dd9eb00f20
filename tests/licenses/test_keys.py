"""Key ids: one byte that says which Transit key signs, in which version, and for whom."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenses.errors import UnknownKeyError
from licenses.keyfamilies import (
    FAMILIES,
    OFFLINE_KITS,
    PRODUCTION_KEYS,
    SPARES,
    TEST_KEYS,
    KeyFamily,
    families_for,
    signing_key,
)
from licenses.keys import LicenseKeys, public_key_set
from licenses.payload import LicenseKind
from opskit.core.catalog import Catalog, Version
from opskit.core.errors import NotFoundError, UnavailableError
from opskit.core.signing import KeyFacts, KeyOutOfUseError
from tests.licenses.lifecycle import CATALOG, KeyRing

HINT = "opskit license reject R1 --reason TEXT"


def versions(**keys: tuple[int, ...]) -> Catalog:
    """A catalogue of versions such as `v12_0`, each with the keys that it knows."""
    return msgspec.structs.replace(
        CATALOG,
        versions=tuple(
            Version(name.removeprefix("v").replace("_", "."), date(2026, 1, 1), known)
            for name, known in keys.items()
        ),
    )


OLD_AND_NEW = versions(v12_0=(1, 101, 111, 129), v13_0=(1, 2, 101, 111, 129, 130))


def chosen(signer: KeyRing, kind: LicenseKind, version: str = "12.0") -> int:
    return LicenseKeys(signer, OLD_AND_NEW).usable(kind, version).key_id


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
    key = LicenseKeys(signer, CATALOG).usable(kind, "12.4")
    assert (key.name, key.version, key.key_id) == (name, 1, key_id)


def test_the_families_share_out_the_ids_as_the_format_says() -> None:
    ids = {each.name: (each.offset + 1, each.offset + each.versions) for each in FAMILIES}
    assert ids == {
        "license-production": (1, 100),
        "license-spare-1": (101, 101),
        "license-spare-2": (111, 111),
        **{f"license-offline-{kit}": (120 + kit, 120 + kit) for kit in range(1, 8)},
        "license-test": (129, 255),
    }
    assert {kind for each in OFFLINE_KITS for kind in each.kinds} == {LicenseKind.TEMPORARY}


@given(st.data())
def test_an_id_leads_back_to_its_key(data: st.DataObject) -> None:
    family: KeyFamily = data.draw(st.sampled_from(FAMILIES))
    version = data.draw(st.integers(min_value=1, max_value=family.versions))
    key = signing_key(family.offset + version)
    assert (key.name, key.version) == (family.name, version)
    assert key.key_id == family.offset + version


@pytest.mark.parametrize("key_id", [0, 102, 110, 112, 120, 128, 256])
def test_an_id_of_nobody(key_id: int) -> None:
    with pytest.raises(NotFoundError, match=f"no key has the id {key_id}"):
        signing_key(key_id)


def test_a_rotated_key_signs_for_those_who_know_it(signer: KeyRing) -> None:
    for name in ("license-production", "license-test"):
        assert signer.rotate(name) == 2
    assert chosen(signer, LicenseKind.TEST, "12.0") == 129
    assert chosen(signer, LicenseKind.TEST, "13.0") == 130
    assert chosen(signer, LicenseKind.PRODUCTION, "12.0") == 1
    assert chosen(signer, LicenseKind.PRODUCTION, "13.0") == 2


def test_a_version_that_the_catalogue_lacks_knows_what_all_know(signer: KeyRing) -> None:
    signer.rotate("license-production")
    assert chosen(signer, LicenseKind.PRODUCTION, "9.9") == 1
    nothing_in_common = versions(v12_0=(1, 101), v13_0=(2, 111))
    with pytest.raises(UnknownKeyError, match="knows the keys none, and"):
        LicenseKeys(signer, nothing_in_common).usable(LicenseKind.PRODUCTION, "9.9")


def test_a_cold_spare_signs_for_nobody(signer: KeyRing) -> None:
    only_spares = versions(v12_0=(101, 111))
    with pytest.raises(UnknownKeyError) as caught:
        LicenseKeys(signer, only_spares).usable(LicenseKind.PRODUCTION, "12.0")
    assert caught.value.message == (
        "ERP 12.0 knows the keys 101 111, and what signs production licences is 1"
    )
    assert "opskit license keys list" in caught.value.hint


def test_an_opened_spare_signs_where_the_production_key_no_longer_does(signer: KeyRing) -> None:
    signer.rotate("license-production")
    signer.retire_before("license-production", 2)
    with pytest.raises(UnknownKeyError):
        chosen(signer, LicenseKind.PRODUCTION, "12.0")
    signer.open("license-spare-1")
    assert chosen(signer, LicenseKind.PRODUCTION, "12.0") == 101
    assert chosen(signer, LicenseKind.TEMPORARY, "12.0") == 101
    assert chosen(signer, LicenseKind.PRODUCTION, "13.0") == 2
    signer.close("license-spare-1")
    signer.open("license-spare-2")
    assert chosen(signer, LicenseKind.PRODUCTION, "12.0") == 111


def test_when_the_ids_are_used_up_the_last_one_signs(signer: KeyRing) -> None:
    while signer.rotate("license-production") <= PRODUCTION_KEYS.versions:
        pass
    everything = versions(v12_0=tuple(range(1, 256)))
    key = LicenseKeys(signer, everything).usable(LicenseKind.PRODUCTION, "12.0")
    assert key.key_id == 100
    assert [key.key_id for key in public_key_set(signer).keys if key.key_id < 120] == [
        *range(1, 102),
        111,
    ]


def test_a_safe_without_keys() -> None:
    with pytest.raises(NotFoundError):
        LicenseKeys(KeyRing(), CATALOG).usable(LicenseKind.TEST, "12.4")


def test_a_safe_whose_keys_sign_nothing(signer: KeyRing) -> None:
    signer.close("license-production")
    with pytest.raises(UnavailableError, match="no usable key license-production"):
        chosen(signer, LicenseKind.PRODUCTION)


def test_a_safe_from_before_there_were_spares() -> None:
    ring = KeyRing()
    ring.rotate("license-production")
    ring.rotate("license-test")
    assert LicenseKeys(ring, CATALOG).usable(LicenseKind.PRODUCTION, "12.4").key_id == 1
    assert [key.key_id for key in public_key_set(ring).keys] == [1, 129]


def test_each_key_is_asked_for_once(signer: KeyRing) -> None:
    asked: list[str] = []

    class Counting(KeyRing):
        def key_facts(self, name: str) -> KeyFacts:
            asked.append(name)
            return signer.key_facts(name)

    keys = LicenseKeys(Counting(), CATALOG)
    for version in ("11.9", "12.0", "12.4") * 5:
        for kind in LicenseKind:
            keys.usable(kind, version)
    assert sorted(asked) == sorted(each.name for each in (PRODUCTION_KEYS, *SPARES, TEST_KEYS))


def test_a_key_chosen_before_is_held_against_what_is_true_now(signer: KeyRing) -> None:
    keys = LicenseKeys(signer, OLD_AND_NEW)
    keys.require_usable(1, "12.0", hint=HINT)
    with pytest.raises(UnknownKeyError, match="keys 1 101 111 129, and not 2"):
        keys.require_usable(2, "12.0", hint=HINT)
    with pytest.raises(KeyOutOfUseError, match="the key 101 signs no more") as caught:
        keys.require_usable(101, "12.0", hint=HINT)
    assert caught.value.hint == HINT


def test_the_published_set_holds_every_version(signer: KeyRing) -> None:
    signer.rotate("license-production")
    keys = public_key_set(signer).keys
    assert [(key.key_id, key.transit_key, key.transit_version) for key in keys] == [
        (1, "license-production", 1),
        (2, "license-production", 2),
        (101, "license-spare-1", 1),
        (111, "license-spare-2", 1),
        (129, "license-test", 1),
    ]
    assert keys[1].public_key == signer.public_keys("license-production")[2]
    assert keys[0].kinds == {LicenseKind.PRODUCTION, LicenseKind.TEMPORARY}
    assert keys[2].kinds == keys[0].kinds
    assert keys[4].kinds == {LicenseKind.TEST, LicenseKind.DEMO}


def test_the_public_half_of_an_offline_kit_is_published_and_the_safe_signs_nothing_with_it(
    signer: KeyRing,
) -> None:
    for kit in (1, 2, 4):  # the fourth comes after a gap
        signer.rotate(f"license-offline-{kit}")
    keys = {key.key_id: key for key in public_key_set(signer).keys}
    assert sorted(keys) == [1, 101, 111, 121, 122, 129]
    assert keys[121].kinds == {LicenseKind.TEMPORARY}
    assert not {each.name for kind in LicenseKind for each in families_for(kind)} & {
        each.name for each in OFFLINE_KITS
    }
