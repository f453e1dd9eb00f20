"""Putting an entry under guard: copied into the other mount, then destroyed where it was.

The copy cannot be read back by one person, so the safe's own answer to the write is trusted. What
somebody writes meanwhile is carried over: the entry is first removed, which ends the writing, and
destroyed only after nothing newer was found.
"""

from dataclasses import replace

from opskit.core.context import AppContext
from opskit.core.i18n import _
from opskit.core.identity import require_role
from opskit.core.intents import Intent
from opskit.core.refs import TicketKey
from vault.breakglass.errors import no_second_person
from vault.breakglass.ports import GuardedStore, SecondPerson
from vault.changing.changes import read_newest
from vault.changing.removing import begin, newest_version, with_outcome
from vault.changing.writing import half_done
from vault.entries import NEXT_PREFIX, EntryRef, EntryValue
from vault.errors import EntryGuardedError, EntryNotFoundError, guarded_already
from vault.finding.index import forget_client
from vault.ports import EntryStore
from vault.services import PURGERS, record_outcome

GUARD = "vault.guard"
GUARDED_NOW = "vault.guarded"


def guard(run: AppContext, ref: EntryRef, *, ticket: TicketKey | None) -> int:
    """Put the entry under guard, and return its version there; its history is destroyed.

    Where one of that name is guarded already, this becomes its next version.

    Raises:
        NoSecondPersonError: nobody could ever read it. EntryNotFoundError: there is no such entry.
        EntryGuardedError: it is guarded, and nothing waits beside it.
        DeniedError: the person is no safe-keeper. UnavailableError.
    """
    require_role(run.identity(), *PURGERS)
    if not run.plug(SecondPerson).exists():
        raise no_second_person()
    store, guarded = run.plug(EntryStore), run.plug(GuardedStore)
    try:
        value = read_newest(store, ref, ticket)
    except EntryGuardedError as err:
        raise guarded_already(ref.path) from err
    data = {"version": value.version}
    intent = begin(run, GUARD, ref, data, ticket=ticket, roles=PURGERS)
    with_outcome(run, intent, lambda: _copy(guarded, ref, value))
    with half_done(_("{entry} is not under guard alone yet").format(entry=ref)):
        return _finish(run, store, guarded, intent, copied=value.version)


def repair_guard(run: AppContext, intent: Intent) -> str:
    """Finish it, however far it came: what is left of the entry is copied once more.

    Raises:
        DeniedError, UnavailableError: the safe cannot be asked; the intent stays open.
    """
    store, guarded = run.plug(EntryStore), run.plug(GuardedStore)
    ref = EntryRef.parse(intent.subject, environments=None)
    try:
        newest = store.history(ref)[-1]
    except EntryNotFoundError:
        _record(run, intent, guarded, ref)
    else:
        if newest.deleted_at:
            store.undelete(ref, newest.number)
        value = store.read(ref, _ticket(intent))
        _copy(guarded, ref, value)
        _finish(run, store, guarded, intent, copied=value.version)
    return _("{entry} is guarded").format(entry=ref)


def _finish(
    run: AppContext, store: EntryStore, guarded: GuardedStore, intent: Intent, *, copied: int
) -> int:
    ref = EntryRef.parse(intent.subject, environments=None)
    while True:
        store.remove(ref)
        newest = newest_version(store, ref).number
        if newest == copied:
            break
        store.undelete(ref, newest)
        value = store.read(ref, _ticket(intent))
        _copy(guarded, ref, value)
        copied = value.version
    store.purge(ref)
    return _record(run, intent, guarded, ref)


def _copy(guarded: GuardedStore, ref: EntryRef, value: EntryValue) -> None:
    version = guarded.write(ref, EntryValue(value.facts, value.secrets, _newest(guarded, ref)))
    holds = tuple(name for name in value.secrets if not name.startswith(NEXT_PREFIX))
    guarded.mirror(ref, value.facts, replace(value.stamps, holds=holds, version=version))


def _newest(guarded: GuardedStore, ref: EntryRef) -> int:
    try:
        return guarded.history(ref)[-1].number
    except EntryNotFoundError:
        return 0


def _record(run: AppContext, intent: Intent, guarded: GuardedStore, ref: EntryRef) -> int:
    version = _newest(guarded, ref)
    forget_client(run, ref.client)
    with run.transaction() as session:
        record_outcome(
            session, intent=intent, action=GUARDED_NOW, after={"version": version}, at=run.now()
        )
    return version


def _ticket(intent: Intent) -> TicketKey | None:
    return TicketKey(intent.data["ticket"]) if intent.data["ticket"] else None
