"""A page of the event log, quickly: whether it fits, and how many licences it says were issued.

`opskit.core.events` has the truth and its slower words. Here a page is only let pass: JSON that
hashes to the stored hash is what was hashed, whoever wrote it. A page that does not pass is asked
about there.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

ISSUED = "license.issued"  # a test holds it against `licenses.services.issuing`

_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.decode


class LoggedEvent(NamedTuple):
    """The columns of an event, its JSON as text."""

    id: int
    at: str
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


def judge(rows: Sequence[tuple[object, ...]], previous: str, last_id: int) -> tuple[bool, int]:
    """Whether these events follow that one and each other, and how many licences they issued."""
    fits, issued = True, 0
    for row in rows:
        event = LoggedEvent._make(row)
        after = _read(event.after)
        fits = fits and _fits(event, after, previous, last_id)
        previous, last_id = event.hash, event.id
        if event.action == ISSUED:
            issued += len(digests_in(event.subject, after))
    return fits, issued


def digests_in(subject: str, after: Mapping[str, Any] | None) -> Mapping[str, str | None]:
    """Licence -> digest, of an event `license.issued`: one licence, or a part of a batch."""
    facts = after or {}
    many = facts.get("licenses")
    return many if isinstance(many, dict) else {subject: facts.get("digest")}


def _fits(event: LoggedEvent, after: Mapping[str, Any] | None, previous: str, last_id: int) -> bool:
    if event.id != last_id + 1 or event.previous != previous:
        return False
    facts = {
        "action": event.action,
        "actor_id": event.actor_id,
        "after": after,
        "at": event.at,
        "before": _read(event.before),
        "client": event.client,
        "id": event.id,
        "personal_digest": event.personal_digest,
        "previous": previous,
        "subject": event.subject,
        "ticket": event.ticket,
    }
    if sha256(_encode(facts)).hexdigest() != event.hash:
        return False
    personal = _read(event.personal)
    if personal is None:
        return True
    names = {"personal": personal, "salt": event.salt or ""}
    return sha256(_encode(names)).hexdigest() == event.personal_digest


def _read(text: str | None) -> Any:  # noqa: ANN401 (whatever the column holds)
    return None if text is None else _decode(text)
