"""The table of consultants: who walks which path, since when, with whom."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from opskit.core.db import Base, UtcDateTime


class ConsultantState(StrEnum):
    """Whether it is the person's path now, or one of before."""

    ACTIVE = "active"
    FINISHED = "finished"


class Consultant(Base):
    """One person on one path; `person_id` and `mentor_id` are rows of the staff."""

    __tablename__ = "onboarding_consultant"
    __table_args__ = (
        Index(
            "uq_onboarding_consultant_active_person",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(Integer, index=True)
    mentor_id: Mapped[int] = mapped_column(Integer, index=True)
    path: Mapped[str] = mapped_column(String(60))
    start_on: Mapped[date] = mapped_column(Date)
    run_number: Mapped[int] = mapped_column(Integer, unique=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
