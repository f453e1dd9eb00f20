"""The safe's signing engine as features see it: named Ed25519 keys that never leave it.

The policies in vault/policies/ name the same keys.
"""

from collections.abc import Mapping
from typing import Protocol

LICENSE_KEY = "license-production"
TEST_LICENSE_KEY = "license-test"
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

    def public_keys(self, name: str) -> Mapping[int, bytes]:
        """The raw 32-byte public keys by key version.

        Raises:
            NotFoundError: the safe has no such key.
        """
        ...
