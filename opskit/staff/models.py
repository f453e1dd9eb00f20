"""The table of the people of the team."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from opskit.core.db import Base, UtcDateTime


class PersonState(StrEnum):
    """Whether the person may log in."""

    ACTIVE = "active"
    DISABLED = "disabled"


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
