"""Project Wycheproof's Ed25519 vectors on the signature layer, where they are kept beside this."""

import json
from pathlib import Path
from typing import Any

import pytest

from licenses.keyformat import LicenseKind
from licenses.publickeys import PublicKey

FILE = Path(__file__).parents[3] / "shared" / "vectors" / "wycheproof-ed25519.json"


def cases() -> list[tuple[bytes, dict[str, Any]]]:
    groups = json.loads(FILE.read_text("utf-8"))["testGroups"]
    return [
        (bytes.fromhex(group["publicKey"]["pk"]), case)
        for group in groups
        for case in group["tests"]
    ]


@pytest.mark.skipif(not FILE.exists(), reason=f"no Wycheproof vectors at {FILE.name}")
def test_every_vector() -> None:
    wrong = []
    for raw, case in cases():
        key = PublicKey(1, raw, frozenset({LicenseKind.TEST}))
        accepted = key.accepts(bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
        if accepted != (case["result"] == "valid"):
            wrong.append(case["tcId"])
    assert wrong == []
    assert len(cases()) == 151
