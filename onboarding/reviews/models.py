"""The tables of the reviews: what was decided, and what was noted for whom.

Both are append-only. `run_number` is the consultant's path, `kind` the review on it: day-30.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from opskit.core.db import Base, UtcDateTime


class Verdict(StrEnum):
    """What a review decides."""

    CONTINUE = "continue"  # as planned
    EXTEND = "extend"  # the probation goes on until another day
    CONFIRM = "confirm"  # the probation is over


class Circle(StrEnum):
    """The widest circle that may read a note; who wrote it always may."""

    NEWCOMER = "newcomer"  # the newcomer too
    MENTOR = "mentor"  # mentor and managers
    MANAGER = "manager"  # managers only


class Review(Base):
    """One review that was held, and its decision; `until` is the probation's new end."""

    __tablename__ = "onboarding_review"
    __table_args__ = (UniqueConstraint("run_number", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(60))
    decision: Mapped[str] = mapped_column(String(10))
    due_on: Mapped[date] = mapped_column(Date)
    held_on: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    decided_by: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReviewNote(Base):
    """What somebody noted at a review, and for whom."""

    __tablename__ = "onboarding_review_note"
    __table_args__ = (Index("ix_onboarding_review_note_run_number_kind", "run_number", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(60))
    circle: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
