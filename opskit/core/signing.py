"""The safe's signing engine as features see it: named Ed25519 keys that never leave it.

The policies in vault/policies/ name the same keys.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

LICENSE_KEY = "license-production"
TEST_LICENSE_KEY = "license-test"
EMERGENCY_KEY = "license-emergency"
CHECKPOINT_KEY = "checkpoint"


def approver_key(entity_id: str) -> str:
    """The key with which one person, and nobody else, signs approvals."""
    return f"approver-{entity_id}"


class Signer(Protocol):
    """Vault Transit, or anything that keeps Ed25519 keys by name and version."""

    def sign(self, name: str, message: bytes, key_version: int) -> bytes:
        """Sign the raw bytes with that version of the key; 64 bytes.

        Raises:
            DeniedError: the person may not use this key.
            UnavailableError: the safe does not answer.
        """
        ...

    def sign_many(self, name: str, messages: Sequence[bytes], key_version: int) -> Sequence[bytes]:
        """One signature a message, in their order.

        Raises:
            DeniedError, UnavailableError: as `sign`; then none of them is used.
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
