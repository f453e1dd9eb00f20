"""The committed vectors, run through the verifier; and RFC 8032's through the signature layer."""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from licenses import armour, emergency, keyformat, keytext, typedform
from licenses.keyformat import ErpVersion, LicenseKind
from licenses.publickeys import PublicKey, PublicKeySet
from licenses.reference import reference_of
from licenses.refusals import LicenseRefusedError, Reason
from licenses.verifier import verify
from tests.licenses.make_vectors import VECTORS, vectors
from tests.licenses.vector_case import Case, described

DOCUMENT = json.loads(VECTORS.read_text("ascii"))
CASES: list[Case] = DOCUMENT["cases"]
EMERGENCY: dict[str, Any] = DOCUMENT["emergency"]
RFC_8032 = json.loads((VECTORS.parent / "rfc8032-ed25519.json").read_text("ascii"))["cases"]
STATED = ("expect", "standing", "license", "lines")
SPECIFICATION = Path(__file__).parents[2] / "docs" / "spec" / "license-key-v1.md"


def key_of(case: Case) -> bytes | str:
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    if "file_hex" in case:
        return keytext.read(bytes.fromhex(case["file_hex"]))[0]
    return str(case["text"])


def facts_of(context: dict[str, Any]) -> dict[str, Any]:
    readers: dict[str, Callable[[Any], Any]] = {
        "at": datetime.fromisoformat,
        "emergency_until": datetime.fromisoformat,
        "kinds": lambda words: frozenset(map(LicenseKind, words)),
        "erp_version": ErpVersion.parse,
        "release_date": date.fromisoformat,
    }
    return {
        name: readers[name](fact) if name in readers else fact for name, fact in context.items()
    }


def outcome(case: Case) -> dict[str, Any]:
    keys = PublicKeySet.from_json(json.dumps(DOCUMENT["keys"]))
    try:
        verified = verify(key_of(case), keys, **facts_of(case["context"]))
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


@pytest.mark.parametrize("case", EMERGENCY["cases"], ids=lambda case: case["id"])
def test_emergency_vector(case: dict[str, Any]) -> None:
    signed = bytes.fromhex(EMERGENCY["without_anchor" if "without_anchor" in case else "signed"])
    payload = keyformat.decode(keyformat.split_signature(signed)[0])
    at = datetime.fromisoformat(case["at"])
    if case["expect"] != "ok":
        with pytest.raises(LicenseRefusedError) as caught:
            emergency.redeem(payload, case["code"], case["last_used"], at)
        assert caught.value.reason.value == case["expect"]
        return
    grant = emergency.redeem(payload, case["code"], case["last_used"], at)
    assert (grant.number, grant.until.isoformat()) == (case["number"], case["until"])


def test_ids_are_unique() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("reason", Reason)
def test_the_specification_names_every_reason(reason: Reason) -> None:
    assert f"`{reason}`" in SPECIFICATION.read_text("utf-8")


def test_the_worked_example_of_the_specification_is_a_vector() -> None:
    page = SPECIFICATION.read_text("utf-8")
    example = next(case for case in CASES if case["id"] == "file")
    assert example["text"] in page
    body = armour.unwrap(example["text"])[0][:-64]
    assert body.hex(" ") in " ".join(page.split())
    signed = armour.unwrap(example["text"])[0]
    assert f"```\n{typedform.wrap(signed)}```" in page
    assert f"`{reference_of(signed)}`" in page


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
