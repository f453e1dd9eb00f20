"""The public keys that a verifier trusts, and their file (docs/spec/license-key-v1.md, section 4).

A key set is the trust anchor: it comes with the product or from the vendor's own file, never from
the licence or from whoever holds it.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from licenses.payload import LicenseKind

KEYS_FORMAT: Final = "opskit-licence-keys/v1"
PUBLIC_KEY_SIZE: Final = 32
MAX_KEY_ID: Final = 0xFF

_NEEDED: Final = frozenset({"key_id", "public_key", "kinds"})
_FOR_PEOPLE: Final = frozenset({"transit_key", "transit_version"})


class KeySetError(ValueError):
    """The public keys, or the file that holds them, break a rule; nothing of it is used."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One key id: who may have signed, and which kinds. The Transit names are for people.

    Raises:
        KeySetError: a value does not fit.
    """

    key_id: int
    public_key: bytes
    kinds: frozenset[LicenseKind]
    transit_key: str | None = None
    transit_version: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.key_id <= MAX_KEY_ID:
            raise KeySetError(f"key id {self.key_id} is not between 1 and {MAX_KEY_ID}")
        if len(self.public_key) != PUBLIC_KEY_SIZE:
            raise KeySetError(f"key {self.key_id}: a public key has {PUBLIC_KEY_SIZE} bytes")
        if not self.kinds:
            raise KeySetError(f"key {self.key_id}: it may sign nothing")
        if self.transit_version is not None and self.transit_version < 1:
            raise KeySetError(f"key {self.key_id}: Transit versions begin at 1")

    def accepts(self, signature: bytes, message: bytes) -> bool:
        """Whether the holder of the private key signed exactly this message."""
        try:
            _loaded(self.public_key).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class PublicKeySet:
    """Key id -> public key and the kinds it may sign.

    Raises:
        KeySetError: a key id or a public key comes twice.
    """

    keys: tuple[PublicKey, ...]

    def __post_init__(self) -> None:
        if len({key.key_id for key in self.keys}) < len(self.keys):
            raise KeySetError("a key id comes twice")
        # a second id for the same key would lend it the other id's kinds
        if len({key.public_key for key in self.keys}) < len(self.keys):
            raise KeySetError("a public key comes twice")

    @classmethod
    def of(cls, keys: Iterable[PublicKey]) -> "PublicKeySet":
        """The set of these keys, in the order of their ids."""
        return cls(tuple(sorted(keys, key=lambda key: key.key_id)))

    def find(self, key_id: int) -> PublicKey | None:
        """The key with this id, or None."""
        return next((key for key in self.keys if key.key_id == key_id), None)

    @classmethod
    def from_json(cls, text: str | bytes) -> "PublicKeySet":
        """Read a key file.

        Raises:
            KeySetError: the file breaks a rule of its format.
        """
        try:
            decoded = text if isinstance(text, str) else text.decode()
            document = json.loads(decoded, object_pairs_hook=_members_once)
        except (ValueError, RecursionError) as err:
            raise KeySetError(f"the key file cannot be read: {err}") from err
        match document:
            case {"format": str(name), "keys": [_, *_] as keys} if len(document) == 2:  # noqa: PLR2004
                if name != KEYS_FORMAT:
                    raise KeySetError(f"the key file's format is {name!r}, not {KEYS_FORMAT!r}")
                return cls.of(map(_read_key, keys))
            case _:
                raise KeySetError(
                    "the key file needs exactly `format`, and `keys` with one or more"
                )

    def to_json(self) -> str:
        """The key file, with keys in the order of their ids."""
        keys = [_write_key(key) for key in sorted(self.keys, key=lambda key: key.key_id)]
        return json.dumps({"format": KEYS_FORMAT, "keys": keys}, indent=2) + "\n"


@lru_cache(maxsize=MAX_KEY_ID)
def _loaded(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)


def _members_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise KeySetError("a member comes twice")
    return members


def _read_key(entry: object) -> PublicKey:
    if not isinstance(entry, dict) or not _NEEDED <= entry.keys() <= _NEEDED | _FOR_PEOPLE:
        raise KeySetError(f"a key needs {', '.join(sorted(_NEEDED))} and has no unknown member")
    return PublicKey(
        key_id=_whole_number(entry["key_id"]),
        public_key=_raw_key(_text(entry["public_key"])),
        kinds=_kinds(entry["kinds"]),
        transit_key=_text(entry["transit_key"]) if "transit_key" in entry else None,
        transit_version=(
            _whole_number(entry["transit_version"]) if "transit_version" in entry else None
        ),
    )


def _write_key(key: PublicKey) -> Mapping[str, object]:
    members = {
        "key_id": key.key_id,
        "public_key": base64.b64encode(key.public_key).decode(),
        "kinds": [kind.value for kind in LicenseKind if kind in key.kinds],
        "transit_key": key.transit_key,
        "transit_version": key.transit_version,
    }
    return {name: value for name, value in members.items() if value is not None}


def _whole_number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise KeySetError(f"{value!r} is no whole number")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise KeySetError(f"{value!r} is no text")
    return value


def _raw_key(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as err:
        raise KeySetError("a public key is not base64") from err
    if base64.b64encode(raw).decode() != text:
        raise KeySetError("a public key is not canonical base64")
    return raw


def _kinds(value: object) -> frozenset[LicenseKind]:
    if not isinstance(value, list):
        raise KeySetError("kinds must be a list")
    words = [_text(word) for word in value]
    if len(set(words)) < len(words):
        raise KeySetError("a kind comes twice")
    return frozenset(_known_kinds(words))


def _known_kinds(words: Iterable[str]) -> Iterable[LicenseKind]:
    for word in words:
        try:
            yield LicenseKind(word)
        except ValueError as err:
            raise KeySetError(f"{word!r} is no kind of licence") from err
