"""An entry under another name: copied, compared, then removed where it was.

The old name keeps its history, removed, until a safe-keeper purges it. At no moment the safe is
without the entry, and a version that somebody writes meanwhile is carried over too.
"""

from collections.abc import Iterable
from dataclasses import replace

from opskit.clients import services as clients
from opskit.core.context import AppContext
from opskit.core.errors import ConflictError, InvalidError
from opskit.core.i18n import _
from opskit.core.intents import Intent
from opskit.core.refs import TicketKey
from vault.changing.changes import explaining_taken, read_for_change
from vault.changing.naming import require_unguarded
from vault.changing.removing import MOVED, begin, newest_version, with_outcome
from vault.changing.writing import ADDED, abandon, half_done
from vault.entries import NEXT_PREFIX, Entry, EntryRef, EntryValue
from vault.errors import EntryNotFoundError
from vault.finding.index import forget_client
from vault.ports import EntryStore, Version
from vault.services import WRITERS, record_event, record_outcome
from vault.using.fetching import way_leads_to

MOVE = "vault.move"


def move_entry(
    run: AppContext, store: EntryStore, ref: EntryRef, to: EntryRef, *, ticket: TicketKey | None
) -> int:
    """Give it the new name, and return the version there.

    Raises:
        InvalidError: it has that name. EntryNotFoundError: there is no such entry.
        EntryExistsError: the new name is taken. EntryGuardedError: it, or the old one, is
        guarded. NotFoundError: there is no such client.
        DeniedError, UnavailableError.
    """
    if ref == to:
        raise InvalidError(
            _("{entry} has that name already").format(entry=ref), hint=_("give another name")
        )
    with run.snapshot() as session:
        clients.find(session, to.client.value)
    require_unguarded(run, store, to)
    value = read_for_change(store, ref, ticket)
    data = {"to": to.path, "version": value.version}
    intent = begin(run, MOVE, ref, data, ticket=ticket, roles=WRITERS)
    with explaining_taken(store, to):
        with_outcome(run, intent, lambda: _write(store, to, value, after=0))
    with half_done(_("{entry} is copied to {name}, but not moved yet").format(entry=ref, name=to)):
        return _carry_over(run, store, intent, value, version=1)


def repair_move(run: AppContext, intent: Intent) -> str:
    """Finish an interrupted move, or say that nothing came of it; doctor calls this.

    Raises:
        DeniedError, UnavailableError: the safe cannot be asked; the intent stays open.
    """
    store, (ref, to) = run.plug(EntryStore), _names(intent)
    if (newest := _newest(store, ref)) is None or _newest(store, to) is None:
        abandon(run, intent, "interrupted")
        return _("{entry} stayed as it was; try again").format(entry=ref)
    if newest.deleted_at and newest.number == intent.data["version"]:
        _record(run, intent, version=1, removed=newest.number)
        return _moved(ref, to)
    if newest.deleted_at:
        store.undelete(ref, newest.number)
    value = store.read(ref, _ticket(intent))
    version = _version_of_copy(store, intent, value)
    if version is None:
        abandon(run, intent, "entry-exists")
        return _("{entry} was written by somebody else").format(entry=to)
    _carry_over(run, store, intent, value, version=version)
    return _moved(ref, to)


def led_through(store: EntryStore, ref: EntryRef) -> list[EntryRef]:
    """The entries of the same client that name this one as the way to them."""
    entries: Iterable[Entry] = store.list_entries(ref.client)
    return [
        each.ref
        for each in entries
        if each.facts.via and way_leads_to(each.facts.via, ref.client.value) == ref.path
    ]


def _carry_over(
    run: AppContext, store: EntryStore, intent: Intent, value: EntryValue, *, version: int
) -> int:
    """Finish what is copied; whatever was written to the old name meanwhile comes along."""
    ref, to = _names(intent)
    while True:
        holds = tuple(name for name in value.secrets if not name.startswith(NEXT_PREFIX))
        store.mirror(to, value.facts, replace(value.stamps, holds=holds, version=version))
        _require_same(store, to, value, _ticket(intent))
        store.remove(ref)
        newest = newest_version(store, ref)
        if newest.number == value.version:
            break
        store.undelete(ref, newest.number)
        value = store.read(ref, _ticket(intent))
        version = _write(store, to, value, after=version)
    _record(run, intent, version=version, removed=newest.number)
    return version


def _write(store: EntryStore, to: EntryRef, value: EntryValue, *, after: int) -> int:
    return store.write(to, EntryValue(value.facts, value.secrets, after))


def _require_same(
    store: EntryStore, to: EntryRef, value: EntryValue, ticket: TicketKey | None
) -> None:
    """Nothing is removed before its copy was seen."""
    if store.read(to, ticket).to_data() != value.to_data():
        raise ConflictError(
            _("{entry} was changed by somebody else meanwhile; both names are there").format(
                entry=to
            ),
            hint="opskit doctor --repair",
        )


def _version_of_copy(store: EntryStore, intent: Intent, value: EntryValue) -> int | None:
    """Which version of the new name holds the old one's content, brought up to date where needed.

    None where somebody else's entry has the new name.
    """
    ref, to = _names(intent)
    try:
        copy = store.read(to, _ticket(intent))
    except EntryNotFoundError:
        return None
    if copy.to_data() == value.to_data():
        return copy.version
    begun = store.read(ref, _ticket(intent), version=intent.data["version"])
    if copy.to_data() != begun.to_data():
        return None
    return _write(store, to, value, after=copy.version)


def _record(run: AppContext, intent: Intent, *, version: int, removed: int) -> None:
    ref, to = _names(intent)
    at = run.now()
    with run.transaction() as session:
        added = {"from": ref.path, "version": version}
        record_event(session, intent, subject=to.path, action=ADDED, after=added, at=at)
        moved = {"to": to.path, "version": removed}
        record_outcome(session, intent=intent, action=MOVED, after=moved, at=at)
    for client in {ref.client, to.client}:
        forget_client(run, client)


def _newest(store: EntryStore, ref: EntryRef) -> Version | None:
    try:
        return store.history(ref)[-1]
    except EntryNotFoundError:
        return None


def _names(intent: Intent) -> tuple[EntryRef, EntryRef]:
    return (
        EntryRef.parse(intent.subject, environments=None),
        EntryRef.parse(intent.data["to"], environments=None),
    )


def _ticket(intent: Intent) -> TicketKey | None:
    return TicketKey(intent.data["ticket"]) if intent.data["ticket"] else None


def _moved(ref: EntryRef, to: EntryRef) -> str:
    return _("{entry} is now {name}").format(entry=ref, name=to)
