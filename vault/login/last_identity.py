"""Who is logged in, as the safe said it last: for the hour in which it does not answer.

It names somebody and proves nothing: what is done in this name is done by a token, later.
"""

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from opskit.core.identity import Identity
from opskit.core.private_files import write_private
from opskit.core.secret import Secret


class FileLastIdentity:
    """The `LastIdentity` of a home: a file for its owner alone, with the token's digest."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def keep(self, token: Secret, identity: Identity) -> None:
        """Note it; a home that cannot be written keeps nobody from working."""
        content = json.dumps(
            {
                "token": _digest(token),
                "entity_id": identity.entity_id,
                "name": identity.name,
                "roles": sorted(identity.roles),
            }
        )
        with suppress(OSError):
            if not self._file.exists() or self._file.read_text(encoding="utf-8") != content:
                write_private(self._file, content.encode())

    def recall(self, token: Secret) -> Identity | None:
        """Who it was, if the safe said so of this very token."""
        try:
            kept = json.loads(self._file.read_bytes())
            identity = Identity(kept["entity_id"], kept["name"], frozenset(kept["roles"]))
            return identity if kept["token"] == _digest(token) else None
        except (OSError, ValueError, KeyError, TypeError):  # nothing kept, or written by hand
            return None

    def forget(self) -> None:
        self._file.unlink(missing_ok=True)


def _digest(token: Secret) -> str:
    return hashlib.sha256(token.reveal().encode()).hexdigest()
