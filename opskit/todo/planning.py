"""What is to be sent now: every item once for each reason, failures again."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from opskit.core.todo import TodoItem
from opskit.todo.directory import Reader
from opskit.todo.models import Outcome, Reminder
from opskit.todo.reasons import Reason, reason_for
from opskit.todo.receivers import Receiver, Share, Shares

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Due:
    """One item for one receiver, why it is brought up today, and what became of the last try."""

    item: TodoItem
    reason: Reason
    digest: str
    told: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What one receiver gets: the most pressing first."""

    receiver: Receiver
    dues: tuple[Due, ...]

    def shown_to(self, reader: Reader) -> "Message":
        """With what of it this person may read."""
        return replace(self, dues=tuple(due for due in self.dues if reader.may_read(due.item)))


@dataclass(frozen=True, slots=True)
class Doubt:
    """A message of which nobody knows whether it arrived, with what of it still waits."""

    receiver: Receiver
    message_id: str
    items: int


@dataclass(frozen=True, slots=True)
class Plan:
    """`before` counts what was sent already; `nobody` is for a job that nobody has."""

    messages: tuple[Message, ...]
    before: int
    doubts: tuple[Doubt, ...]
    nobody: tuple[TodoItem, ...]


def plan(
    session: "Session",
    shares: Shares,
    *,
    channel: str,
    today: date,
    within: int | None = None,
    again: bool = False,
) -> Plan:
    """What each receiver is to hear of today and has not heard of yet.

    `again` takes what nobody knows about for not sent.
    """
    messages: list[Message] = []
    doubts: list[Doubt] = []
    before = 0
    for share in shares.shares:
        told = _told(session, share.receiver, channel)
        dues = _dues(share, channel, told, today=today, within=within)
        fresh = tuple(due for due in dues if _is_to_be_sent(due, again=again))
        doubts += _doubts(share.receiver, dues, told, again=again)
        before += sum(due.told is Outcome.SENT for due in dues)
        if fresh:
            messages.append(Message(share.receiver, fresh))
    return Plan(tuple(messages), before, tuple(doubts), shares.nobody)


def digest_of(receiver: Receiver, channel: str, item: TodoItem, reason: Reason) -> str:
    """The same item, receiver, channel, reason and day give the same one: sent once."""
    due = "" if item.due is None else item.due.isoformat()
    text = f"{receiver.key}\n{channel}\n{item.key}\n{reason}\n{due}"
    return hashlib.sha256(text.encode()).hexdigest()


def _dues(
    share: Share,
    channel: str,
    told: Mapping[str, Reminder],
    *,
    today: date,
    within: int | None,
) -> list[Due]:
    found: dict[str, Due] = {}
    for item in share.items:
        reason = reason_for(item, today=today, within=within)
        if reason is None:
            continue
        digest = digest_of(share.receiver, channel, item, reason)
        row = told.get(digest)
        outcome = None if row is None else Outcome(row.outcome)
        found.setdefault(digest, Due(item, reason, digest, outcome))
    order = list(Reason)
    return sorted(
        found.values(),
        key=lambda due: (order.index(due.reason), due.item.due or today, due.item.key),
    )


def _told(session: "Session", receiver: Receiver, channel: str) -> Mapping[str, Reminder]:
    query = select(Reminder).where(Reminder.receiver == receiver.key, Reminder.channel == channel)
    return {each.digest: each for each in session.scalars(query)}


def _is_to_be_sent(due: Due, *, again: bool) -> bool:
    """What a crash left on its way has to be repaired before it may be sent again."""
    return due.told in (None, Outcome.FAILED) or (again and due.told is Outcome.UNKNOWN)


def _doubts(
    receiver: Receiver, dues: Iterable[Due], told: Mapping[str, Reminder], *, again: bool
) -> Iterable[Doubt]:
    """By message. What is on its way is as doubtful as what the server did not confirm."""
    counted = Counter(
        told[due.digest].message_id
        for due in dues
        if due.told is not Outcome.SENT and not _is_to_be_sent(due, again=again)
    )
    return [Doubt(receiver, message_id, items) for message_id, items in counted.items()]
