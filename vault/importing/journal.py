"""What an import leaves in the database: an intent while it lasts, an event an entry, a summary.

The intent names the entries that are on their way, so that after a crash each of them still gets
its event: a few hundred at a time, with the events of those before them in one transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.core.events import Happening, record, record_all
from opskit.core.identity import Identity, require_role
from opskit.core.intents import Intent, begin, finish
from opskit.core.refs import TicketKey
from vault.entries import Stamps
from vault.facts import FACTS
from vault.services import WRITERS, Meant, public_facts

IMPORT = "vault.import"
IMPORTED = "vault.imported"
FINISHED = "vault.import-finished"
LONGEST_SUBJECT = 200
STAMPS = tuple(each.name for each in fields(Stamps))


def begin_import(
    session: Session, *, file: str, ticket: TicketKey | None, at: datetime, actor: Identity
) -> Intent:
    """Note that a file is about to be imported.

    Raises:
        DeniedError: the person may not write into the safe.
    """
    require_role(actor, *WRITERS)
    data = {"ticket": "" if ticket is None else ticket.value, "under_way": []}
    subject = file[-LONGEST_SUBJECT:]
    return begin(session, kind=IMPORT, subject=subject, data=data, at=at, actor=actor)


def record_batch(
    session: Session,
    *,
    intent: Intent,
    done: Iterable[tuple[Meant, int]],
    under_way: Sequence[Meant],
    at: datetime,
) -> None:
    """An event for each entry that came in, with its version; and which are on their way now."""
    kept = session.get_one(Intent, intent.id)
    record_all(
        session,
        [_happening(meant, version) for meant, version in done],
        actor=kept.actor,
        at=at,
        action=IMPORTED,
        ticket=kept.data["ticket"] or None,
    )
    kept.data = {**kept.data, "under_way": [_kept(each) for each in under_way]}


def end_import(
    session: Session, *, intent: Intent, summary: Mapping[str, Any], at: datetime
) -> None:
    """The import is over, whole or stopped; `summary` counts what came of it."""
    kept = session.get_one(Intent, intent.id)
    record(
        session,
        actor=kept.actor,
        at=at,
        action=FINISHED,
        subject=kept.subject,
        ticket=kept.data["ticket"] or None,
        after=summary,
    )
    kept.data = {**kept.data, "under_way": []}
    finish(session, kept, at=at)


def interrupted_imports(session: Session, *, file: str, actor: Identity) -> list[Intent]:
    """What the same person began with the same file, and never ended."""
    query = select(Intent).where(
        Intent.finished_at.is_(None),
        Intent.kind == IMPORT,
        Intent.subject == file[-LONGEST_SUBJECT:],
        Intent.actor_id == actor.entity_id,
    )
    return list(session.scalars(query))


def under_way(intent: Intent) -> list[Meant]:
    """What was on its way when the import broke off."""
    return [
        Meant.of(Intent(subject=kept["ref"], data=kept))  # the form in which any write is kept
        for kept in intent.data["under_way"]
    ]


def _happening(meant: Meant, version: int) -> Happening:
    after: dict[str, Any] = public_facts(meant.facts) | {"version": version}
    if meant.follows:
        after["changed"] = list(meant.changed)
    return Happening(meant.ref.path, meant.ref.client.value, after)


def _kept(meant: Meant) -> dict[str, Any]:
    """As `asdict` has it, in a tenth of its time: ten thousand of them are made."""
    facts = {name: getattr(meant.facts, name) for name in FACTS}
    stamps = {name: getattr(meant.stamps, name) for name in STAMPS}
    return {
        "ref": meant.ref.path,
        "action": meant.action,
        "facts": facts,
        "follows": meant.follows,
        "changed": meant.changed,
        "stamps": stamps,
        "ticket": meant.ticket,
    }
