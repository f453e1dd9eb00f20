"""The tables of the engine.

A run pins a published template; a step of it names by digest what was asked. What is asked is
kept once for every run that asks it, so that a later version of the template changes nothing in
a run that has begun, and a step that stays the same keeps its answer when the run follows.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from opskit.checklists.states import State
from opskit.checklists.templates import (
    Phase,
    StepTemplate,
    Template,
    Words,
    published_template,
    step_of,
)
from opskit.core.db import Base, UtcDateTime
from opskit.core.refs import format_number

OPEN = "open"
CLOSED = "closed"
CANCELLED = "cancelled"


class PublishedTemplate(Base):
    """One version of a template, never changed once it is here."""

    __tablename__ = "checklists_template"
    __table_args__ = (UniqueConstraint("id", "version"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str | None] = mapped_column(String(64))

    @property
    def content(self) -> Template:
        """Raises TemplateTamperedError: the body is not the one that was published."""
        return published_template(self.body, self.digest, f"{self.id}/{self.version}")


class Retirement(Base):
    """A version that no new run begins with; runs under way go on."""

    __tablename__ = "checklists_retirement"

    digest: Mapped[str] = mapped_column(ForeignKey("checklists_template.digest"), primary_key=True)
    retired_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_by: Mapped[str] = mapped_column(String(64))


class Definition(Base):
    """What one step asks, by the digest of its text and rules."""

    __tablename__ = "checklists_definition"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[str] = mapped_column(Text)


class Run(Base):
    """One checklist under way: a patch of one client, the path of one consultant.

    `facts` is what the run is about (the version), `about` what conditions may ask besides
    (the client), `prepared_by` the entity of the person whose run it is, `assignee` the login of
    who looks after it. Who reads a confidential one is said in `confidential`.
    """

    __tablename__ = "checklists_run"
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        Index("ix_checklists_run_kind_state", "kind", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    letter: Mapped[str] = mapped_column(String(1))
    number: Mapped[int] = mapped_column(Integer)
    subject: Mapped[str] = mapped_column(String(200), index=True)
    client: Mapped[str | None] = mapped_column(String(16), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    about: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON)
    template_digest: Mapped[str] = mapped_column(ForeignKey("checklists_template.digest"))
    anchor_on: Mapped[date] = mapped_column(Date)
    canton: Mapped[str | None] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(10), default=OPEN)
    prepared_by: Mapped[str] = mapped_column(String(64))
    assignee: Mapped[str | None] = mapped_column(String(64))
    is_confidential: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    template: Mapped[PublishedTemplate] = relationship(lazy="selectin")
    steps: Mapped[list["Step"]] = relationship(
        back_populates="run",
        order_by="Step.position",
        cascade="save-update, merge, refresh-expire, expunge",
        primaryjoin="and_(Run.id == Step.run_id, Step.dropped_at.is_(None))",
    )

    @property
    def name(self) -> str:
        """What people say: P7."""
        return format_number(self.letter, self.number)

    @property
    def title(self) -> Words:
        return self.template.content.title

    @property
    def phases(self) -> tuple[Phase, ...]:
        return self.template.content.phases


class Step(Base):
    """One step of a run: what was answered, found or awaited.

    `settled_at` is since when it is done or left out, `failures` how often it turned red. A step
    that a later version of the template no longer has is kept with `dropped_at`, outside
    `Run.steps`.
    """

    __tablename__ = "checklists_step"

    run_id: Mapped[int] = mapped_column(ForeignKey("checklists_run.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(ForeignKey("checklists_definition.digest"))
    state: Mapped[str] = mapped_column(String(20), default=State.BLOCKED.value)
    due_on: Mapped[date] = mapped_column(Date)
    is_pinned: Mapped[bool] = mapped_column(default=False)
    assignee: Mapped[str | None] = mapped_column(String(64))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(64))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ticket: Mapped[str | None] = mapped_column(String(20))
    evidence_digest: Mapped[str | None] = mapped_column(String(64))
    waived_until: Mapped[date | None] = mapped_column(Date)

    waiting_for: Mapped[str | None] = mapped_column(String(10))
    waiting_since: Mapped[date | None] = mapped_column(Date)
    nudge_on: Mapped[date | None] = mapped_column(Date)

    verdict: Mapped[str | None] = mapped_column(String(10))
    proof: Mapped[str | None] = mapped_column(Text)
    fresh_until: Mapped[date | None] = mapped_column(Date)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(Integer, default=0)

    run: Mapped[Run] = relationship(back_populates="steps")
    definition: Mapped[Definition] = relationship(lazy="selectin")

    @property
    def asked(self) -> StepTemplate:
        """What the template asked when the run took it over."""
        return step_of(self.definition.body)

    def clear(self) -> None:
        """Forget what was answered, found and awaited."""
        self.answer = self.answered_by = self.answered_at = self.ticket = None
        self.evidence_digest = self.waived_until = None
        self.verdict = self.proof = self.fresh_until = self.checked_at = None
        self.stop_waiting()

    def stop_waiting(self) -> None:
        self.waiting_for = self.waiting_since = self.nudge_on = None


class EvidenceFile(Base):
    """A file that was given as evidence, by its SHA-256."""

    __tablename__ = "checklists_file"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Comment(Base):
    """What somebody noted on a run, or on one step of it."""

    __tablename__ = "checklists_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("checklists_run.id"), index=True)
    key: Mapped[str | None] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    ticket: Mapped[str | None] = mapped_column(String(20))
    written_by: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Decision(Base):
    """A go or a no-go, with everything that was known when it was taken."""

    __tablename__ = "checklists_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("checklists_run.id"), index=True)
    decision: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(Text)
    ticket: Mapped[str | None] = mapped_column(String(20))
    decided_by: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proofs: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
