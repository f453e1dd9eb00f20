"""Whether a name may be given to a new entry: it is free, and nothing under guard is hidden."""

from opskit.clients import services as clients
from opskit.core.context import AppContext
from opskit.core.identity import require_role
from vault.entries import EntryRef
from vault.errors import (
    EntryExistsError,
    EntryNotFoundError,
    entry_exists,
    guarded_as_it_is,
    name_taken,
)
from vault.ports import EntryStore
from vault.services import writers_of

RENEWERS = ("safe-keeper", "admin")


def require_free(run: AppContext, store: EntryStore, ref: EntryRef) -> bool:
    """Before anybody types a secret for it; returns whether an entry of the name is guarded.

    Raises:
        NotFoundError: there is no such client. EntryExistsError: the name is taken.
        EntryGuardedError: it is guarded, and the person is no safe-keeper. DeniedError.
        UnavailableError.
    """
    require_role(run.identity(), *writers_of(ref))
    with run.snapshot() as session:
        clients.find(session, ref.client.value)
    is_guarded = require_unguarded(run, store, ref)
    if (taken := _taken(store, ref)) is not None:
        raise taken
    return is_guarded


def require_unguarded(run: AppContext, store: EntryStore, ref: EntryRef) -> bool:
    """An entry beside the guarded one of its name would hide that from whoever asks for it.

    A safe-keeper makes one on its way under guard; for them it returns whether there is one.

    Raises:
        EntryGuardedError: the person is no safe-keeper. UnavailableError.
    """
    is_guarded = store.guards(ref)
    if is_guarded and run.identity().roles.isdisjoint(RENEWERS):
        raise guarded_as_it_is(ref.path)
    return is_guarded


def _taken(store: EntryStore, ref: EntryRef) -> EntryExistsError | None:
    try:
        versions = store.history(ref)
    except EntryNotFoundError:
        return None
    if not versions:
        return None
    newest = versions[-1]
    is_removed = newest.deleted_at and not newest.destroyed
    return name_taken(ref.path) if is_removed else entry_exists(ref.path)
