"""The safe's signing engine as features see it: named Ed25519 keys that never leave it.

The policies in vault/policies/ name the same keys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from opskit.core.errors import ConflictError

LICENSE_KEY = "license-production"
SPARE_LICENSE_KEYS = ("license-spare-1", "license-spare-2")
OFFLINE_LICENSE_KEYS = tuple(f"license-offline-{kit}" for kit in range(1, 8))
TEST_LICENSE_KEY = "license-test"
LICENSE_KEYS = frozenset(
    {LICENSE_KEY, *SPARE_LICENSE_KEYS, *OFFLINE_LICENSE_KEYS, TEST_LICENSE_KEY}
)
EMERGENCY_KEY = "license-emergency"
CHECKPOINT_KEY = "checkpoint"


def approver_key(entity_id: str) -> str:
    """The key with which one person, and nobody else, signs approvals."""
    return f"approver-{entity_id}"


class KeyOutOfUseError(ConflictError):
    """The safe has the key and does not sign with it: a cold spare, or put out of use."""

    reference: ClassVar[str] = "key-out-of-use"


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """The raw 32-byte public keys by key version, and the first version that signs at present.

    None signs where `signs_from` is None.
    """

    public_keys: Mapping[int, bytes]
    signs_from: int | None

    def signs(self, version: int) -> bool:
        return self.signs_from is not None and version >= self.signs_from


class Signer(Protocol):
    """Vault Transit, or anything that keeps Ed25519 keys by name and version."""

    def sign(self, name: str, message: bytes, key_version: int) -> bytes:
        """Sign the raw bytes with that version of the key; 64 bytes.

        Raises:
            NotFoundError: no such key, or not in that version.
            KeyOutOfUseError: it signs no more, or not yet.
            DeniedError: the person may not use this key.
            SecondSignerNeededError: nor alone; asked again, it gives the signature.
            UnavailableError: the safe does not answer.
        """
        ...

    def sign_many(self, name: str, messages: Sequence[bytes], key_version: int) -> Sequence[bytes]:
        """One signature a message, in their order.

        Raises:
            as `sign`; then none of them is used.
        """
        ...

    def hmacs(self, name: str, messages: Sequence[bytes], key_version: int) -> Sequence[bytes]:
        """HMAC-SHA256 of each message under that version of the key, 32 bytes each.

        Raises:
            NotFoundError: the safe has no such key.
            DeniedError, UnavailableError: as `sign`.
        """
        ...

    def public_keys(self, name: str) -> Mapping[int, bytes]:
        """The raw 32-byte public keys by key version.

        Raises:
            NotFoundError: the safe has no such key.
        """
        ...

    def key_facts(self, name: str) -> KeyFacts:
        """The public keys, and which versions sign.

        Raises:
            NotFoundError: the safe has no such key.
            DeniedError, UnavailableError: as `sign`.
        """
        ...


class KeyKeeper(Protocol):
    """Changes which versions of a key there are and may sign; for an admin.

    Public keys stay readable whatever becomes of a key. Each can be done twice.

    Raises:
        NotFoundError: the safe has no such key.
        DeniedError: only an admin may. UnavailableError: the safe does not answer.
    """

    def rotate(self, name: str) -> int:
        """Make the next version; its number."""
        ...

    def retire_before(self, name: str, version: int) -> None:
        """Let only this version and later ones sign."""
        ...

    def close(self, name: str) -> None:
        """Let version 1 sign no more, until it is opened."""
        ...

    def open(self, name: str) -> None:
        """Let version 1 sign."""
        ...


class KeyTrust(Protocol):
    """Keeps public keys whose private half is elsewhere: they verify, and cannot sign."""

    def trust(self, name: str, public_key: bytes) -> None:
        """Vouch for the raw 32-byte Ed25519 key from now on.

        Raises:
            ConflictError: there is a key of that name already.
            DeniedError: only an admin may.
            UnavailableError: the safe does not answer; it may vouch for it all the same.
        """
        ...
