"""A signed statement of the log's head, kept outside the database.

The chain alone shows an altered event; a checkpoint also shows a log that was cut off or written
anew as a whole by someone who owns the database.
"""

import base64
import json
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from opskit.core.errors import CheckFailedError, InvalidError
from opskit.core.i18n import _
from opskit.core.signing import CHECKPOINT_KEY, Signer

DOMAIN = b"opskit/checkpoint/v1\0"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """At `at`, the log's last event was `event_id` with this hash."""

    event_id: int
    hash: str
    at: datetime
    key_version: int
    signature: bytes

    def to_json(self) -> str:
        return json.dumps(
            {
                "event_id": self.event_id,
                "hash": self.hash,
                "at": self.at.isoformat(),
                "key_version": self.key_version,
                "signature": base64.b64encode(self.signature).decode(),
            },
            indent=2,
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> "Checkpoint":
        """Raises InvalidError where the text is no checkpoint."""
        try:
            values = json.loads(text)
            return cls(
                event_id=int(values["event_id"]),
                hash=str(values["hash"]),
                at=datetime.fromisoformat(values["at"]),
                key_version=int(values["key_version"]),
                signature=base64.b64decode(values["signature"], validate=True),
            )
        except (ValueError, KeyError, TypeError) as err:
            raise InvalidError(
                _("this is no checkpoint"),
                hint=_("opskit audit checkpoint --out checkpoint.json writes one"),
            ) from err


def sign(signer: Signer, *, event_id: int, head: str, at: datetime) -> Checkpoint:
    """Have the safe sign the head of the log with its newest checkpoint key."""
    key_version = max(signer.public_keys(CHECKPOINT_KEY))
    signature = signer.sign(CHECKPOINT_KEY, _message(event_id, head, at), key_version)
    return Checkpoint(event_id, head, at, key_version, signature)


def check_signature(checkpoint: Checkpoint, signer: Signer) -> None:
    """Raises CheckFailedError unless the safe's key made this signature."""
    message = _message(checkpoint.event_id, checkpoint.hash, checkpoint.at)
    try:
        raw = signer.public_keys(CHECKPOINT_KEY)[checkpoint.key_version]
        Ed25519PublicKey.from_public_bytes(raw).verify(checkpoint.signature, message)
    except (KeyError, InvalidSignature) as err:
        raise CheckFailedError(
            _("the checkpoint was not signed by this safe"),
            hint=_("look for the checkpoint file of this home, or ask who wrote it"),
        ) from err


def _message(event_id: int, head: str, at: datetime) -> bytes:
    return DOMAIN + f"{event_id}\n{head}\n{at.isoformat()}".encode()
