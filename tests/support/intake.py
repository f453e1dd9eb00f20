"""What a page does in the client's browser, done in Python: the twin of vault/intake/page.js."""

import base64
import json
import os
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_der_public_key

FACTS = re.compile(r'<script type="application/json" id="facts">(.*?)</script>', re.DOTALL)


@dataclass
class Client:
    """Somebody who has received a page; what a page says may be changed before filling it in."""

    facts: dict[str, Any]

    @classmethod
    def of(cls, page: str) -> Self:
        found = FACTS.search(page)
        assert found
        return cls(json.loads(found[1]))

    def fill_in(self, values: Mapping[str, Any]) -> str:
        """The block for these values."""
        return self.seal(json.dumps(values).encode())

    def seal(self, plain: bytes) -> str:
        """The block with that content."""
        key, nonce = AESGCM.generate_key(256), os.urandom(12)
        sealed = AESGCM(key).encrypt(nonce, plain, self.facts["context"].encode())
        return armour(self.facts, packed(self.facts, nonce, self._wrap(key), sealed))

    def _wrap(self, key: bytes) -> bytes:
        public = load_der_public_key(base64.b64decode(self.facts["key"]))
        assert isinstance(public, RSAPublicKey)
        return public.encrypt(key, OAEP(MGF1(hashes.SHA256()), hashes.SHA256(), None))


def packed(facts: Mapping[str, Any], nonce: bytes, wrapped: bytes, sealed: bytes) -> bytes:
    head = base64.b32decode(facts["form"]) + struct.pack(">H", facts["version"])
    return head + nonce + wrapped + struct.pack(">I", len(sealed)) + sealed


def armour(facts: Mapping[str, Any], raw: bytes) -> str:
    body = base64.b32encode(raw).decode().rstrip("=")
    lines = [body[start : start + 64] for start in range(0, len(body), 64)]
    return "\n".join(
        [facts["begin"], *facts["headers"], "", facts["mark"], *lines, facts["end"], ""]
    )


def bytes_of(block: str) -> bytearray:
    """The bytes of a block as it was made."""
    body = "".join(block.partition("OPSKITINTAKE1")[2].rpartition("-----END")[0].split())
    return bytearray(base64.b32decode(body + "=" * (-len(body) % 8)))
