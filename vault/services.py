"""What the safe's commands leave in the database: intents and events, never a secret."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from opskit.clients import services as clients
from opskit.core.events import record
from opskit.core.identity import Identity, require_role
from opskit.core.intents import Intent, begin, finish
from vault.entries import EntryFacts, EntryRef

ADD = "vault.add"
KEEPERS = ("agent", "safe-keeper")


def begin_add(
    session: Session, *, ref: EntryRef, facts: EntryFacts, at: datetime, actor: Identity
) -> Intent:
    """Note that an entry is about to be written.

    Raises:
        NotFoundError: there is no such client; the hint names the nearest.
        DeniedError: the person may not write into the safe.
    """
    require_role(actor, *KEEPERS, "admin")
    clients.find(session, ref.client.value)
    data = asdict(facts) | {"tags": list(facts.tags)}
    return begin(session, kind=ADD, subject=ref.path, data=data, at=at, actor=actor)


def record_added(session: Session, *, intent: Intent, version: int, at: datetime) -> None:
    """The entry is in the safe, whole."""
    ref, facts = what_was_meant(intent)
    public: dict[str, Any] = {
        name: value for name, value in facts.to_metadata().items() if name != "username"
    }
    record(
        session,
        actor=intent.actor,
        at=at,
        action="vault.added",
        subject=ref.path,
        client=ref.client.value,
        after=public | {"version": version},
    )
    finish(session, intent, at=at)


def record_abandoned(session: Session, *, intent: Intent, reason: str, at: datetime) -> None:
    """Nothing of it came into the safe; `reason` is an error's reference."""
    ref, _facts = what_was_meant(intent)
    record(
        session,
        actor=intent.actor,
        at=at,
        action="vault.add-abandoned",
        subject=ref.path,
        client=ref.client.value,
        after={"reason": reason},
    )
    finish(session, intent, at=at)


def record_database(
    session: Session, *, url: str, username: str, at: datetime, actor: Identity
) -> None:
    """The safe makes logins to the database, in the name of this user; never the password."""
    record(
        session,
        actor=actor,
        at=at,
        action="vault.database-configured",
        subject="vault",
        after={"url": url, "username": username},
    )


def what_was_meant(intent: Intent) -> tuple[EntryRef, EntryFacts]:
    """The entry of an intent, as it was typed."""
    facts = EntryFacts(**{**intent.data, "tags": tuple(intent.data["tags"])})
    return EntryRef.parse(intent.subject, environments=None), facts
