"""That two people used the kit: a signature by its key over who they were and what they issued.

It stands where the approval of another licence stands, and `license register verify` checks it.
"""

import hashlib

DOMAIN = b"opskit/sealed-safe/use/v1\0"  # never a licence: that has another prefix


def message_of(*, first: str, second: str, body: bytes) -> bytes:
    """What is signed: the entities of both holders, and the hash of the payload."""
    return DOMAIN + "\n".join((first, second, hashlib.sha256(body).hexdigest())).encode()
