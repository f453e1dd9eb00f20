"""The kit as one file: a label that people can read, and a sealed block."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from licenses.offline import sealing
from licenses.offline.kit import SEED_SIZE, Content, Holder, Label, OpenKit
from licenses.offline.sealing import Lock
from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.secret import Secret
from opskit.core.system_errors import reason_of

FORMAT: Final = "opskit-sealed-safe/v1"
LARGEST = 64 << 20  # bytes; ten thousand clients take three million

_Nonce = Annotated[bytes, Meta(min_length=sealing.NONCE_SIZE, max_length=sealing.NONCE_SIZE)]
_Sealed = Annotated[bytes, Meta(min_length=SEED_SIZE + sealing.TAG_SIZE)]


class SealedKit(Struct, frozen=True, forbid_unknown_fields=True):
    """The file: JSON, bytes in base64."""

    format: Literal["opskit-sealed-safe/v1"]
    label: Label
    nonce: _Nonce
    sealed: _Sealed


def pack(kit: OpenKit, passphrases: Sequence[Secret]) -> bytes:
    """The file of an open kit, sealed with fresh salts."""
    lock = sealing.new_lock()
    label = msgspec.structs.replace(kit.label, holders=_salted(kit.label.holders, lock))
    plain = kit.plain(msgspec.json.encode(kit.content))
    try:
        sealed = sealing.seal(plain, passphrases, lock, _bound(label))
    finally:
        sealing.wipe(plain)
    document = SealedKit(FORMAT, label, lock.nonce, sealed)
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def read(file: Path) -> SealedKit:
    """What stands in the file, still sealed.

    Raises:
        NotFoundError: it cannot be read. InvalidError: it is no kit.
    """
    try:
        with file.open("rb") as opened:
            return msgspec.json.decode(opened.read(LARGEST), type=SealedKit)
    except OSError as err:
        raise NotFoundError(
            _("cannot read {file}: {reason}").format(file=file, reason=reason_of(err)),
            hint=_("--kit names the file that opskit license kit create made"),
        ) from err
    except (msgspec.DecodeError, UnicodeDecodeError) as err:
        raise InvalidError(
            _("{file} is no sealed-safe kit: {reason}").format(file=file, reason=err),
            hint=_("--kit names the file that opskit license kit create made"),
        ) from err


def unpack(kit: SealedKit, passphrases: Sequence[Secret]) -> OpenKit:
    """Open it, with both passphrases in the order of its holders.

    Raises:
        KitLockedError: a passphrase is wrong, or the file was altered.
    """
    first, second = kit.label.holders
    lock = Lock((first.salt, second.salt), kit.nonce)
    plain = sealing.unseal(kit.sealed, passphrases, lock, _bound(kit.label))
    try:
        content = msgspec.json.decode(memoryview(plain)[SEED_SIZE:], type=Content)
        return OpenKit(kit.label, content, plain[:SEED_SIZE])
    finally:
        sealing.wipe(plain)


def _bound(label: Label) -> bytes:
    """The label as the seal covers it."""
    return FORMAT.encode() + b"\0" + msgspec.json.encode(label)


def _salted(holders: tuple[Holder, Holder], lock: Lock) -> tuple[Holder, Holder]:
    first, second = holders
    return (
        Holder(first.entity_id, first.name, lock.salts[0]),
        Holder(second.entity_id, second.name, lock.salts[1]),
    )
