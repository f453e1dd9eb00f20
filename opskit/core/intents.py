"""What was meant to be done outside the database, so that a crash in between is found.

Record the intent, commit, act (Vault, a file, a signature), record the outcome, commit.
`opskit doctor --repair` finishes or undoes what stayed open.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from opskit.core.db import Base, UtcDateTime
from opskit.core.identity import Identity

OVERTAKEN = "overtaken"  # in the data of an intent that was closed by a later wish


class Ending(Enum):
    """How an action stands when whoever carried it out wants to record the outcome."""

    OURS = auto()
    ANOTHERS = auto()  # somebody else carried it out as well, and was faster
    OVERTAKEN = auto()  # somebody wished something else meanwhile: it has to be taken back


class Intent(Base):
    """One action on its way. Never holds a secret."""

    __tablename__ = "core_intent"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    actor_id: Mapped[str] = mapped_column(String(64))
    actor_name: Mapped[str] = mapped_column(String(200))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    @property
    def actor(self) -> Identity:
        """Who began it, without roles: finishing needs no new permission."""
        return Identity(self.actor_id, self.actor_name, frozenset())


def begin(
    session: Session,
    *,
    kind: str,
    subject: str,
    data: Mapping[str, Any],
    at: datetime,
    actor: Identity,
) -> Intent:
    intent = Intent(
        kind=kind,
        subject=subject,
        data=dict(data),
        actor_id=actor.entity_id,
        actor_name=actor.name,
        begun_at=at,
    )
    session.add(intent)
    session.flush()  # gives the id by which `finish` finds it in the next transaction
    return intent


def finish(session: Session, intent: Intent, *, at: datetime) -> None:
    """Close it: the outcome, good or bad, is recorded in the same transaction."""
    session.get_one(Intent, intent.id).finished_at = at


def close(session: Session, intent: Intent, *, at: datetime) -> Ending:
    """Close it, and say whether the outcome is ours to record: others may have been faster."""
    found = _locked(session, intent)
    if found.finished_at is None:
        found.finished_at = at
        return Ending.OURS
    return Ending.OVERTAKEN if found.data.get(OVERTAKEN) else Ending.ANOTHERS


def overtake(session: Session, intent: Intent, *, at: datetime) -> None:
    """Close what nobody wishes any more; who carries it out at this moment sees it by `close`."""
    found = _locked(session, intent)
    found.data = {**found.data, OVERTAKEN: True}
    found.finished_at = at


def note(session: Session, intent: Intent, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Add what was found before acting, unless an earlier try knew it; all that is known then."""
    found = _locked(session, intent)
    found.data = {**facts, **found.data}
    return found.data


def _locked(session: Session, intent: Intent) -> Intent:
    """As it is now, and as it stays until we commit."""
    session.flush()  # or reading it anew would lose what was changed here
    return session.get_one(Intent, intent.id, with_for_update=True, populate_existing=True)


def open_intents(
    session: Session, *, kinds: Collection[str] | None = None, subject: str | None = None
) -> list[Intent]:
    """What never got its outcome, oldest first; only of these kinds, only about this subject."""
    query = select(Intent).where(Intent.finished_at.is_(None)).order_by(Intent.id)
    if kinds is not None:
        query = query.where(Intent.kind.in_(kinds))
    if subject is not None:
        query = query.where(Intent.subject == subject)
    return list(session.scalars(query))
