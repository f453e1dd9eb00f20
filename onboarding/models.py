"""The tables of paths: who walks which one, since when, with whom, and when the walk rested."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from opskit.core.db import Base, UtcDateTime


class ConsultantState(StrEnum):
    """Whether it is the person's path now, or one of before."""

    ACTIVE = "active"
    PAUSED = "paused"
    FINISHED = "finished"
    LEFT = "left"
    UNDONE = "undone"  # it was the wrong one


UNDER_WAY = (ConsultantState.ACTIVE, ConsultantState.PAUSED)
_UNDER_WAY = text("state IN ('active', 'paused')")


class Consultant(Base):
    """One person on one path; `person_id` and `mentor_id` are rows of the staff.

    `path` is the id of the template, `pole`, `site` and `modules` are the layers that it was
    composed of. `start_on` is the first day; the run's anchor lies later by the pauses.
    """

    __tablename__ = "onboarding_consultant"
    __table_args__ = (
        Index(
            "uq_onboarding_consultant_active_person",
            "person_id",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(Integer, index=True)
    mentor_id: Mapped[int] = mapped_column(Integer, index=True)
    path: Mapped[str] = mapped_column(String(60))
    pole: Mapped[str | None] = mapped_column(String(60))
    site: Mapped[str | None] = mapped_column(String(60))
    modules: Mapped[list[str] | None] = mapped_column(JSON)
    start_on: Mapped[date] = mapped_column(Date)
    probation_until: Mapped[date | None] = mapped_column(Date)
    run_number: Mapped[int] = mapped_column(Integer, unique=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Pause(Base):
    """A time in which a walk rests; `days` is by how many business days its dates moved then."""

    __tablename__ = "onboarding_pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultant_id: Mapped[int] = mapped_column(ForeignKey(Consultant.id), index=True)
    paused_on: Mapped[date] = mapped_column(Date)
    resumed_on: Mapped[date | None] = mapped_column(Date)
    days: Mapped[int] = mapped_column(Integer, default=0)
