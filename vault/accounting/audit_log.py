"""The server's audit log, a JSON object a line, and above all who was given which secret.

Each request leaves two lines, `request` before and `response` after. What counts is a response:

* `response.data.data` is there: the value was handed out;
* `response.wrap_info` with the lifetime that the client had asked for (`request.wrap_ttl`): a
  token was handed out that is worth the value to whoever holds it;
* `response.wrap_info` with another: a control group waits for the second person. Nothing was
  handed out yet. When the token is redeemed the server runs the same request again, under its old
  id and in the name of who asked first, and logs it again, once for each time.

Names, paths and audited headers stand there in plain text, every value as an HMAC. A line may be
megabytes long (SCAN), the last one half written, and a full disk leaves half a line to which the
next is appended. Tried with OpenBao 2.7; HashiCorp Vault writes the same objects.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal, TypeVar

import msgspec

from opskit.core.http import TICKET_HEADER
from vault.store.metadata import GUARDED, MOUNT

Place = tuple[str, str]
"""A mount, and the name of an entry in it."""

MOUNTS = (MOUNT, GUARDED)
_MARKS = tuple(f'"path":"{mount}/data/'.encode() for mount in MOUNTS)
RESPONSE = b'"type":"response"'
_ANY_TYPE = (RESPONSE, b'"type":"request"')
_ENDS = (b"}\n", b"}", b"}\r\n")
_BEGINNING = b'{"time":'
_TICKET = TICKET_HEADER.lower()
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError)

Found = TypeVar("Found")


class Outcome(StrEnum):
    """What came of asking for a secret."""

    READ = "read"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Read:
    """One answer to somebody who asked for an entry's secrets.

    `entry` is what stood in the path, an entry's name or not; `version` is 0 where the log does
    not tell it; `ticket` is what the person gave as reason, and `display_name` what the server
    calls the login (`userpass-bob`), empty for a token that it did not know.
    """

    at: datetime
    mount: str
    entry: str
    outcome: Outcome
    request_id: str
    entity_id: str = ""
    display_name: str = ""
    version: int = 0
    address: str = ""
    ticket: str = ""

    @property
    def place(self) -> Place:
        return self.mount, self.entry

    @property
    def client(self) -> str:
        return self.entry.partition("/")[0]


@dataclass(slots=True)
class Tally:
    """What was met on the way through one log; counted while the reads are taken out."""

    is_log: bool = False
    is_empty: bool = True
    begun: datetime | None = field(default=None, compare=False)
    """When its first readable line was written."""
    broken: int = 0
    cut: bool = False
    """The last line has no end: the server is writing it, or the file was copied meanwhile."""
    elsewhere: int = 0
    """What was asked in another namespace than the one that is looked at."""
    too_long: list[bytes] = field(default_factory=list)
    """How the lines begin that are too long to be held."""


def reads_in(lines: Iterable[bytes], tally: Tally, *, namespace: str = "") -> Iterator[Read]:
    """The reads in the lines of one log, in their order; what is no read is passed over."""
    space = namespace.strip("/")
    return taken_from(lines, tally, _MARKS, lambda line: _read_of(line, tally, space))


def taken_from(
    lines: Iterable[bytes],
    tally: Tally,
    marks: tuple[bytes, ...],
    take: Callable[[bytes], Found | None],
) -> Iterator[Found]:
    """What `take` makes of the responses that have one of the marks in them.

    Lines that cannot be read are counted in `tally` and never raise.
    """
    whole, before = True, 0
    for line in lines:
        tally.is_empty = False
        whole, before = line.endswith(b"\n"), tally.broken
        if not tally.is_log:
            tally.is_log = any(mark in line for mark in _ANY_TYPE)
        if tally.begun is None:
            tally.begun = moment_of(line)
        if not line.endswith(_ENDS):
            tally.broken += bool(line.strip())
        elif RESPONSE in line and any(mark in line for mark in marks):
            found = take(line)
            if found is not None:
                yield found
    if not whole and tally.broken > before:
        tally.broken, tally.cut = before, True


def moment_of(line: bytes) -> datetime | None:
    """When the line was written; None where it is no line of an audit log."""
    try:
        return _decode_head(line).time.astimezone(UTC)
    except UNREADABLE:
        return None


def each_once(reads: Iterable[Read]) -> Iterator[Read]:
    """Leave out what the server logged again when a second person's consent was redeemed again.

    Only reads of guarded entries come twice, and those are few enough to be remembered.
    """
    seen: set[str] = set()
    for read in reads:
        if read.mount == GUARDED and read.outcome is Outcome.READ:
            if read.request_id in seen:
                continue
            seen.add(read.request_id)
        yield read


class Auth(msgspec.Struct):
    entity_id: str = ""
    display_name: str = ""


class _Namespace(msgspec.Struct):
    path: str = ""


class _Request(msgspec.Struct):
    path: str
    operation: str
    id: str = ""
    remote_address: str = ""
    wrap_ttl: int = 0
    mount_point: str = ""
    mount_type: str = ""
    namespace: _Namespace | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")
    headers: dict[str, list[str]] | None = None


class _Head(msgspec.Struct):
    time: datetime
    type: Literal["request", "response"]


class Line(msgspec.Struct):
    """What is looked at of a line; the rest is not even decoded."""

    time: datetime
    type: str
    request: _Request
    auth: Auth | None = None
    response: msgspec.Raw = msgspec.Raw(b"null")
    error: str = ""


class _Version(msgspec.Struct):
    version: int = 0


class _Secret(msgspec.Struct):
    data: dict[str, msgspec.Raw] | None = None
    metadata: _Version | None = None


class _Wrapping(msgspec.Struct):
    ttl: int = 0


class _Answer(msgspec.Struct):
    """The response to a read of `MOUNT/data/`: other paths have other ones."""

    data: _Secret | None = None
    wrap_info: _Wrapping | None = None


_decode_head = msgspec.json.Decoder(_Head).decode
_decode = msgspec.json.Decoder(Line).decode
_decode_answer = msgspec.json.Decoder(_Answer | None).decode


def _read_of(text: bytes, tally: Tally, namespace: str) -> Read | None:
    line = parsed(text, tally)
    if line is None or line.type != "response" or line.request.operation != "read":
        return None
    mount, _data, entry = line.request.path.partition("/data/")
    if mount not in MOUNTS or not entry:
        return None
    try:
        answer = _decode_answer(line.response) or _Answer()
    except UNREADABLE:
        tally.broken += 1
        return None
    outcome = _outcome(line, answer)
    if outcome is None:
        return None
    if namespace_of(line.request.namespace) != namespace:
        tally.elsewhere += 1
        return None
    auth = line.auth or Auth()
    return Read(
        at=line.time.astimezone(UTC),
        mount=mount,
        entry=printable(entry),
        outcome=outcome,
        request_id=line.request.id,
        entity_id=printable(auth.entity_id),
        display_name=printable(auth.display_name),
        version=answer.data.metadata.version if answer.data and answer.data.metadata else 0,
        address=printable(line.request.remote_address),
        ticket=printable(_ticket(line.request.headers or {})),
    )


def parsed(text: bytes, tally: Tally) -> Line | None:
    """The line; of one that begins with half of another, what was appended to that half."""
    try:
        return _decode(text)
    except UNREADABLE:
        tally.broken += 1
    appended = text.rfind(_BEGINNING)
    try:
        return _decode(text[appended:]) if appended > 0 else None
    except UNREADABLE:
        return None


def _outcome(line: Line, answer: _Answer) -> Outcome | None:
    """None where nothing was handed out and nobody was refused: no such entry, a deleted one."""
    if line.error:
        return Outcome.DENIED if "permission denied" in line.error else None
    if answer.data is not None and answer.data.data is not None:
        return Outcome.READ
    if answer.wrap_info is not None and answer.wrap_info.ttl == line.request.wrap_ttl:
        return Outcome.READ
    return None


def namespace_of(namespace: _Namespace | None) -> str:
    return "" if namespace is None else namespace.path.strip("/")


def printable(text: str) -> str:
    """Whatever a client sent, without what would steer the terminal on which it is shown."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in text)


def _ticket(headers: dict[str, list[str]]) -> str:
    return next(
        (values[0] for name, values in headers.items() if name.lower() == _TICKET and values), ""
    )
