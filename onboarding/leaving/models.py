"""The tables of those who leave, and of the secrets that they had read."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from opskit.core.db import Base, UtcDateTime


class Leaving(Base):
    """One person leaves on a day; `person_id` is a row of the staff.

    `roles` is what the safe gave until then, for the case that it was a mistake, `run_number` the
    checklist of the day, `known_at` when the server's log told what the person had read.
    """

    __tablename__ = "onboarding_leaving"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(Integer, index=True)
    leaves_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), index=True)
    roles: Mapped[list[str]] = mapped_column(JSON)
    run_number: Mapped[int | None] = mapped_column(Integer)
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    known_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LeavingRead(Base):
    """The last time that a leaver was handed an entry's secrets.

    `settled_at` is when the safe said that somebody had rotated it since.
    """

    __tablename__ = "onboarding_leaving_read"
    __table_args__ = (UniqueConstraint("leaving_id", "mount", "entry"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    leaving_id: Mapped[int] = mapped_column(ForeignKey(Leaving.id))
    mount: Mapped[str] = mapped_column(String(20))
    entry: Mapped[str] = mapped_column(String(400))
    version: Mapped[int] = mapped_column(Integer)
    ticket: Mapped[str] = mapped_column(String(200))
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
