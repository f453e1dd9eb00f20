"""One line of the register held against its keys, its request and the event log. Pure."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from licenses.approval import ALONE, message_of
from licenses.keyformat import MAX_SIGNED_SIZE, MIN_SIGNED_SIZE, SIGNATURE_SIZE, signing_input
from licenses.offline import evidence
from licenses.offline.numbering import KEY_IDS as OFFLINE_KEY_IDS
from licenses.payload import LicenseKind
from licenses.proving.bodies import expecting, extensions_are_sound, stamp_of, terms_part
from licenses.proving.flaws import Flaw, Tally
from licenses.proving.trust import Trust
from licenses.states import REGISTERED
from opskit.core.catalog import Catalog

Flawed = tuple[int, Flaw]

_UNREADABLE = (TypeError, ValueError, AttributeError)  # text for bytes and the like


class Line(NamedTuple):
    """A row of the register, its request (`asked_`), and what the event log tells (`told_`)."""

    terms: tuple[object, ...]
    serial: int
    sequence: int
    client_number: int | None
    signed: bytes
    issued_by: str
    request_number: int
    asked_serial: int | None
    asked_state: str | None  # None: there is no such request
    asked_by: str
    asked_body: bytes | None
    asked_the_same: bool | None
    approved_by: str | None
    approval_key_version: int | None
    approval: bytes | None
    told_issuer: str | None  # None: no such event
    told_digest: str | None  # None: events once did not have it
    told_the_same: bool  # of the time, the action, and what it replaces
    told_requester: str | None


class LineProver:
    """Judges lines by the keys of the safe and the catalogue; holds the loaded keys."""

    def __init__(self, trust: Trust, catalog: Catalog) -> None:
        self._expected = expecting(catalog)
        self._keys = {each.key_id: each for each in trust.keys.keys}
        self._approvers = {
            (entity_id, version): Ed25519PublicKey.from_public_bytes(raw)
            for entity_id, versions in trust.approvers.items()
            for version, raw in versions.items()
        }

    def page(self, rows: Sequence[tuple[object, ...]]) -> tuple[list[Flawed], Tally]:
        """The flaws of a page of lines, by serial, and what was looked at."""
        tally, found = Tally(), list[Flawed]()
        for row in rows:
            line = Line._make(row)
            try:
                found += [(line.serial, flaw) for flaw in self._flaws(line, tally)]
            except _UNREADABLE:
                found.append((line.serial, Flaw.UNREADABLE))
        tally.licenses = len(rows)
        return found, tally

    def _flaws(self, line: Line, tally: Tally) -> Iterator[Flaw]:
        if line.told_issuer is None:
            yield Flaw.NOT_LOGGED
        elif line.told_issuer != line.issued_by:
            yield Flaw.OTHER_ISSUER
        elif not line.told_the_same:
            yield Flaw.OTHER_ISSUE
        if line.told_digest not in (None, sha256(line.signed).hexdigest()):
            yield Flaw.OTHER_DIGEST
        if not MIN_SIGNED_SIZE <= len(line.signed) <= MAX_SIGNED_SIZE:
            yield Flaw.MALFORMED
            return
        body = line.signed[:-SIGNATURE_SIZE]
        yield from self._signature(line, body)
        yield from self._columns(line, body)
        yield from self._request(line, body, tally)

    def _signature(self, line: Line, body: bytes) -> Iterator[Flaw]:
        key = self._keys.get(body[1])
        if key is None:
            yield Flaw.UNKNOWN_KEY
            return
        kinds = {LicenseKind.TEMPORARY} if body[1] in OFFLINE_KEY_IDS else key.kinds
        if line.terms[0] not in kinds:
            yield Flaw.KIND_NOT_ALLOWED
        if not key.accepts(line.signed[-SIGNATURE_SIZE:], signing_input(body)):
            yield Flaw.BAD_SIGNATURE

    def _columns(self, line: Line, body: bytes) -> Iterator[Flaw]:
        if line.client_number is None:
            yield Flaw.NO_CLIENT
            return
        _key_id, serial, client_number, sequence, _issued_on = stamp_of(body)
        stamped = (serial, client_number, sequence)
        if stamped != (line.serial, line.client_number, line.sequence) or terms_part(
            body
        ) != self._expected(line.terms):
            yield Flaw.OTHER_TERMS
        if not extensions_are_sound(body):
            yield Flaw.MALFORMED

    def _request(self, line: Line, body: bytes, tally: Tally) -> Iterator[Flaw]:
        if line.asked_state is None:
            yield Flaw.NO_REQUEST
            return
        if line.asked_state not in REGISTERED:
            yield Flaw.NOT_MARKED_ISSUED
        if line.asked_body != body or line.asked_serial != line.serial or not line.asked_the_same:
            yield Flaw.OTHER_REQUEST
        if line.told_requester != line.asked_by:
            yield Flaw.OTHER_REQUESTER
        if body[1] in OFFLINE_KEY_IDS:
            yield from self._out_of_a_kit(line, body, tally)
            return
        if line.approved_by is None and line.approval is None:
            yield from _unapproved(line, tally)
            return
        tally.approvals += 1
        if line.approved_by == line.asked_by:
            yield Flaw.OWN_APPROVAL
        if not self._is_approved(line):
            yield Flaw.BAD_APPROVAL

    def _out_of_a_kit(self, line: Line, body: bytes, tally: Tally) -> Iterator[Flaw]:
        """The kit itself signed for the two who opened it."""
        tally.offline += 1
        key = self._keys.get(body[1])
        said = evidence.message_of(first=line.asked_by, second=line.approved_by or "", body=body)
        if key is None or not key.accepts(line.approval or b"", said):
            yield Flaw.BAD_APPROVAL

    def _is_approved(self, line: Line) -> bool:
        approver_id = line.approved_by or ""
        key = self._approvers.get((approver_id, line.approval_key_version or 0))
        if key is None:
            return False
        message = message_of(
            number=line.request_number,
            requester_id=line.asked_by,
            approver_id=approver_id,
            body=line.asked_body or b"",
        )
        try:
            key.verify(line.approval or b"", message)
        except InvalidSignature:
            return False
        return True


def _unapproved(line: Line, tally: Tally) -> Iterator[Flaw]:
    """Which is in order for what cannot run a business."""
    if line.terms[0] in ALONE:
        tally.without_second_person += 1
    else:
        yield Flaw.NOT_APPROVED
