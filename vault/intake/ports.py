"""What intake asks wiring for."""

import hashlib
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The newest version of the safe's RSA key for intake."""

    version: int
    der: bytes
    """SubjectPublicKeyInfo."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of it, in groups that can be read out on the telephone."""
        return fingerprint_of(self.der)


def fingerprint_of(der: bytes) -> str:
    digits = hashlib.sha256(der).hexdigest().upper()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


class IntakeKey(Protocol):
    """The safe's RSA key, whose private part never leaves it."""

    def newest(self) -> PublicKey:
        """Raises NotFoundError: the safe has no such key. DeniedError, UnavailableError."""
        ...

    def unwrap(self, wrapped: bytes, *, key_version: int, fingerprint: str) -> bytes:
        """The bytes that were encrypted for that version, which has this fingerprint.

        Raises:
            IntakeAlteredError: they were not, or not these.
            IntakeKeyGoneError: the safe has no such key, another in its place, or one that it
                was told no longer to use.
            DeniedError, UnavailableError.
        """
        ...
