"""The committed vectors, run through the verifier; and RFC 8032's through the signature layer."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from licenses import emergency, keytext
from licenses.keyformat import ErpVersion, LicenseKind
from licenses.publickeys import KeySetError, PublicKey, PublicKeySet
from licenses.refusals import LicenseRefusedError, Reason
from licenses.verifier import authenticate, verify
from tests.licenses.make_vectors import VECTORS, vectors
from tests.licenses.vector_case import Case, described

DOCUMENT = json.loads(VECTORS.read_text("ascii"))
CASES: list[Case] = DOCUMENT["cases"]
EMERGENCY: dict[str, Any] = DOCUMENT["emergency"]
KEY_FILES: list[dict[str, str]] = DOCUMENT["key_files"]
KEYS = PublicKeySet.from_json(json.dumps(DOCUMENT["keys"]))
RFC_8032 = json.loads((VECTORS.parent / "rfc8032-ed25519.json").read_text("ascii"))["cases"]
STATED = ("expect", "standing", "license", "lines")


def key_of(case: Case) -> bytes | str:
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    if "file_hex" in case:
        return keytext.read(bytes.fromhex(case["file_hex"]))[0]
    return str(case["text"])


def facts_of(context: dict[str, Any]) -> dict[str, Any]:
    readers: dict[str, Callable[[Any], Any]] = {
        "at": datetime.fromisoformat,
        "grants": lambda ends: {
            int(serial): datetime.fromisoformat(end) for serial, end in ends.items()
        },
        "kinds": lambda words: frozenset(map(LicenseKind, words)),
        "erp_version": ErpVersion.parse,
        "release_date": date.fromisoformat,
    }
    return {
        name: readers[name](fact) if name in readers else fact for name, fact in context.items()
    }


def outcome(case: Case) -> dict[str, Any]:
    try:
        verified = verify(key_of(case), KEYS, **facts_of(case["context"]))
    except LicenseRefusedError as refusal:
        named = {"lines": list(refusal.lines)} if refusal.lines else {}
        return {"expect": refusal.reason.value, **named}
    return {
        "expect": "ok",
        "standing": verified.standing.value,
        "license": described(verified.payload),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_vector(case: Case) -> None:
    stated = {name: case[name] for name in STATED if name in case}
    assert outcome(case) == stated


def test_the_committed_file_is_what_the_generator_makes() -> None:
    assert VECTORS.read_text("ascii") == vectors()


def test_every_reason_has_a_vector() -> None:
    named = {case["expect"] for case in (*CASES, *EMERGENCY["cases"])}
    assert named == {"ok", *Reason}


@pytest.mark.parametrize("case", KEY_FILES, ids=lambda case: case["id"])
def test_key_file(case: dict[str, str]) -> None:
    text = case["text"] if "text" in case else bytes.fromhex(case["file_hex"])
    if case["expect"] == "ok":
        assert PublicKeySet.from_json(text).keys
        return
    with pytest.raises(KeySetError):
        PublicKeySet.from_json(text)


@pytest.mark.parametrize("case", EMERGENCY["cases"], ids=lambda case: case["id"])
def test_emergency_vector(case: dict[str, Any]) -> None:
    if case["expect"] != "ok":
        with pytest.raises(LicenseRefusedError) as caught:
            redeemed(case)
        assert caught.value.reason.value == case["expect"]
        return
    grant = redeemed(case)
    assert (grant.number, grant.until) == (case["number"], datetime.fromisoformat(case["until"]))


def redeemed(case: dict[str, Any]) -> emergency.Grant:
    """The grant of a code, once step 5 passes with it."""
    signed = bytes.fromhex(case.get("signed", EMERGENCY["signed"]))
    payload = authenticate(signed, KEYS)
    at = datetime.fromisoformat(case["at"])
    grant = emergency.redeem(payload, case["code"], case["last_used"], at)
    facts = facts_of(case.get("context", {}))
    verify(signed, KEYS, at=at, grants={payload.serial: grant.until}, **facts)
    return grant


@pytest.mark.parametrize("cases", [CASES, KEY_FILES, EMERGENCY["cases"]])
def test_ids_are_unique(cases: list[Case]) -> None:
    assert len({case["id"] for case in cases}) == len(cases)


@pytest.mark.parametrize("case", RFC_8032, ids=lambda case: case["id"])
def test_rfc_8032(case: dict[str, str]) -> None:
    public, message, signature = (
        bytes.fromhex(case[name]) for name in ("public_key", "message", "signature")
    )
    secret = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(case["secret_key"]))
    key = PublicKey(1, public, frozenset({LicenseKind.TEST}))
    assert secret.sign(message) == signature
    assert key.accepts(signature, message)
    assert not key.accepts(signature, message + b"\0")
    for offset in range(len(signature)):
        altered = bytearray(signature)
        altered[offset] ^= 1
        assert not key.accepts(bytes(altered), message)
