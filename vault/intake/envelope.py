"""The block that a client pastes into the ticket, as text and as bytes; pure, like any format.

    -----BEGIN OPSKIT INTAKE-----
    Entry: DELEZE/prod/erp-db

    OPSKITINTAKE1
    KQWSAMJQGEZDGNBVGY3TQOJQAAAQ...
    -----END OPSKIT INTAKE-----

Headers are for people and never read. The body is base32: letters and digits alone come whole
through ticket platforms, which take `+`, `/`, `_` and `-` for markup. Its bytes, in this order:

    form     10   which page it was made on
    version   2   of the safe's RSA key
    nonce    12   of AES-GCM
    key     512   the AES-256 key, wrapped by RSA-4096 OAEP with SHA-256
    size      4   of what follows
    sealed        AES-256-GCM over JSON `{field: text}`, padded with blanks so that its length
                  tells nothing; the form's context is authenticated with it
"""

import base64
import binascii
import hashlib
import html
import json
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.secret import Secret
from vault.entries import EntryRef
from vault.intake.errors import (
    IntakeAlteredError,
    IntakeTruncatedError,
    IntakeUnreadableError,
    altered,
)

BEGIN: Final = "-----BEGIN OPSKIT INTAKE-----"
END: Final = "-----END OPSKIT INTAKE-----"
MARK: Final = "OPSKITINTAKE1"  # the digit is none of base32: the body cannot hold the mark
LARGEST_TEXT: Final = 1_000_000  # bytes of text
FORM_SIZE: Final = 10  # bytes: 16 letters and digits
KEY_SIZE: Final = 32

_HEAD: Final = struct.Struct(f">{FORM_SIZE}sH12s512sI")
_BLOCK: Final = re.compile(
    r"BEGIN\s+OPSKIT\s+INTAKE(.*?)(END\s+OPSKIT\s+INTAKE|\Z)", re.DOTALL | re.IGNORECASE
)
_TAG: Final = re.compile(r"<[a-zA-Z/][^<>]{0,300}>")
# What quoting, mail and editors put between the letters: blanks of every kind, > and |, the = of
# a broken line, soft hyphens, marks without a width, and the dashes of the last line.
_NOISE: Final = re.compile("[\\s>|=\u00ad\u200b-\u200f\u2060\ufeff\u2010-\u2015-]+")
_BASE32: Final = re.compile("[A-Z2-7]*")


@dataclass(frozen=True, slots=True)
class Form:
    """What one page was made for; a block made on it is good for nothing else."""

    ref: EntryRef
    form: str
    kind: str
    key_version: int
    key: str
    """The fingerprint of that version of the safe's key."""
    until: date
    """The last day on which its block is taken."""

    @property
    def context(self) -> str:
        """What is authenticated together with the values."""
        key = f"{self.key_version} {self.key}"
        facts = (self.form, self.ref.path, self.kind, key, self.until.isoformat())
        return "\n".join(("opskit/intake/v1", *facts))


@dataclass(frozen=True, slots=True)
class Block:
    """A block taken apart; nothing in it is proven yet."""

    form: str
    key_version: int
    nonce: bytes
    wrapped: bytes
    sealed: bytes
    digest: str
    """SHA-256 of its bytes, by which it is known again."""


Answer = Mapping[str, Secret]
"""What the client filled in, by field: an empty text where a fact no longer holds."""


def form_name(random: bytes) -> str:
    """A page's name, made from `FORM_SIZE` random bytes."""
    return base64.b32encode(random).decode()


def read_block(text: str) -> Block:
    """The block in a text, wherever it stands, however a ticket platform quoted and wrapped it.

    Raises:
        IntakeUnreadableError: there is none, there are several, or letters are damaged.
        IntakeTruncatedError: its end or a part of it is missing.
        InvalidError: the text is too long.
    """
    if len(text) > LARGEST_TEXT:
        raise too_long()
    plain = _TAG.sub(" ", html.unescape(_TAG.sub(" ", text)))
    found = [(_NOISE.sub("", body).upper(), end) for body, end in _BLOCK.findall(plain)]
    bodies = {body.partition(MARK)[2]: end for body, end in found}
    if len(bodies) != 1:  # quoted once more, the same one counts once
        raise _not_one(len(bodies))
    [(body, end)] = bodies.items()
    if not end:
        raise _truncated()
    return _take_apart(_decoded(body))


def open_block(block: Block, *, key: bytes, form: Form) -> Answer:
    """What the client filled in on that form.

    Raises:
        IntakeAlteredError: another key, another form, or a letter was changed.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(key) != KEY_SIZE:
        raise altered()
    try:
        plain = AESGCM(key).decrypt(block.nonce, block.sealed, form.context.encode())
    except InvalidTag as err:
        raise altered() from err
    return _answer(plain)


def too_long() -> InvalidError:
    return InvalidError(
        _("this is too long for a block"), hint=_("give the block alone, up to 1 MB of text")
    )


def _decoded(body: str) -> bytes:
    if not _BASE32.fullmatch(body):
        raise IntakeUnreadableError(
            _("the block holds characters that are none of it"),
            hint=_("copy it once more from the ticket, from BEGIN to END"),
        )
    try:
        return base64.b32decode(body + "=" * (-len(body) % 8))
    except binascii.Error as err:
        raise _incomplete() from err


def _take_apart(raw: bytes) -> Block:
    if len(raw) < _HEAD.size:
        raise IntakeUnreadableError(
            _("what stands between BEGIN and END is no block"),
            hint=_("copy it once more from the ticket, from BEGIN to END"),
        )
    form, version, nonce, wrapped, size = _HEAD.unpack_from(raw)
    sealed = raw[_HEAD.size :]
    if len(sealed) < size:
        raise _incomplete()
    if len(sealed) > size:
        raise altered()
    digest = hashlib.sha256(raw).hexdigest()
    return Block(form_name(form), version, nonce, wrapped, sealed, digest)


def _answer(plain: bytes) -> Answer:
    """Whoever has the page can make a block: its content is as strange as any input."""
    try:
        values: Any = json.loads(plain)
    except (ValueError, RecursionError):
        raise strange() from None  # the text may hold a secret
    if not isinstance(values, dict) or not all(map(_is_text, (*values, *values.values()))):
        raise strange()
    return {name: Secret(text) for name, text in values.items()}


def _is_text(value: object) -> bool:
    """JSON can hold halves of a character, which are no text."""
    return isinstance(value, str) and not any("\ud800" <= each <= "\udfff" for each in value)


def strange() -> IntakeAlteredError:
    return IntakeAlteredError(
        _("the block opens, but no page of ours wrote what is in it"),
        hint=_("ask the client by telephone whether it is theirs"),
    )


def _not_one(count: int) -> IntakeUnreadableError:
    if count:
        return IntakeUnreadableError(
            _("the text holds {count} different blocks").format(count=count),
            hint=_("give one; the last that the client sent is the right one"),
        )
    return IntakeUnreadableError(
        _("the text holds no block"),
        hint=_("copy it from the ticket, from {begin} to {end}").format(begin=BEGIN, end=END),
    )


def _incomplete() -> IntakeTruncatedError:
    return IntakeTruncatedError(
        _("the block was cut: a part of it is missing"),
        hint=_("copy it once more from the ticket, from BEGIN to END"),
    )


def _truncated() -> IntakeTruncatedError:
    return IntakeTruncatedError(
        _("the block was cut: its end is missing"),
        hint=_("copy it once more from the ticket, from BEGIN to END"),
    )
