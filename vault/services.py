"""What the safe's commands leave in the database: intents and events, never a secret."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.clients import services as clients
from opskit.core.events import Event, record
from opskit.core.identity import Identity, require_role
from opskit.core.intents import Intent, begin, finish
from opskit.core.refs import TicketKey
from vault.entries import EntryRef, Stamps
from vault.facts import EntryFacts

WRITE = "vault.write"
ABANDONED = "vault.write-abandoned"
KEEPERS = ("agent", "safe-keeper")
WRITERS = (*KEEPERS, "admin")
PURGERS = ("safe-keeper",)
SANDBOX = "SANDBOX"  # the client in whose entries newcomers learn the safe


@dataclass(frozen=True, slots=True)
class Meant:
    """A version that is about to be written: all but its secrets.

    `follows` is the version that it replaces, 0 for a new entry; `changed` are names of fields;
    `stamps` stand beside it once it is written.
    """

    ref: EntryRef
    action: str
    facts: EntryFacts
    follows: int
    changed: tuple[str, ...]
    stamps: Stamps
    ticket: str = ""

    def stamps_of(self, version: int) -> Stamps:
        """What the entry's metadata says once this version is written."""
        return replace(self.stamps, version=version)

    @classmethod
    def of(cls, intent: Intent) -> "Meant":
        kept = intent.data
        return cls(
            ref=EntryRef.parse(intent.subject, environments=None),
            action=kept["action"],
            facts=EntryFacts(**{**kept["facts"], "tags": tuple(kept["facts"]["tags"])}),
            follows=kept["follows"],
            changed=tuple(kept["changed"]),
            stamps=Stamps(**{**kept["stamps"], "holds": tuple(kept["stamps"]["holds"])}),
            ticket=kept["ticket"],
        )


def writers_of(ref: EntryRef) -> tuple[str, ...]:
    """Who may write there; of a newcomer in the sandbox the safe itself knows whether so far."""
    return (*WRITERS, "consultant") if ref.client.value == SANDBOX else WRITERS


def begin_write(session: Session, *, meant: Meant, at: datetime, actor: Identity) -> Intent:
    """Note that a version is about to be written.

    Raises:
        NotFoundError: there is no such client; the hint names the nearest.
        DeniedError: the person may not write into the safe.
    """
    require_role(actor, *writers_of(meant.ref))
    clients.find(session, meant.ref.client.value)
    data = asdict(meant)
    del data["ref"]
    return begin(session, kind=WRITE, subject=meant.ref.path, data=data, at=at, actor=actor)


def record_written(session: Session, *, intent: Intent, version: int, at: datetime) -> None:
    """The version is in the safe, whole."""
    meant = Meant.of(intent)
    after: dict[str, Any] = public_facts(meant.facts) | {"version": version}
    if meant.follows:
        after["changed"] = list(meant.changed)
    record_outcome(session, intent=intent, action=meant.action, after=after, at=at)


def record_abandoned(session: Session, *, intent: Intent, reason: str, at: datetime) -> None:
    """Nothing of it came into the safe; `reason` is an error's reference."""
    after = {"reason": reason, "meant": intent.data.get("action", intent.kind)}
    record_outcome(session, intent=intent, action=ABANDONED, after=after, at=at)


def begin_act(
    session: Session,
    *,
    kind: str,
    ref: EntryRef,
    data: Mapping[str, Any],
    ticket: TicketKey | None,
    roles: Iterable[str],
    at: datetime,
    actor: Identity,
) -> Intent:
    """Note that an entry is about to be removed, brought back, purged or moved.

    Raises:
        DeniedError: the person has none of the roles.
    """
    require_role(actor, *roles)
    facts = {**data, "ticket": "" if ticket is None else ticket.value}
    return begin(session, kind=kind, subject=ref.path, data=facts, at=at, actor=actor)


def record_outcome(
    session: Session, *, intent: Intent, action: str, after: Mapping[str, Any], at: datetime
) -> None:
    """What came of it, in the name of the person who began it."""
    record_event(session, intent, subject=intent.subject, action=action, after=after, at=at)
    finish(session, intent, at=at)


def record_event(
    session: Session,
    intent: Intent,
    *,
    subject: str,
    action: str,
    after: Mapping[str, Any],
    at: datetime,
) -> None:
    record(
        session,
        actor=intent.actor,
        at=at,
        action=action,
        subject=subject,
        client=subject.partition("/")[0],
        ticket=intent.data["ticket"] or None,
        after=after,
    )


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


def events_of(session: Session, *, ref: EntryRef) -> list[Event]:
    """What the log knows about an entry, the oldest first."""
    query = select(Event).where(Event.subject == ref.path, Event.action.startswith("vault."))
    return list(session.scalars(query.order_by(Event.id)))


def public_facts(facts: EntryFacts) -> dict[str, str]:
    """All but the user name, which names a person often enough."""
    return {name: value for name, value in facts.to_metadata().items() if name != "username"}
