"""The event log: append-only, each line bound to the one before by its hash.

Personal fields enter the hash only as a salted digest. Erasing a person removes the values and
the salt; the digest stays, so the chain still holds and nobody can guess the name from it.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer, Select, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from opskit.core.db import Base, UtcDateTime, ensure_row
from opskit.core.i18n import _
from opskit.core.identity import Identity

GENESIS = "0" * 64
PAGE = 1000


class Event(Base):
    """Who did what, when, on which subject, for which ticket."""

    __tablename__ = "core_event"
    __table_args__ = (Index("ix_core_event_subject_action", "subject", "action"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[str] = mapped_column(String(64), index=True)
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    client: Mapped[str | None] = mapped_column(String(16), index=True)
    ticket: Mapped[str | None] = mapped_column(String(20))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    personal: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    salt: Mapped[str | None] = mapped_column(String(32))
    personal_digest: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    @property
    def actor(self) -> str:
        """The person's name, or the entity once the person was erased."""
        return str((self.personal or {}).get("actor", self.actor_id))


class EventHead(Base):
    """The last event; its single row is the lock that puts appends in line."""

    __tablename__ = "core_event_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last_id: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class Fault:
    """One event that does not fit the chain."""

    event_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a walk along the whole chain found."""

    events: int
    head: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """What one of many events of the same kind tells."""

    subject: str
    client: str | None = None
    after: Mapping[str, Any] | None = None
    personal: Mapping[str, Any] | None = None


def record(
    session: Session,
    *,
    actor: Identity,
    at: datetime,
    action: str,
    subject: str,
    client: str | None = None,
    ticket: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
) -> Event:
    """Append one event. Names and mail addresses belong into `personal`, secrets nowhere."""
    event = Event(
        at=at,
        actor_id=actor.entity_id,
        action=action,
        subject=subject,
        client=client,
        ticket=ticket,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
    )
    _append(session, [event], [{"actor": actor.name, **(personal or {})}])
    return event


def record_all(
    session: Session,
    happenings: Iterable[Happening],
    *,
    actor: Identity,
    at: datetime,
    action: str,
    ticket: str | None = None,
) -> None:
    """Append many events of one kind, in their order, in one go."""
    told = list(happenings)
    events = [
        Event(
            at=at,
            actor_id=actor.entity_id,
            action=action,
            subject=each.subject,
            client=each.client,
            ticket=ticket,
            before=None,
            after=None if each.after is None else dict(each.after),
        )
        for each in told
    ]
    if events:
        _append(session, events, [{"actor": actor.name, **(each.personal or {})} for each in told])


def _append(
    session: Session, events: Sequence[Event], personal: Sequence[Mapping[str, Any]]
) -> None:
    head = session.get(EventHead, 1, with_for_update=True)
    if head is None:
        ensure_row(session, EventHead(id=1, last_id=0, hash=GENESIS))
        head = session.get_one(EventHead, 1, with_for_update=True)
    for event, names in zip(events, personal, strict=True):
        event.id, event.previous = head.last_id + 1, head.hash
        event.personal, event.salt = dict(names), secrets.token_hex(16)
        event.personal_digest = _digest_personal(event.salt, event.personal)
        event.hash = hash_of(event)
        head.last_id, head.hash = event.id, event.hash
    session.add_all(events)
    session.flush()  # the next event of this transaction follows this one


def hash_of(event: Event) -> str:
    """SHA-256 over the event's facts in canonical JSON, personal values as their digest."""
    return _sha256(
        {
            "id": event.id,
            "at": event.at.isoformat(),
            "actor_id": event.actor_id,
            "action": event.action,
            "subject": event.subject,
            "client": event.client,
            "ticket": event.ticket,
            "before": event.before,
            "after": event.after,
            "personal_digest": event.personal_digest,
            "previous": event.previous,
        }
    )


def listing(
    *, client: str | None = None, since: datetime | None = None, action: str | None = None
) -> Select[Event]:
    """The query behind `opskit audit list`, newest first."""
    query = select(Event).order_by(Event.id.desc())
    if client is not None:
        query = query.where(Event.client == client)
    if since is not None:
        query = query.where(Event.at >= since)
    if action is not None:
        query = query.where(Event.action.istartswith(action, autoescape=True))
    return query


def first(session: Session, *, action: str, subject: str) -> Event | None:
    """How something began: the earliest event of that action on that subject."""
    query = select(Event).where(Event.action == action, Event.subject == subject)
    return session.scalar(query.order_by(Event.id).limit(1))


def verify_chain(session: Session) -> ChainReport:
    """Recompute every hash from the first event to the head, in constant memory."""
    faults: list[Fault] = []
    previous, last_id = GENESIS, 0
    for event, found in _along(_in_order(session), previous, last_id):
        faults += found
        previous, last_id = event.hash, event.id
    head = session.get(EventHead, 1)
    expected = (head.last_id, head.hash) if head else (0, GENESIS)
    if expected != (last_id, previous):
        faults.append(Fault(expected[0], _("the head names another last event")))
    return ChainReport(events=last_id, head=previous, faults=tuple(faults))


def faults_in(
    session: Session, extent: tuple[int, int], *, after: tuple[int, str]
) -> Iterator[Fault]:
    """What is wrong with the events of these numbers, coming after one of that number and hash."""
    last_id, previous = after
    page = select(Event).where(Event.id.between(*extent)).order_by(Event.id)
    for _event, found in _along(session.scalars(page), previous, last_id):
        yield from found


def hash_at(session: Session, event_id: int) -> str | None:
    """The hash of one event, to hold against a checkpoint; None where it is gone."""
    return session.scalar(select(Event.hash).where(Event.id == event_id))


def _along(
    events: Iterable[Event], previous: str, last_id: int
) -> Iterator[tuple[Event, list[Fault]]]:
    """Each event with what is wrong with it, after the one of that hash and number."""
    for event in events:
        reasons = _faults_of(event, previous, last_id + 1)
        yield event, [Fault(event.id, reason) for reason in reasons]
        previous, last_id = event.hash, event.id


def _faults_of(event: Event, previous: str, expected_id: int) -> Iterator[str]:
    if event.id != expected_id:
        yield _("event {id} is missing").format(id=expected_id)
    if event.previous != previous:
        yield _("does not follow the event before it")
    if event.hash != hash_of(event):
        yield _("was altered")
    if event.personal is not None and event.personal_digest != _digest_personal(
        event.salt or "", event.personal
    ):
        yield _("a name in it was altered")


def _in_order(session: Session) -> Iterator[Event]:
    query = select(Event).order_by(Event.id).limit(PAGE)
    page = session.scalars(query).all()  # from the lowest number, also where somebody added a 0
    while page:
        yield from page
        last = page[-1].id
        session.expunge_all()
        page = session.scalars(query.where(Event.id > last)).all()


def _digest_personal(salt: str, personal: Mapping[str, Any]) -> str:
    return _sha256({"salt": salt, "personal": dict(personal)})


def _sha256(facts: Mapping[str, Any]) -> str:
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
