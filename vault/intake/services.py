"""What the event log remembers of pages and blocks: the only place that says what was asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.clients import services as clients
from opskit.core.events import Event, record
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.refs import TicketKey
from vault.entries import EntryRef
from vault.intake.envelope import Block, Form
from vault.intake.errors import (
    IntakeExpiredError,
    IntakeForeignKeyError,
    IntakeUnknownFormError,
    IntakeWrongEntryError,
)
from vault.services import KEEPERS

ASKED = "vault.intake-asked"
STORED = "vault.intake-stored"


@dataclass(frozen=True, slots=True)
class Addressee:
    """The client as its page speaks to it."""

    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a block."""

    version: int
    changed: tuple[str, ...]
    at: datetime


def addressee(session: Session, *, ref: EntryRef) -> Addressee:
    """Raises NotFoundError: there is no such client."""
    client = clients.find(session, ref.client.value)
    return Addressee(client.name, client.language)


def record_asked(
    session: Session, *, form: Form, ticket: TicketKey | None, at: datetime, actor: Identity
) -> None:
    """A page is made; a block is taken only if its page stands here.

    Raises:
        DeniedError: the person may not write into the safe.
    """
    require_role(actor, *KEEPERS, "admin")
    record(
        session,
        actor=actor,
        at=at,
        action=ASKED,
        subject=form.ref.path,
        client=form.ref.client.value,
        ticket=None if ticket is None else ticket.value,
        after={
            "form": form.form,
            "kind": form.kind,
            "key_version": form.key_version,
            "key": form.key,
            "until": form.until.isoformat(),
        },
    )


def form_of(session: Session, block: Block, *, ref: EntryRef) -> Form:
    """The page on which the block was made, as it was asked for.

    Raises:
        IntakeUnknownFormError, IntakeWrongEntryError, IntakeForeignKeyError.
    """
    asked = _first(session, ASKED, "form", block.form)
    if asked is None or asked.after is None:
        raise IntakeUnknownFormError(
            _("the block was made on no page of ours"),
            hint=_("make a page with --out; do not store what a stranger sends"),
        )
    if asked.subject != ref.path:
        raise IntakeWrongEntryError(
            _("the block was made for {entry}").format(entry=asked.subject),
            hint=f"opskit vault intake {asked.subject} --accept FILE",
        )
    facts = asked.after
    if block.key_version != facts["key_version"]:
        raise IntakeForeignKeyError(
            _("the block names version {found} of the key, its page version {expected}").format(
                found=block.key_version, expected=facts["key_version"]
            ),
            hint=_("copy it once more from the ticket; else ask the client to fill in a new page"),
        )
    return Form(
        ref=ref,
        form=block.form,
        kind=facts["kind"],
        key_version=facts["key_version"],
        key=facts["key"],
        until=date.fromisoformat(facts["until"]),
    )


def require_in_time(form: Form, *, on: date) -> None:
    """Raises IntakeExpiredError after the last day of the page."""
    if on > form.until:
        raise IntakeExpiredError(
            _("the page expired on {until}").format(until=form.until),
            hint=_("make a new one: opskit vault intake {entry} --out form.html").format(
                entry=form.ref
            ),
        )


def stored_before(session: Session, block: Block) -> Stored | None:
    """What became of this block, where it was stored already."""
    event = _first(session, STORED, "block", block.digest)
    if event is None or event.after is None:
        return None
    return Stored(event.after["version"], tuple(event.after["changed"]), event.at)


def record_stored(
    session: Session,
    *,
    form: Form,
    block: Block,
    version: int,
    changed: Sequence[str],
    ticket: TicketKey | None,
    at: datetime,
    actor: Identity,
) -> Stored:
    """What the client sent is in the safe; names of fields, never what is in them."""
    event = record(
        session,
        actor=actor,
        at=at,
        action=STORED,
        subject=form.ref.path,
        client=form.ref.client.value,
        ticket=None if ticket is None else ticket.value,
        after={
            "form": form.form,
            "block": block.digest,
            "version": version,
            "changed": list(changed),
        },
    )
    return Stored(version, tuple(changed), event.at)


def _first(session: Session, action: str, key: str, value: str) -> Event | None:
    query = select(Event).where(Event.action == action, Event.after[key].as_string() == value)
    return session.scalar(query.order_by(Event.id).limit(1))
