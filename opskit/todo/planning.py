"""What is to be sent now: every item once for each reason, failures again."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from opskit.core.todo import TodoItem
from opskit.todo.models import Outcome, Reminder
from opskit.todo.reasons import Reason, reason_for
from opskit.todo.receivers import Receiver, Share, Shares

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LONGEST_MESSAGE = 200  # items; more than that nobody reads, and no webhook takes


@dataclass(frozen=True, slots=True)
class Due:
    """One item for one receiver, and why it is brought up today."""

    item: TodoItem
    reason: Reason
    digest: str


@dataclass(frozen=True, slots=True)
class Message:
    """What one receiver gets: the most pressing first."""

    receiver: Receiver
    dues: tuple[Due, ...]


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
        dues = _dues(share, channel, today=today, within=within)
        told = _told(session, share.receiver, channel)
        fresh = [due for due in dues if _is_to_be_sent(told.get(due.digest), again=again)]
        lost = [] if again else _doubts(share.receiver, dues, told)
        doubts += lost
        before += len(dues) - len(fresh) - sum(doubt.items for doubt in lost)
        messages += _messages(share.receiver, fresh)
    return Plan(tuple(messages), before, tuple(doubts), shares.nobody)


def digest_of(receiver: Receiver, channel: str, item: TodoItem, reason: Reason) -> str:
    """The same item, receiver, channel, reason and day give the same one: sent once."""
    due = "" if item.due is None else item.due.isoformat()
    text = f"{receiver.key}\n{channel}\n{item.key}\n{reason}\n{due}"
    return hashlib.sha256(text.encode()).hexdigest()


def _dues(share: Share, channel: str, *, today: date, within: int | None) -> list[Due]:
    found: dict[str, Due] = {}
    for item in share.items:
        reason = reason_for(item, today=today, within=within)
        if reason is None:
            continue
        due = Due(item, reason, digest_of(share.receiver, channel, item, reason))
        found.setdefault(due.digest, due)
    order = list(Reason)
    return sorted(
        found.values(),
        key=lambda due: (order.index(due.reason), due.item.due or today, due.item.key),
    )


def _told(session: "Session", receiver: Receiver, channel: str) -> Mapping[str, Reminder]:
    query = select(Reminder).where(Reminder.receiver == receiver.key, Reminder.channel == channel)
    return {each.digest: each for each in session.scalars(query)}


def _is_to_be_sent(told: Reminder | None, *, again: bool) -> bool:
    if told is None or told.outcome == Outcome.FAILED:
        return True
    return again and told.outcome == Outcome.UNKNOWN


def _doubts(receiver: Receiver, dues: Sequence[Due], told: Mapping[str, Reminder]) -> list[Doubt]:
    """What a crash left on its way is as doubtful as what the server did not confirm."""
    lost: dict[str, int] = {}
    for due in dues:
        row = told.get(due.digest)
        if row is not None and row.outcome in (Outcome.UNKNOWN, Outcome.ON_ITS_WAY):
            lost[row.message_id] = lost.get(row.message_id, 0) + 1
    return [Doubt(receiver, message_id, items) for message_id, items in lost.items()]


def _messages(receiver: Receiver, dues: Sequence[Due]) -> list[Message]:
    starts = range(0, len(dues), LONGEST_MESSAGE)
    return [Message(receiver, tuple(dues[at : at + LONGEST_MESSAGE])) for at in starts]
