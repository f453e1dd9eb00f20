"""Taking an entry away and bringing it back: intent, act, outcome, so that no crash is silent."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from opskit.core.context import AppContext
from opskit.core.errors import ConflictError, OpsError, UnavailableError
from opskit.core.i18n import _
from opskit.core.intents import Intent
from opskit.core.refs import TicketKey
from vault.breakglass.ports import GuardedStore
from vault.changing.changes import was_removed
from vault.changing.naming import require_unguarded
from vault.changing.writing import abandon, half_done, nobody_knows
from vault.entries import EntryRef
from vault.errors import (
    EntryGuardedError,
    EntryNotFoundError,
    entry_removed,
    guarded_for_good,
)
from vault.finding.index import forget_client
from vault.getting import with_nearest
from vault.ports import EntryStore, Version
from vault.services import PURGERS, begin_act, record_outcome, writers_of

REMOVE, UNDELETE, PURGE = "vault.remove", "vault.undelete", "vault.purge"
REMOVED, UNDELETED, PURGED = "vault.removed", "vault.undeleted", "vault.purged"
MOVED = "vault.moved"


def remove_entry(
    run: AppContext, store: EntryStore, ref: EntryRef, *, ticket: TicketKey | None
) -> int:
    """Delete the newest version, and return its number; `undelete_entry` brings it back.

    Raises:
        EntryNotFoundError: there is none, or no longer. DeniedError, UnavailableError.
    """
    version = current_version(store, ref)
    intent = begin(run, REMOVE, ref, {"version": version}, ticket=ticket, roles=writers_of(ref))
    with_outcome(run, intent, lambda: store.remove(ref))
    with half_done(_("{entry} was removed, but no event says so yet").format(entry=ref)):
        return _record(run, intent, REMOVED, newest_version(store, ref).number)


def undelete_entry(
    run: AppContext, store: EntryStore, ref: EntryRef, *, ticket: TicketKey | None
) -> int:
    """Bring the newest version back, and return its number.

    Raises:
        EntryNotFoundError: there never was such an entry, or it was purged.
        ConflictError: it is there. EntryGuardedError: it would stand beside a guarded one, and
        the person is no safe-keeper. DeniedError, UnavailableError.
    """
    newest = newest_version(store, ref)
    require_unguarded(run, store, ref)
    if not newest.deleted_at:
        raise ConflictError(
            _("{entry} was not removed").format(entry=ref), hint=f"opskit vault show {ref}"
        )
    if newest.destroyed:
        raise EntryNotFoundError(
            _("version {version} of {entry} was destroyed").format(
                version=newest.number, entry=ref
            ),
            hint=f"opskit vault history {ref}",
        )
    data = {"version": newest.number}
    intent = begin(run, UNDELETE, ref, data, ticket=ticket, roles=writers_of(ref))
    with_outcome(run, intent, lambda: store.undelete(ref, newest.number))
    with half_done(_("{entry} is back").format(entry=ref)):
        return _record(run, intent, UNDELETED, newest.number)


def find_to_purge(run: AppContext, ref: EntryRef) -> tuple[EntryStore, bool]:
    """Where the entry is, and whether that is under guard; what hides a guarded one goes first.

    Raises:
        EntryNotFoundError: there is nothing of it. DeniedError, UnavailableError.
    """
    store = run.plug(EntryStore)
    try:
        newest_version(store, ref)
    except EntryGuardedError:
        return run.plug(GuardedStore), True
    return store, False


def purge_entry(
    run: AppContext,
    store: EntryStore,
    ref: EntryRef,
    *,
    ticket: TicketKey | None,
    guarded: bool = False,
) -> None:
    """Destroy every version, for ever; `store` and `guarded` as `find_to_purge` has them.

    Raises:
        EntryNotFoundError: there is nothing of it. DeniedError: the person is no safe-keeper.
        UnavailableError.
    """
    newest = newest_version(store, ref)
    data = {"version": newest.number, "created_at": newest.created_at, "guarded": guarded}
    intent = begin(run, PURGE, ref, data, ticket=ticket, roles=PURGERS)
    with_outcome(run, intent, lambda: store.purge(ref))
    with half_done(_("{entry} was purged").format(entry=ref)):
        _record(run, intent, PURGED, newest.number)


def repair_removal(run: AppContext, intent: Intent) -> str:
    """See what became of an interrupted act; doctor calls this.

    Raises:
        DeniedError, UnavailableError: the safe cannot be asked; the intent stays open.
    """
    store: EntryStore = run.plug(GuardedStore if intent.data.get("guarded") else EntryStore)
    ref = EntryRef.parse(intent.subject, environments=None)
    versions: Sequence[Version] = ()
    with suppress(EntryNotFoundError):
        versions = store.history(ref)
    action, said = _SETTLED[intent.kind]
    if _came_about(intent, versions):
        newest = versions[-1].number if versions else intent.data["version"]
        _record(run, intent, action, newest)
        return said().format(entry=ref)
    abandon(run, intent, "interrupted")
    return _("{entry} stayed as it was; try again").format(entry=ref)


def current_version(store: EntryStore, ref: EntryRef) -> int:
    """The number of the newest version, which nobody removed. Raises EntryNotFoundError."""
    try:
        return store.describe(ref).version
    except EntryNotFoundError as err:
        if store.guards(ref):
            raise guarded_for_good(ref.path) from err
        if was_removed(store, ref):
            raise entry_removed(ref.path) from err
        raise with_nearest(store, ref, err) from err


def begin(
    run: AppContext,
    kind: str,
    ref: EntryRef,
    data: Mapping[str, Any],
    *,
    ticket: TicketKey | None,
    roles: Sequence[str],
) -> Intent:
    """Note and commit what is about to be done. Raises DeniedError."""
    actor = run.identity()
    with run.transaction() as session:
        return begin_act(
            session,
            kind=kind,
            ref=ref,
            data=data,
            ticket=ticket,
            roles=roles,
            at=run.now(),
            actor=actor,
        )


def with_outcome(run: AppContext, intent: Intent, act: Callable[[], object]) -> None:
    """Do it; a refusal closes the intent, silence leaves it open."""
    try:
        act()
    except UnavailableError as err:
        raise nobody_knows(intent.subject, err) from err
    except OpsError as err:
        abandon(run, intent, err.reference)
        raise


def newest_version(store: EntryStore, ref: EntryRef) -> Version:
    """Removed or not. Raises EntryNotFoundError: with the nearest entries."""
    try:
        return store.history(ref)[-1]
    except EntryNotFoundError as err:
        raise with_nearest(store, ref, err) from err


def _record(run: AppContext, intent: Intent, action: str, version: int) -> int:
    with run.transaction() as session:
        record_outcome(
            session, intent=intent, action=action, after={"version": version}, at=run.now()
        )
    forget_client(run, EntryRef.parse(intent.subject, environments=None).client)
    return version


def _came_about(intent: Intent, versions: Sequence[Version]) -> bool:
    """Whether the safe looks as it would after the act."""
    match intent.kind:
        case "vault.remove":
            return bool(versions and versions[-1].deleted_at)
        case "vault.undelete":
            number = intent.data["version"]
            return any(each.number == number and not each.deleted_at for each in versions)
        case _:  # a new entry under the old name begins again
            return intent.data["created_at"] not in [each.created_at for each in versions]


_SETTLED: Mapping[str, tuple[str, Callable[[], str]]] = {
    REMOVE: (
        REMOVED,
        lambda: _("{entry} was removed; opskit vault undelete {entry} brings it back"),
    ),
    UNDELETE: (UNDELETED, lambda: _("{entry} is back")),
    PURGE: (PURGED, lambda: _("{entry} was purged")),
}
