"""The table of access that grew or was taken away: a row for each change, never altered."""

from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from opskit.core.db import Base, UtcDateTime


class AccessChange(Base):
    """From one level to another; `person_id` is a row of the staff.

    Why it was taken away is told by the event of the log alone, from which it can be erased.
    """

    __tablename__ = "onboarding_access"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(Integer, index=True)
    before: Mapped[str] = mapped_column(String(10))
    level: Mapped[str] = mapped_column(String(10))
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
