"""What a kit issued, a line each, in a file beside it: written before anybody sees the licence.

No secret is in it. It is a text file that anybody can alter; what a line says about the licence
and about who issued it is signed, when and why are words.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from licenses.keyformat import decode, split_signature
from licenses.offline.kit import KitNumber, Signed
from licenses.offline.kitfile import FORMAT as KIT
from licenses.payload import LicensePayload
from licenses.refusals import LicenseRefusedError
from opskit.core.errors import InvalidError, NotFoundError, UnavailableError
from opskit.core.i18n import _
from opskit.core.system_errors import reason_of

FORMAT: Final = "opskit-sealed-safe-journal/v1"
SUFFIX = ".journal"
LONGEST_REASON = 500
LARGEST = 16 << 20
_KIT, _KIT_WITHIN = KIT.encode(), 200  # where a kit says what it is

_Moment = Annotated[datetime, Meta(tz=True)]
_Reason = Annotated[str, Meta(min_length=1, max_length=LONGEST_REASON)]
_Evidence = Annotated[bytes, Meta(min_length=64, max_length=64)]


class Witness(Struct, frozen=True, forbid_unknown_fields=True):
    """One of the two who opened the kit."""

    entity_id: Annotated[str, Meta(min_length=1, max_length=64)]
    name: Annotated[str, Meta(min_length=1, max_length=200)]


class Entry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One licence; `evidence` is the kit's signature over who opened it for this payload."""

    format: Literal["opskit-sealed-safe-journal/v1"] = FORMAT
    kit: KitNumber
    client: str
    site: str | None
    signed: Signed
    holders: tuple[Witness, Witness]
    evidence: _Evidence
    at: _Moment
    reason: _Reason
    ticket: str | None

    @property
    def body(self) -> bytes:
        return split_signature(self.signed)[0]

    @property
    def payload(self) -> LicensePayload:
        """What the licence claims; `verifier.authenticate` tells whether it is true."""
        return decode(self.body)


def beside(kit: Path) -> Path:
    """Where the journal of a kit is."""
    return kit.with_name(kit.name + SUFFIX)


def read(file: Path) -> Iterator[tuple[int, Entry | None]]:
    """The number of each line, and what it says; None for one that says nothing sensible.

    Raises:
        NotFoundError: the file cannot be read. InvalidError: it is too long for a journal.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as err:
        raise NotFoundError(
            _("cannot read {file}: {reason}").format(file=file, reason=reason_of(err)),
            hint=_("the journal lies beside its kit and ends in {suffix}").format(suffix=SUFFIX),
        ) from err
    if _KIT in content[:_KIT_WITHIN]:
        raise InvalidError(
            _("{file} is the kit; its journal is {journal}").format(
                file=file, journal=beside(file)
            ),
            hint=f"opskit license register adopt {beside(file)}",
        )
    if len(content) > LARGEST:
        raise InvalidError(
            _("{file} is too long for a journal").format(file=file),
            hint=_("the journal lies beside its kit and ends in {suffix}").format(suffix=SUFFIX),
        )
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            yield number, _parse(line)


def entries(file: Path) -> list[Entry]:
    """What was issued so far, as far as it can be read; nothing where there is no journal yet."""
    if not file.exists():
        return []
    return [entry for _number, entry in read(file) if entry is not None]


def append(file: Path, entry: Entry) -> None:
    """Add a line and wait until the disk has it.

    Raises:
        UnavailableError: it cannot be written; then the licence must not be shown.
    """
    line = msgspec.json.encode(entry) + b"\n"
    try:
        torn = file.exists() and file.read_bytes()[-1:] not in {b"", b"\n"}
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "ab") as opened:
            opened.write(b"\n" + line if torn else line)
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as err:
        raise UnavailableError(
            _("cannot write {file}: {reason}").format(file=file, reason=reason_of(err)),
            hint=_("nothing was issued: copy the kit and its journal to where you may write"),
        ) from err


def _parse(line: bytes) -> Entry | None:
    try:
        entry = msgspec.json.decode(line, type=Entry)
        entry.payload  # noqa: B018 (its form is part of what has to be sensible)
    except (msgspec.DecodeError, UnicodeDecodeError, LicenseRefusedError):
        return None
    return entry
