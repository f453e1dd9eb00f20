"""The table of closures and half days."""

from datetime import date, datetime

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from opskit.core.db import Base, UtcDateTime


class CalendarClosure(Base):
    """A day off that no law names, or half of one; without a canton it counts everywhere."""

    __tablename__ = "calendar_closure"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, index=True)
    canton: Mapped[str | None] = mapped_column(String(2))
    half: Mapped[bool]
    name: Mapped[str] = mapped_column(String(200))
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
