"""The lock of a kit: two passphrases, each stretched on its own, make one key together.

Nothing in the file tells whether one of them is right by itself: whoever guesses has to guess both
at the same time, and gets no hint which one was wrong. Changing any value here is another version
of the file.
"""

import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from licenses.errors import KitLockedError
from opskit.core.i18n import _
from opskit.core.secret import Secret

SALT_SIZE = 16
NONCE_SIZE = 12
TAG_SIZE = 16
_KEY_SIZE = 32
_STRETCH = {"n": 1 << 17, "r": 8, "p": 1}  # 128 MiB and a quarter of a second for each guess
_PURPOSE = b"opskit/sealed-safe/v1"


@dataclass(frozen=True, slots=True)
class Lock:
    """What is public of the lock: one salt a person, and the nonce of this very sealing."""

    salts: tuple[bytes, bytes]
    nonce: bytes


def new_lock() -> Lock:
    first, second = secrets.token_bytes(SALT_SIZE), secrets.token_bytes(SALT_SIZE)
    return Lock((first, second), secrets.token_bytes(NONCE_SIZE))


def seal(content: bytearray, passphrases: Sequence[Secret], lock: Lock, label: bytes) -> bytes:
    """Encrypt with AES-256-GCM; the label stays readable and cannot be altered."""
    return AESGCM(_key(passphrases, lock)).encrypt(lock.nonce, content, label)


def unseal(sealed: bytes, passphrases: Sequence[Secret], lock: Lock, label: bytes) -> bytearray:
    """The content, in a place that `wipe` can clear.

    Raises:
        KitLockedError: a passphrase is wrong, or the file was altered; nobody can tell which.
    """
    content = bytearray(max(len(sealed) - TAG_SIZE, 0))
    try:
        AESGCM(_key(passphrases, lock)).decrypt_into(lock.nonce, sealed, label, content)
    except InvalidTag as err:
        raise KitLockedError(
            _("the kit stays closed: a passphrase is wrong, or the file was altered"),
            hint=_("each types their own, in the order of the names; mind Caps Lock"),
        ) from err
    return content


def wipe(secret: bytearray) -> None:
    """Overwrite it, as far as Python lets one: copies that it made itself go with the process."""
    secret[:] = bytes(len(secret))


def _key(passphrases: Sequence[Secret], lock: Lock) -> bytes:
    shares = [
        _stretched(passphrase, salt)
        for passphrase, salt in zip(passphrases, lock.salts, strict=True)
    ]
    return HKDF(SHA256(), _KEY_SIZE, salt=None, info=_PURPOSE).derive(b"".join(shares))


def _stretched(passphrase: Secret, salt: bytes) -> bytes:
    """A keyboard may send an accent as a letter of its own; composed, both are the same."""
    typed = unicodedata.normalize("NFC", passphrase.reveal()).encode()
    return Scrypt(salt=salt, length=_KEY_SIZE, **_STRETCH).derive(typed)
