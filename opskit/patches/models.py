"""The tables of patch preparation.

A preparation is a run of the engine; what only patches know of it stands beside the run, so that
lists and boards ask for it without opening the run's facts.
"""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from opskit.core.db import Base, UtcDateTime
from opskit.core.refs import format_number

CAMPAIGN_LETTER = "C"


class Campaign(Base):
    """One version for many clients, between two days, at a pace that the team can hold."""

    __tablename__ = "patches_campaign"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[str] = mapped_column(String(12))
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    capacity: Mapped[str] = mapped_column(String(12))
    query: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def name(self) -> str:
        """What people say: C3."""
        return format_number(CAMPAIGN_LETTER, self.number)


class Preparation(Base):
    """What a run prepares: which client, to which version, in which campaign if in one."""

    __tablename__ = "patches_preparation"

    run_id: Mapped[int] = mapped_column(
        ForeignKey("checklists_run.id"), primary_key=True, autoincrement=False
    )
    client: Mapped[str] = mapped_column(String(16), index=True)
    version: Mapped[str] = mapped_column(String(12))
    from_version: Mapped[str] = mapped_column(String(12))
    campaign: Mapped[int | None] = mapped_column(ForeignKey("patches_campaign.number"), index=True)
