"""The tables of the people of the team, and of the days on which they are away."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from opskit.core.db import Base, UtcDateTime


class PersonState(StrEnum):
    """Whether the person may log in."""

    ACTIVE = "active"
    DISABLED = "disabled"


class AbsenceReason(StrEnum):
    """Why somebody is away: as much as planning needs, and no word more."""

    HOLIDAY = "holiday"
    TRAINING = "training"
    ILLNESS = "illness"
    OTHER = "other"


class Person(Base):
    """One person: one row here, one entity in the safe. `role` is the job in the team.

    What the person may do is not kept here: the safe's groups say that.
    """

    __tablename__ = "staff_person"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(20))
    pole: Mapped[str] = mapped_column(String(20))
    site: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    entity_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    login_made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # an entity may have none
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def subject(self) -> str:
        """How events name the person, so that erasing the names leaves the chain valid."""
        return f"staff/{self.id}"


class Absence(Base):
    """Whole days on which a person is away, known by its number."""

    __tablename__ = "staff_absence"
    __table_args__ = (Index("ix_staff_absence_last_first", "last", "first"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(10))
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
