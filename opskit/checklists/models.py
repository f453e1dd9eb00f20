"""The tables of the engine. A run copies what it needs from its template, so that a later
version of the template changes nothing in a run that has begun.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from opskit.checklists.states import State
from opskit.core.db import Base, UtcDateTime
from opskit.core.refs import format_number

OPEN = "open"
CLOSED = "closed"


class PublishedTemplate(Base):
    """One version of a template, never changed once it is here."""

    __tablename__ = "checklists_template"
    __table_args__ = (UniqueConstraint("id", "version"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Run(Base):
    """One checklist under way: a patch of one client, the path of one consultant."""

    __tablename__ = "checklists_run"
    __table_args__ = (UniqueConstraint("kind", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    letter: Mapped[str] = mapped_column(String(1))
    number: Mapped[int] = mapped_column(Integer)
    subject: Mapped[str] = mapped_column(String(200), index=True)
    client: Mapped[str | None] = mapped_column(String(16), index=True)
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    phases: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    template_digest: Mapped[str] = mapped_column(ForeignKey("checklists_template.digest"))
    anchor_on: Mapped[date] = mapped_column(Date)
    canton: Mapped[str | None] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(10), default=OPEN)
    prepared_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    steps: Mapped[list["Step"]] = relationship(
        back_populates="run", order_by="Step.position", cascade="all, delete-orphan"
    )

    @property
    def name(self) -> str:
        """What people say: P7."""
        return format_number(self.letter, self.number)


class Step(Base):
    """One step of a run: what the template asked, and what was answered."""

    __tablename__ = "checklists_step"
    __table_args__ = (UniqueConstraint("run_id", "key"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("checklists_run.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    phase: Mapped[str] = mapped_column(String(60))
    text: Mapped[dict[str, str]] = mapped_column(JSON)
    owner: Mapped[str] = mapped_column(String(60))
    due: Mapped[str] = mapped_column(String(10))
    due_on: Mapped[date] = mapped_column(Date)
    needs: Mapped[list[str]] = mapped_column(JSON)
    checks: Mapped[list[str]] = mapped_column(JSON)
    same_day: Mapped[bool]
    evidence: Mapped[str] = mapped_column(String(10))
    approval: Mapped[str] = mapped_column(String(20))
    mandatory: Mapped[bool]

    state: Mapped[str] = mapped_column(String(20), default=State.BLOCKED.value)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(64))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ticket: Mapped[str | None] = mapped_column(String(20))
    verdict: Mapped[str | None] = mapped_column(String(10))
    proof: Mapped[str | None] = mapped_column(Text)
    fresh_until: Mapped[date | None] = mapped_column(Date)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    run: Mapped[Run] = relationship(back_populates="steps")
