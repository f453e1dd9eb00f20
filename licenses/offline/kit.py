"""What a kit holds, and what is written on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Meta, Struct

from licenses.keyformat import MAX_SIGNED_SIZE, MIN_SIGNED_SIZE
from licenses.offline import sealing
from licenses.offline.numbering import KITS, kit_key
from licenses.payload import LicenseKind
from licenses.publickeys import PUBLIC_KEY_SIZE, PublicKey, PublicKeySet
from opskit.core.catalog import Catalog

SEED_SIZE = 32

Seed = bytearray
KitNumber = Annotated[int, Meta(ge=KITS[0], le=KITS[-1])]
Raw = Annotated[bytes, Meta(min_length=PUBLIC_KEY_SIZE, max_length=PUBLIC_KEY_SIZE)]
Salt = Annotated[bytes, Meta(min_length=sealing.SALT_SIZE, max_length=sealing.SALT_SIZE)]
Signed = Annotated[bytes, Meta(min_length=MIN_SIGNED_SIZE, max_length=MAX_SIGNED_SIZE)]


class Holder(Struct, frozen=True, forbid_unknown_fields=True):
    """One of the two people, by their entity in the safe; the salt of their passphrase."""

    entity_id: str
    name: str
    salt: Salt


class Label(Struct, frozen=True, forbid_unknown_fields=True):
    """What anybody may read on a kit, and nobody can alter; `filled_at` is how old the rest is."""

    number: KitNumber
    public_key: Raw
    filled_at: datetime
    holders: tuple[Holder, Holder]

    @property
    def names(self) -> tuple[str, str]:
        first, second = self.holders
        return first.name, second.name

    @property
    def entities(self) -> tuple[str, str]:
        first, second = self.holders
        return first.entity_id, second.entity_id


class KitLicense(Struct, frozen=True, forbid_unknown_fields=True):
    """A licence that counts; its bytes know the site by a digest only."""

    signed: Signed
    site: str | None


class KitClient(Struct, frozen=True, forbid_unknown_fields=True):
    """A client with its production licences; `sequence` is the highest of its temporary ones."""

    code: str
    number: int
    name: str
    language: str
    erp_version: str
    sequence: int
    licenses: tuple[KitLicense, ...]


class Content(Struct, frozen=True, forbid_unknown_fields=True):
    """What lies in the kit beside the private key."""

    catalog: Catalog
    clients: tuple[KitClient, ...]


@dataclass(frozen=True, slots=True, eq=False)
class OpenKit:
    """A kit that two people opened; `close` it as soon as it is no longer needed."""

    label: Label
    content: Content
    _seed: Seed

    def sign(self, message: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self._seed).sign(message)

    def close(self) -> None:
        sealing.wipe(self._seed)

    def refilled(self, label: Label, content: Content) -> "OpenKit":
        """The same private key with something else beside it."""
        return OpenKit(label, content, self._seed)

    def plain(self, content: bytes) -> bytearray:
        """The private key, then the content; to be sealed and wiped."""
        return self._seed + content


def public_half(seed: Seed) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def key_set(label: Label) -> PublicKeySet:
    """What the kit's own licences are verified with, where the safe cannot be asked."""
    key = kit_key(label.number)
    kinds = frozenset({LicenseKind.TEMPORARY})
    return PublicKeySet((PublicKey(key.key_id, label.public_key, kinds, key.name, key.version),))


def knowing(clients: Sequence[KitClient], catalog: Catalog, key_id: int) -> list[KitClient]:
    """The clients whose ERP version knows that key."""
    return [each for each in clients if key_id in catalog.keys_known_by(each.erp_version)]
