"""What the safe's commands leave in the database: intents and events, never a secret."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from opskit.clients import services as clients
from opskit.core.events import record
from opskit.core.identity import Identity, require_role
from opskit.core.intents import Intent, begin, finish
from vault.entries import EntryRef, Stamps
from vault.facts import EntryFacts

WRITE = "vault.write"
ABANDONED = "vault.write-abandoned"
KEEPERS = ("agent", "safe-keeper")


@dataclass(frozen=True, slots=True)
class Meant:
    """A version that is about to be written: all but its secrets.

    `follows` is the version that it replaces, 0 for a new entry; `changed` and `holds` are names
    of fields; `rotates` says that a secret changes, `pending` that a new one waits.
    """

    ref: EntryRef
    action: str
    facts: EntryFacts
    follows: int
    changed: tuple[str, ...]
    holds: tuple[str, ...]
    rotates: bool
    pending: bool

    def stamps(self, version: int, *, at: datetime) -> Stamps:
        """What the entry's metadata says once it is written."""
        moment = at.astimezone(UTC).isoformat(timespec="seconds")
        return Stamps(
            rotated=moment if self.rotates else "",
            pending=moment if self.pending else "",
            holds=self.holds,
            version=version,
        )

    @classmethod
    def of(cls, intent: Intent) -> "Meant":
        kept = intent.data
        return cls(
            ref=EntryRef.parse(intent.subject, environments=None),
            action=kept["action"],
            facts=EntryFacts(**{**kept["facts"], "tags": tuple(kept["facts"]["tags"])}),
            follows=kept["follows"],
            changed=tuple(kept["changed"]),
            holds=tuple(kept["holds"]),
            rotates=kept["rotates"],
            pending=kept["pending"],
        )


def begin_write(session: Session, *, meant: Meant, at: datetime, actor: Identity) -> Intent:
    """Note that a version is about to be written.

    Raises:
        NotFoundError: there is no such client; the hint names the nearest.
        DeniedError: the person may not write into the safe.
    """
    require_role(actor, *KEEPERS, "admin")
    clients.find(session, meant.ref.client.value)
    data = asdict(meant)
    del data["ref"]
    return begin(session, kind=WRITE, subject=meant.ref.path, data=data, at=at, actor=actor)


def record_written(session: Session, *, intent: Intent, version: int, at: datetime) -> None:
    """The version is in the safe, whole."""
    meant = Meant.of(intent)
    after: dict[str, Any] = _public(meant.facts) | {"version": version}
    if meant.follows:
        after["changed"] = list(meant.changed)
    _record(session, intent, action=meant.action, after=after, at=at)
    finish(session, intent, at=at)


def record_abandoned(session: Session, *, intent: Intent, reason: str, at: datetime) -> None:
    """Nothing of it came into the safe; `reason` is an error's reference."""
    meant = Meant.of(intent)
    after = {"reason": reason, "meant": meant.action}
    _record(session, intent, action=ABANDONED, after=after, at=at)
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


def _record(
    session: Session, intent: Intent, *, action: str, after: dict[str, Any], at: datetime
) -> None:
    record(
        session,
        actor=intent.actor,
        at=at,
        action=action,
        subject=intent.subject,
        client=intent.subject.partition("/")[0],
        after=after,
    )


def _public(facts: EntryFacts) -> dict[str, str]:
    """All but the user name, which names a person often enough."""
    return {name: value for name, value in facts.to_metadata().items() if name != "username"}
