"""A page of the event log, quickly: whether it fits, and how many licences it says were issued.

`opskit.core.events` has the truth and its slower words. Here a page is only let pass: JSON that
hashes to the stored hash is what was hashed, whoever wrote it. A page that does not pass is asked
about there. The pages are judged apart; each tells what it began and ended with, and whoever has
them all holds the ends together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

ISSUED = "license.issued"  # a test holds it against `licenses.services.issuing`

_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.decode


class LoggedEvent(NamedTuple):
    """The columns of an event as the driver gives them, JSON as text."""

    id: int
    at: datetime | str
    actor_id: str
    action: str
    subject: str
    client: str | None
    ticket: str | None
    before: str | None
    after: str | None
    personal: str | None
    salt: str | None
    personal_digest: str
    previous: str
    hash: str


class _Facts(msgspec.Struct, gc=False):
    """What the hash is taken of; canonical JSON has the names in this order."""

    action: str
    actor_id: str
    after: Any
    at: str
    before: Any
    client: str | None
    id: int
    personal_digest: str
    previous: str
    subject: str
    ticket: str | None


class _Names(msgspec.Struct, gc=False):
    """What the digest of the personal fields is taken of."""

    personal: Any
    salt: str


@dataclass(frozen=True, slots=True)
class PageOfEvents:
    """What a page of the log says of itself."""

    misfits: tuple[int, ...]  # events that do not follow the one before, or were altered
    count: int
    issued: int  # licences
    follows: tuple[int, str]  # number and hash of the event before its first
    ends: tuple[int, str]  # of its last


def judge(rows: Iterable[tuple[object, ...]]) -> PageOfEvents:
    """One event or more, in the order of their numbers."""
    misfits, count, issued = list[int](), 0, 0
    follows = last = (0, "")
    for row in rows:
        event = LoggedEvent._make(row)
        if count == 0:
            follows = last = (event.id - 1, event.previous)
        after = decoded(event.after)
        if (event.id - 1, event.previous) != last or not _is_unaltered(event, after):
            misfits.append(event.id)
        last = (event.id, event.hash)
        count += 1
        if event.action == ISSUED:
            issued += len(digests_in(event.subject, after))
    return PageOfEvents(tuple(misfits), count, issued, follows, last)


def digests_in(subject: str, after: object) -> Mapping[str, str | None]:
    """Licence -> digest, of an event `license.issued`: one licence, or a part of a batch."""
    facts = after if isinstance(after, dict) else {}
    many = facts.get("licenses")
    return many if isinstance(many, dict) else {subject: facts.get("digest")}


def decoded(text: str | None) -> Any:  # noqa: ANN401 (whatever the column holds)
    """A JSON column that was read as text; what is no JSON stays text, which fits no hash."""
    if text is None:
        return None
    try:
        return _decode(text)
    except (msgspec.DecodeError, TypeError):
        return text


def _is_unaltered(event: LoggedEvent, after: object) -> bool:
    facts = _Facts(
        event.action,
        event.actor_id,
        after,
        _moment(event.at),
        decoded(event.before),
        event.client,
        event.id,
        event.personal_digest,
        event.previous,
        event.subject,
        event.ticket,
    )
    if sha256(_encode(facts)).hexdigest() != event.hash:
        return False
    personal = decoded(event.personal)
    if personal is None:
        return True
    names = _Names(personal, event.salt or "")
    return sha256(_encode(names)).hexdigest() == event.personal_digest


def _moment(at: datetime | str) -> str:
    """As it was hashed; SQLite keeps a moment as text, in UTC without saying so."""
    if isinstance(at, datetime):
        return at.astimezone(UTC).isoformat()
    try:
        return f"{datetime.fromisoformat(at).isoformat()}+00:00"
    except (ValueError, TypeError):
        return at
