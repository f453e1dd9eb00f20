"""A client's entries as a KeePass file: for a client that leaves, or for break-glass.

The file is made in memory and encrypted before a byte of it reaches the disk.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from opskit.clients.services import find
from opskit.core.context import AppContext
from opskit.core.errors import DeniedError, NotFoundError
from opskit.core.events import Happening, record_all
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.intents import Intent, begin, finish
from opskit.core.logins import check_new_password
from opskit.core.private_files import require_free, write_asked_for
from opskit.core.refs import ClientCode, TicketKey
from opskit.core.secret import Secret
from vault.breakglass.ports import GuardedReader
from vault.entries import NEXT_PREFIX, EntryValue
from vault.exporting.keepass import Exported, Random, as_kdbx
from vault.ports import EntryStore
from vault.store.hvac_client import THREADS

EXPORT = "vault.export"
EXPORTED = "vault.exported"
ROLES = ("safe-keeper", "admin")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many entries of each client are in the file, and the refs of those whose new secret
    waits for its rotation, which stays out of it.
    """

    counts: Mapping[str, int]
    pending: Sequence[str]


def export(
    run: AppContext,
    *,
    clients: Sequence[str],
    out: Path,
    password: Secret,
    ticket: TicketKey | None,
    random: Random,
) -> Outcome:
    """Write the file.

    Raises:
        NotFoundError: no such client, or none of its entries; no such folder. DeniedError: the
        role is missing. ConflictError: the file is there. InvalidError: the password is too
        short, or an entry has a secret that no KeePass file can hold. UnavailableError.
    """
    check_new_password(password)
    require_free(out)
    store = run.plug(EntryStore)
    with run.transaction() as session:
        names = {each.code: each.name for each in (find(session, code) for code in clients)}
        intent = begin_export(
            session,
            clients=tuple(names),
            file=out.name,
            ticket=ticket,
            at=run.now(),
            actor=run.identity(),
        )
    try:
        found = {code: _entries(run, store, code, ticket) for code in names}
        settled = {code: [_settled(each) for each in entries] for code, entries in found.items()}
        write_asked_for(out, as_kdbx(settled, names, password=password, random=random))
    except BaseException:
        if not out.exists():
            with run.transaction() as session:
                finish(session, intent, at=run.now())
        raise
    counts = {code: len(entries) for code, entries in found.items()}
    with run.transaction() as session:
        end_export(session, intent=intent, counts=counts, at=run.now())
    exported = (each for entries in found.values() for each in entries)
    return Outcome(counts, [each.entry.ref.path for each in exported if each.value.pending])


def guarded_of(run: AppContext, clients: Iterable[str]) -> list[str]:
    """Refs of these clients' guarded entries, which no export holds. Raises UnavailableError."""
    reader = run.plug(GuardedReader)
    try:
        return [
            entry.ref.path for code in clients for entry in reader.list_entries(ClientCode(code))
        ]
    except (NotFoundError, DeniedError):  # a server without them, or a role
        return []


def begin_export(
    session: Session,
    *,
    clients: Sequence[str],
    file: str,
    ticket: TicketKey | None,
    at: datetime,
    actor: Identity,
) -> Intent:
    """Note that a file with these clients' secrets is about to be written.

    Raises:
        DeniedError: the person may not export.
    """
    require_role(actor, *ROLES)
    data = {"clients": list(clients), "ticket": "" if ticket is None else ticket.value}
    return begin(session, kind=EXPORT, subject=file[-200:], data=data, at=at, actor=actor)


def end_export(
    session: Session, *, intent: Intent, counts: Mapping[str, int | None], at: datetime
) -> None:
    """The file is there: an event for each client; None where nobody knows how many."""
    happenings = (
        Happening(code, code, {"file": intent.subject, "entries": count})
        for code, count in counts.items()
    )
    ticket = intent.data["ticket"] or None
    record_all(session, happenings, actor=intent.actor, at=at, action=EXPORTED, ticket=ticket)
    finish(session, intent, at=at)


def repair_export(run: AppContext, intent: Intent) -> str:
    """Nobody knows whether the file was written, so the log says that it was; doctor calls this."""
    with run.transaction() as session:
        unknown = dict.fromkeys(intent.data["clients"])
        end_export(session, intent=intent, counts=unknown, at=run.now())
    return _("{file} may have been written; look for it").format(file=intent.subject)


def _settled(exported: Exported) -> Exported:
    """Without what waits: the old secret still opens the door."""
    value = exported.value
    kept = {name: each for name, each in value.secrets.items() if not name.startswith(NEXT_PREFIX)}
    return replace(exported, value=EntryValue(value.facts, kept, value.version, value.stamps))


def _entries(
    run: AppContext, store: EntryStore, code: str, ticket: TicketKey | None
) -> list[Exported]:
    listed = store.list_entries(ClientCode(code))
    if not listed and guarded_of(run, [code]):
        raise NotFoundError(
            _("every entry of {client} is guarded, and no export holds those").format(client=code),
            hint=_("they are read one by one: opskit vault list --client {client}").format(
                client=code
            ),
        )
    if not listed:
        raise NotFoundError(
            _("the safe holds no entry of {client}").format(client=code), hint="opskit vault list"
        )
    with ThreadPoolExecutor(THREADS) as pool:
        values = pool.map(lambda entry: store.read(entry.ref, ticket), listed)
        return [Exported(*each) for each in zip(listed, values, strict=True)]
