"""The table of reminders: what somebody was told, or was about to be told, and when."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from opskit.core.db import Base, UtcDateTime


class Outcome(StrEnum):
    """What became of a reminder. Between its sending and its outcome it is on its way."""

    ON_ITS_WAY = "on-its-way"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Reminder(Base):
    """One item, brought to one receiver for one reason; `digest` is all of that.

    `receiver` is a person by row (`staff/3`) or the address of a team; no name stands here.
    """

    __tablename__ = "todo_reminder"
    __table_args__ = (Index("ix_todo_reminder_receiver_channel", "receiver", "channel"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    receiver: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10))
    item: Mapped[str] = mapped_column(String(320))
    reason: Mapped[str] = mapped_column(String(20))
    due_on: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[str] = mapped_column(String(10))
    message_id: Mapped[str] = mapped_column(String(255), index=True)
    attempts: Mapped[int] = mapped_column(Integer)
    tried_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(String(40))
