"""From a text in a ticket to the next version of an entry, in two steps: look, then store."""

from dataclasses import dataclass

from opskit.core.context import AppContext
from opskit.core.i18n import _
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret
from vault.changing.changes import next_version
from vault.changing.writing import ADDED, CHANGED, NOTHING, Write, write_entry
from vault.entries import EntryRef, EntryValue
from vault.errors import EntryNotFoundError, EntryRemovedError, entry_guarded
from vault.intake import services
from vault.intake.envelope import Answer, Block, Form, open_block, read_block, strange
from vault.intake.page import asked_facts, asked_fields, longest
from vault.intake.ports import IntakeKey
from vault.intake.services import Stored
from vault.kinds import NOTE
from vault.ports import EntryStore


@dataclass(frozen=True, slots=True)
class Proposal:
    """An opened block, and the version that it would make."""

    form: Form
    block: Block
    write: Write


def look(
    run: AppContext, *, ref: EntryRef, text: str, ticket: TicketKey | None
) -> Proposal | Stored:
    """Open the block in the text; nothing is changed. `Stored` where that was done before.

    Raises:
        InvalidError: each reason why a block is not taken has a class in `vault.intake.errors`.
        EntryRemovedError, DeniedError, UnavailableError: as the safe answers.
    """
    block = read_block(text)
    with run.snapshot() as session:
        form = services.form_of(session, block, ref=ref)
        before = services.stored_before(session, block)
    if before is not None:
        return before
    services.require_in_time(form, on=run.today())
    key = run.plug(IntakeKey).unwrap(
        block.wrapped, key_version=form.key_version, fingerprint=form.key
    )
    answer = open_block(block, key=key, form=form)
    _refuse_strange(form, answer)
    previous = _newest(run.plug(EntryStore), ref, ticket)
    if NOTE in answer:
        answer = {**answer, NOTE: _noted(previous, answer[NOTE], on=run.today().isoformat())}
    return Proposal(form, block, _write(form, answer, previous, ticket))


def store(run: AppContext, proposal: Proposal) -> Stored:
    """Write the next version, and note that the block was stored.

    Where a crash comes between the two, the same block given again finds nothing to change.

    Raises:
        as `vault.changing.writing.write_entry`.
    """
    write = proposal.write
    version = write.previous.version
    if write.changed:
        version = write_entry(run, run.plug(EntryStore), write)
    actor = run.identity()
    with run.transaction() as session:
        return services.record_stored(
            session,
            form=proposal.form,
            block=proposal.block,
            version=version,
            changed=[name for name in write.changed if name != "kind"],
            ticket=write.ticket,
            at=run.now(),
            actor=actor,
        )


def _refuse_strange(form: Form, answer: Answer) -> None:
    """Raises IntakeAlteredError for what the page could not have asked for."""
    asked = asked_fields(form.kind)
    for name, text in answer.items():
        if name not in asked or len(text.reveal()) > longest(name):
            raise strange()


def _newest(store: EntryStore, ref: EntryRef, ticket: TicketKey | None) -> EntryValue:
    try:
        return store.read(ref, ticket)
    except EntryRemovedError:
        raise
    except EntryNotFoundError as err:
        if store.guards(ref):
            raise entry_guarded(ref.path) from err
        return NOTHING


def _write(form: Form, answer: Answer, previous: EntryValue, ticket: TicketKey | None) -> Write:
    """An empty text takes a fact away; of a secret it says that it stays."""
    facts = asked_facts(form.kind)
    is_new = previous.version == 0
    return next_version(
        form.ref,
        previous,
        facts={name: answer[name].reveal() for name in facts if name in answer}
        | ({"kind": form.kind} if is_new else {}),
        secrets={
            name: text for name, text in answer.items() if name not in facts and text.reveal()
        },
        ticket=ticket,
        action=ADDED if is_new else CHANGED,
    )


def _noted(previous: EntryValue, remark: Secret, *, on: str) -> Secret:
    """The remark, dated, below what was noted before, unless a crash came after it was noted."""
    before = previous.secrets.get(NOTE)
    words = remark.reveal().strip()
    if not words:
        return before or remark
    line = _("The client on {on}: {remark}").format(on=on, remark=words)
    if before is None:
        return Secret(line)
    noted = before.reveal().rstrip()
    return before if noted.endswith(line) else Secret(f"{noted}\n\n{line}")
