"""The file of a kit: what stands on it, and what is no kit."""

import json
from pathlib import Path
from typing import Any

import pytest

from licenses.errors import KitLockedError
from licenses.offline import kitfile
from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.secret import Secret
from tests.licenses.offline.kits import LABEL, SEED, kit_of

SECRETS = (Secret("violet anchors hum softly"), Secret("seven brass kettles swim"))


@pytest.fixture(scope="module")
def packed() -> bytes:
    return kitfile.pack(kit_of(), SECRETS)


@pytest.fixture
def file(packed: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "kit-1.json"
    path.write_bytes(packed)
    return path


def test_what_anybody_may_read(file: Path) -> None:
    label = kitfile.read(file).label
    assert (label.number, label.public_key, label.names) == (
        1,
        LABEL.public_key,
        ("Anna Keller", "Beat Frei"),
    )
    document = json.loads(file.read_text())
    assert sorted(document) == ["format", "label", "nonce", "sealed"]
    assert document["format"] == "opskit-sealed-safe/v1"
    assert "DELEZE" not in file.read_text()


def test_what_two_people_find(file: Path) -> None:
    kit = kitfile.unpack(kitfile.read(file), SECRETS)
    assert kit.content == kit_of().content
    assert kit.sign(b"x") == kit_of().sign(b"x")
    kit.close()
    assert kit.plain(b"") == bytes(len(SEED))


@pytest.mark.parametrize(
    ("member", "value"),
    [("number", 2), ("filled_at", "2027-01-01T00:00:00Z")],
)
def test_a_label_that_was_altered(file: Path, member: str, value: Any) -> None:
    document = json.loads(file.read_text())
    document["label"][member] = value
    file.write_text(json.dumps(document))
    with pytest.raises(KitLockedError):
        kitfile.unpack(kitfile.read(file), SECRETS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "{}",
        '{"format": "opskit-sealed-safe/v2"}',
        b"\xff\xfe".decode("latin-1"),
        "[" * 5000,
    ],
)
def test_what_is_no_kit(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other"
    path.write_text(text)
    with pytest.raises(InvalidError, match="is no sealed-safe kit"):
        kitfile.read(path)


@pytest.mark.parametrize(
    ("member", "value"),
    [("nonce", "AAAA"), ("sealed", "AAAA"), ("sealed", "!"), ("more", 1)],
)
def test_a_member_that_does_not_fit(file: Path, member: str, value: Any) -> None:
    document = json.loads(file.read_text())
    document[member] = value
    file.write_text(json.dumps(document))
    with pytest.raises(InvalidError, match="is no sealed-safe kit"):
        kitfile.read(file)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="cannot read"):
        kitfile.read(tmp_path / "none")
