"""The tables of the skills matrix.

A published tree and a rating are never changed: whoever rates anew, or withdraws a rating, adds a
row. `person_id` is a row of the staff.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.skills.tree import SkillTree, published_tree
from opskit.core.db import Base, UtcDateTime


class RatingKind(StrEnum):
    """Whose judgement it is."""

    SELF = "self"
    MENTOR = "mentor"


class PublishedTree(Base):
    """One version of a tree of skills, never changed once it is here."""

    __tablename__ = "onboarding_skill_tree"
    __table_args__ = (UniqueConstraint("id", "version"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(String(64))

    @property
    def content(self) -> SkillTree:
        """Raises TreeTamperedError: the body is not the one that was published."""
        return published_tree(self.body, self.digest, f"{self.id}/{self.version}")

    def require_intact(self) -> None:
        """Raises TreeTamperedError: the body is not the one that was published."""
        published_tree(self.body, self.digest, f"{self.id}/{self.version}")


class Rating(Base):
    """One skill of one person, judged on a day; with `withdraws`, a rating that counts no more.

    `tree_digest` is the tree of that day: what the level meant, and what the skill was called.
    """

    __tablename__ = "onboarding_rating"
    __table_args__ = (Index("ix_onboarding_rating_person_id_skill", "person_id", "skill"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(Integer)
    skill: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(10))
    level: Mapped[int | None] = mapped_column(Integer)
    tree_digest: Mapped[str] = mapped_column(ForeignKey("onboarding_skill_tree.digest"))
    withdraws: Mapped[int | None] = mapped_column(ForeignKey("onboarding_rating.id"), unique=True)
    note: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[list[str]] = mapped_column(JSON)
    rated_on: Mapped[date] = mapped_column(Date)
    rated_by: Mapped[str] = mapped_column(String(64))
    rated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignOff(Base):
    """That a person may do something alone, on a mentor's or a manager's word; `until` is the last
    day on which that counts.
    """

    __tablename__ = "onboarding_sign_off"
    __table_args__ = (
        Index("ix_onboarding_sign_off_person_id_competence", "person_id", "competence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(Integer)
    competence: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[list[str]] = mapped_column(JSON)
    signed_on: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    signed_by: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    withdrawn_by: Mapped[str | None] = mapped_column(String(64))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
