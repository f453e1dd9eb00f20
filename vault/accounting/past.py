"""What the event log knows and the safe no longer shows: old names, and secrets that waited.

During a rotation the new secret waits in the safe beside the old one (`next:password`), and the
safe hands out both to everybody who reads, though `get` prints the old one alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.core.events import Event
from vault.accounting.audit_log import Place, Read
from vault.changing.removing import MOVED
from vault.changing.rotating import ABANDONED, BEGUN, ROTATED
from vault.store.metadata import MOUNT


class Happening(NamedTuple):
    """One event about an entry; `to` is its new name."""

    action: str
    entry: str
    at: datetime
    to: str = ""


class Move(NamedTuple):
    """`order` says which of two moves came first."""

    order: int
    at: datetime
    to: str


@dataclass(frozen=True, slots=True)
class Wait:
    """How long the secret that an entry has now had waited in it."""

    begun_at: datetime
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """`waits` by the present name of the entry, `moves` by the old one.

    Of guarded entries, which are neither moved nor rotated by opskit, it knows nothing.
    """

    waits: Mapping[Place, Wait] = field(default_factory=dict)
    moves: Mapping[str, list[Move]] = field(default_factory=dict)

    def followed(self, read: Read) -> Read:
        """The same read, under the name that the entry has now; versions count anew there."""
        name, at, order = read.entry, read.at, -1
        while read.mount == MOUNT:
            later = (m for m in self.moves.get(name, ()) if m.at >= at and m.order > order)
            move = next(later, None)
            if move is None:
                break
            order, at, name = move
        return read if order < 0 else replace(read, entry=name, version=0)


def past_of(happenings: Iterable[Happening]) -> Past:
    """What follows from the events, the oldest first."""
    begun: dict[str, datetime] = {}
    waits: dict[str, Wait] = {}
    moves: dict[str, list[Move]] = {}
    for order, (action, entry, at, to) in enumerate(happenings):
        since = begun.pop(entry, None)
        if action == BEGUN:
            begun[entry] = since or at
        elif action == ROTATED:
            waits.pop(entry, None)
            if since is not None:
                waits[entry] = Wait(since, at)
        elif action == MOVED:
            moves.setdefault(entry, []).append(Move(order, at, to))
            if since is not None:
                begun[to] = since
            if entry in waits:
                waits[to] = waits.pop(entry)
    return Past({(MOUNT, entry): wait for entry, wait in waits.items()}, moves)


def past_in(session: Session) -> Past:
    """What the event log tells."""
    query = (
        select(Event.action, Event.subject, Event.at, Event.after)
        .where(Event.action.in_((BEGUN, ROTATED, ABANDONED, MOVED)))
        .order_by(Event.id)
    )
    return past_of(
        Happening(action, subject, at, str((after or {}).get("to", "")))
        for action, subject, at, after in session.execute(query)
    )
