"""Files of public keys that are read, and those that are refused as a whole (section 4)."""

import base64
import json
from collections.abc import Iterator
from typing import Any

from licenses.publickeys import KEYS_FORMAT
from tests.licenses.samples import KEYS

Case = dict[str, Any]

FIRST, SECOND, *_ = json.loads(KEYS.to_json())["keys"]
RAW = base64.b64decode(FIRST["public_key"])


def key_file_cases() -> Iterator[Case]:
    for name, (description, text) in _good().items():
        yield {"id": name, "description": description, "text": text, "expect": "ok"}
    for name, (description, written) in {**_bad_files(), **_bad_entries()}.items():
        form = {"text": written} if isinstance(written, str) else {"file_hex": written.hex()}
        yield {"id": name, "description": description, **form, "expect": "refused"}


def _good() -> dict[str, tuple[str, str]]:
    bare = _without(FIRST, "transit_key", "transit_version")
    only_name = _without(FIRST, "transit_version")
    return {
        "keys": ("three keys", KEYS.to_json()),
        "keys-order": ("in another order", _file(SECOND, FIRST)),
        "keys-compact": ("without white space", _file(FIRST).replace(" ", "")),
        "keys-escaped": ("escapes", _file(FIRST).replace('"kinds"', '"\\u006binds"')),
        "keys-no-transit": ("the names for people are not needed", _file(bare)),
        "keys-transit-name": ("either may be absent", _file(only_name)),
        "keys-all-kinds": (
            "one key for every kind",
            _file({**FIRST, "kinds": ["demo", "temporary", "test", "production"]}),
        ),
        "keys-ids": ("lowest and highest id", _file(_id(FIRST, 1), _id(SECOND, 255))),
    }


def _bad_files() -> dict[str, tuple[str, str | bytes]]:
    one = _file(FIRST)
    return {
        "byte-order-mark": ("a byte order mark", b"\xef\xbb\xbf" + one.encode()),
        "not-utf-8": ("Windows-1252", one.replace("license-", "licen\xe7e-").encode("cp1252")),
        "empty": ("no text", ""),
        "list": ("a list of keys without more", json.dumps([FIRST])),
        "trailing-comma": ("a comma too many", one.replace("}]", "},]")),
        "text-after": ("something behind it", one + "{}"),
        "comment": ("a comment", "// keys\n" + one),
        "format": ("another format", one.replace(KEYS_FORMAT, "opskit-licence-keys/v2")),
        "format-case": ("in capitals", one.replace(KEYS_FORMAT, KEYS_FORMAT.upper())),
        "no-format": ("no format", json.dumps({"keys": [FIRST]})),
        "no-keys": ("no list of keys", json.dumps({"format": KEYS_FORMAT})),
        "no-key": ("an empty list", _file()),
        "keys-object": ("keys by id", json.dumps({"format": KEYS_FORMAT, "keys": {"1": FIRST}})),
        "more": ("another member", json.dumps({**json.loads(one), "issued": 1})),
        "member-twice": ("a key id twice", one.replace('"key_id": 1', '"key_id": 1, "key_id": 1')),
        "keys-twice": ("a list of keys twice", one.replace('"keys"', '"keys": [], "keys"')),
        "id-twice": ("one id for two keys", _file(FIRST, _id(SECOND, FIRST["key_id"]))),
        "key-twice": ("two ids for one key", _file(FIRST, _id(FIRST, 2))),
    }


def _bad_entries() -> dict[str, tuple[str, str | bytes]]:
    code = FIRST["public_key"]
    changes: dict[str, tuple[str, Any]] = {
        "id-0": ("key_id", 0),
        "id-256": ("key_id", 256),
        "id-negative": ("key_id", -1),
        "id-text": ("key_id", "1"),
        "id-true": ("key_id", True),
        "id-null": ("key_id", None),
        "id-fraction": ("key_id", 1.5),
        "public-key-31": ("public_key", _base64(RAW[:-1])),
        "public-key-33": ("public_key", _base64(RAW + b"\0")),
        "public-key-no-padding": ("public_key", code.rstrip("=")),
        "public-key-unused-bits": ("public_key", _loose(code)),
        "public-key-space": ("public_key", code + " "),
        "public-key-url": ("public_key", base64.urlsafe_b64encode(b"\xff" * 32).decode()),
        "public-key-hex": ("public_key", RAW.hex()),
        "public-key-bytes": ("public_key", list(RAW)),
        "kinds-none": ("kinds", []),
        "kinds-twice": ("kinds", ["production", "production"]),
        "kinds-unknown": ("kinds", ["production", "trial"]),
        "kinds-case": ("kinds", ["Production"]),
        "kinds-text": ("kinds", "production"),
        "kinds-number": ("kinds", [1]),
        "transit-key-null": ("transit_key", None),
        "transit-key-number": ("transit_key", 1),
        "transit-version-0": ("transit_version", 0),
        "transit-version-text": ("transit_version", "1"),
        "member-unknown": ("revoked", False),
    }
    broken = {
        name: (f"{member} is {json.dumps(value)}"[:60], _file({**FIRST, member: value}))
        for name, (member, value) in changes.items()
    }
    missing = {
        f"no-{member}": (f"without {member}", _file(_without(FIRST, member)))
        for member in ("key_id", "public_key", "kinds")
    }
    return {**broken, **missing, "entry-text": ("a key that is a text", _file("key"))}


def _file(*entries: Any) -> str:
    return json.dumps({"format": KEYS_FORMAT, "keys": list(entries)})


def _id(entry: dict[str, Any], key_id: int) -> dict[str, Any]:
    return {**entry, "key_id": key_id}


def _without(entry: dict[str, Any], *members: str) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in members}


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _loose(code: str) -> str:
    """The same bytes with an unused bit set: 43 characters hold 258 bits."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return code[:-2] + alphabet[alphabet.index(code[-2]) + 1] + "="
