"""A page for one entry, made and noted, so that what comes back from it is known."""

from dataclasses import dataclass
from datetime import date

from opskit.core.context import AppContext
from opskit.core.errors import ConflictError, NotFoundError
from opskit.core.i18n import _
from opskit.core.refs import TicketKey
from vault.entries import Entry, EntryRef
from vault.errors import EntryNotFoundError, EntryRemovedError, entry_guarded
from vault.facts import EntryFacts
from vault.intake import services
from vault.intake.envelope import Form, form_name
from vault.intake.page import Letterhead, render
from vault.intake.ports import IntakeKey
from vault.kinds import KINDS
from vault.ports import EntryStore


@dataclass(frozen=True, slots=True)
class Page:
    """A page, ready to be sent to the client."""

    form: Form
    language: str
    html: str


def make_page(
    run: AppContext,
    *,
    ref: EntryRef,
    kind: str | None,
    until: date,
    language: str | None,
    ticket: TicketKey | None,
    random: bytes,
) -> Page:
    """A page that asks for what this kind of entry may hold; no secret of it is read.

    Args:
        run: the context.
        ref: the entry; where there is none, the page is for a new one.
        kind: needed for a new entry, None for one that has its kind.
        until: the last day on which a block of the page is taken.
        language: of the page; None: the client's.
        ticket: where the client is to paste the block.
        random: `FORM_SIZE` random bytes, which name the page.

    Raises:
        NotFoundError: no such client, no intake key, a new entry without a kind, or a removed one.
        InvalidError: there is no such kind. ConflictError: the entry is of another one.
        DeniedError, UnavailableError.
    """
    with run.snapshot() as session:
        client = services.addressee(session, ref=ref)
    entry = _find(run.plug(EntryStore), ref)
    key = run.plug(IntakeKey).newest()
    form = Form(
        ref=ref,
        form=form_name(random),
        kind=_kind(ref, entry, kind),
        key_version=key.version,
        key=key.fingerprint,
        until=until,
    )
    letterhead = Letterhead(client.name, language or client.language, ticket)
    html = render(form, key=key, letterhead=letterhead, known=entry.facts if entry else None)
    actor = run.identity()
    with run.transaction() as session:
        services.record_asked(session, form=form, ticket=ticket, at=run.now(), actor=actor)
    return Page(form, letterhead.language, html)


def _find(store: EntryStore, ref: EntryRef) -> Entry | None:
    try:
        return store.describe(ref)
    except EntryRemovedError:
        raise
    except EntryNotFoundError as err:
        if store.guards(ref):  # stored here, it would stand beside the guarded one, unguarded
            raise entry_guarded(ref.path) from err
        return None


def _kind(ref: EntryRef, entry: Entry | None, kind: str | None) -> str:
    if entry is None:
        if kind is None:
            raise NotFoundError(
                _("the safe holds no entry {entry}").format(entry=ref),
                hint=_("for a new one say --kind, one of: ") + " ".join(KINDS),
            )
        return EntryFacts(kind).kind
    if kind not in (None, entry.facts.kind):
        raise ConflictError(
            _("{entry} is of the kind {kind}").format(entry=ref, kind=entry.facts.kind),
            hint=_("leave --kind out, or choose another name for the new entry"),
        )
    return entry.facts.kind
