"""One credential's way into the safe: intent, write, outcome, so that no crash is silent."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy.orm import Session

from opskit.core.context import AppContext
from opskit.core.errors import OpsError, UnavailableError
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.core.intents import Intent
from vault.entries import EntryFacts, EntryRef, EntrySecrets, check_secrets
from vault.errors import EntryNotFoundError
from vault.ports import EntryStore
from vault.services import begin_add, record_abandoned, record_added, what_was_meant

Transactions = Callable[[], AbstractContextManager[Session]]


def add_entry(
    transaction: Transactions,
    store: EntryStore,
    *,
    ref: EntryRef,
    facts: EntryFacts,
    secrets: EntrySecrets,
    now: Callable[[], datetime],
    actor: Identity,
) -> int:
    """Write a new entry and return its version.

    Where the safe falls silent in the middle, nobody knows what it did: the intent stays open,
    and `opskit doctor --repair` looks.

    Raises:
        NotFoundError: there is no such client. EntryExistsError: there is such an entry.
        InvalidError, DeniedError: refused before anything was written. UnavailableError.
    """
    check_secrets(facts.kind, secrets)
    with transaction() as session:
        intent = begin_add(session, ref=ref, facts=facts, at=now(), actor=actor)
    try:
        version = store.create(ref, secrets)
    except UnavailableError:
        raise
    except OpsError as err:
        with transaction() as session:
            record_abandoned(session, intent=intent, reason=err.reference, at=now())
        raise
    store.write_facts(ref, facts)
    with transaction() as session:
        record_added(session, intent=intent, version=version, at=now())
    return version


def repair_add(run: AppContext, intent: Intent) -> str:
    """Finish an interrupted `vault add`, and say what became of it; doctor calls this.

    Raises:
        DeniedError, UnavailableError: the safe cannot be asked; the intent stays open.
    """
    store = run.plug(EntryStore)
    ref, facts = what_was_meant(intent)
    try:
        entry = store.describe(ref)
    except EntryNotFoundError:
        with run.transaction() as session:
            record_abandoned(session, intent=intent, reason="interrupted", at=run.now())
        return _("{entry} never came into the safe; add it again").format(entry=ref)
    if entry.facts not in (facts, EntryFacts("generic")):
        with run.transaction() as session:
            record_abandoned(session, intent=intent, reason="entry-exists", at=run.now())
        return _("{entry} was added by somebody else").format(entry=ref)
    store.write_facts(ref, facts)
    with run.transaction() as session:
        record_added(session, intent=intent, version=entry.version, at=run.now())
    return _("{entry} is in the safe, now whole").format(entry=ref)
