import base64
import json
from typing import Any

import pytest

from licenses.keyformat import LicenseKind
from licenses.publickeys import KEYS_FORMAT, KeySetError, PublicKey, PublicKeySet
from tests.licenses.samples import KEYS, TEST_KEY

CODE = base64.b64encode(bytes(range(32))).decode()
ENTRY: dict[str, Any] = {"key_id": 1, "public_key": CODE, "kinds": ["production"]}


def key_file(*entries: Any) -> str:
    return json.dumps({"format": KEYS_FORMAT, "keys": list(entries)})


def test_a_key_set_round_trips() -> None:
    assert PublicKeySet.from_json(KEYS.to_json()) == KEYS
    assert PublicKeySet.from_json(KEYS.to_json().encode()) == KEYS


def test_the_transit_names_may_be_absent() -> None:
    keys = PublicKeySet.from_json(key_file(ENTRY))
    expected = PublicKey(1, bytes(range(32)), frozenset({LicenseKind.PRODUCTION}))
    assert keys == PublicKeySet((expected,))
    assert json.loads(keys.to_json())["keys"] == [ENTRY]


def test_a_key_is_found_by_its_id() -> None:
    found = KEYS.find(TEST_KEY)
    assert found is not None
    assert found.key_id == TEST_KEY
    assert KEYS.find(77) is None


@pytest.mark.parametrize(
    "change",
    [
        {"key_id": 0},
        {"key_id": 256},
        {"key_id": True},
        {"key_id": "1"},
        {"public_key": base64.b64encode(bytes(31)).decode()},
        {"public_key": base64.b64encode(bytes(33)).decode()},
        {"public_key": CODE[:-1]},
        {"public_key": CODE[:-2] + "9="},
        {"public_key": "é" * 44},
        {"public_key": None},
        {"kinds": []},
        {"kinds": "production"},
        {"kinds": ["production", "production"]},
        {"kinds": ["Production"]},
        {"kinds": [1]},
        {"transit_key": 5},
        {"transit_version": 0},
        {"transit_version": "1"},
        {"revoked": True},
    ],
    ids=repr,
)
def test_a_faulty_entry_refuses_the_whole_file(change: dict[str, Any]) -> None:
    with pytest.raises(KeySetError):
        PublicKeySet.from_json(key_file({**ENTRY, **change}))


@pytest.mark.parametrize("member", ["key_id", "public_key", "kinds"])
def test_a_missing_member_refuses_the_file(member: str) -> None:
    with pytest.raises(KeySetError, match="a key needs"):
        PublicKeySet.from_json(key_file(_without(member)))


def _without(member: str) -> dict[str, Any]:
    return {name: value for name, value in ENTRY.items() if name != member}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        key_file(),
        json.dumps({"format": "opskit-licence-keys/v2", "keys": [ENTRY]}),
        json.dumps({"format": KEYS_FORMAT, "keys": [ENTRY], "more": 1}),
        json.dumps({"format": KEYS_FORMAT, "keys": {"1": ENTRY}}),
        key_file("key"),
        key_file(ENTRY).replace('"key_id": 1', '"key_id": 1, "key_id": 2'),
        b"\xff\xfe",
        "[" * 100_000,
    ],
    ids=lambda text: repr(text)[:40],
)
def test_a_faulty_file_is_refused(text: str | bytes) -> None:
    with pytest.raises(KeySetError):
        PublicKeySet.from_json(text)


def test_a_second_id_cannot_borrow_a_key() -> None:
    with pytest.raises(KeySetError, match="public key comes twice"):
        PublicKeySet.from_json(key_file(ENTRY, {**ENTRY, "key_id": 2, "kinds": ["test"]}))


def test_an_id_has_one_key() -> None:
    other = base64.b64encode(bytes(32)).decode()
    with pytest.raises(KeySetError, match="key id comes twice"):
        PublicKeySet.from_json(key_file(ENTRY, {**ENTRY, "public_key": other}))
