"""One version's way into the safe: intent, write, outcome, so that no crash is silent."""

from dataclasses import dataclass

from opskit.core.context import AppContext
from opskit.core.errors import OpsError, UnavailableError
from opskit.core.i18n import _
from opskit.core.intents import Intent
from vault.entries import (
    FILE_PREFIX,
    NEXT_PREFIX,
    Entry,
    EntryRef,
    EntrySecrets,
    EntryValue,
    check_secrets,
)
from vault.errors import EntryNotFoundError
from vault.facts import EntryFacts
from vault.kinds import NOTE
from vault.ports import EntryStore
from vault.services import Meant, begin_write, record_abandoned, record_written

ADDED = "vault.added"
CHANGED = "vault.changed"
NOTHING = EntryValue(EntryFacts("generic"), {})


@dataclass(frozen=True, slots=True)
class Write:
    """The next version of an entry. `previous` is the one that was read; none for a new entry."""

    ref: EntryRef
    facts: EntryFacts
    secrets: EntrySecrets
    previous: EntryValue = NOTHING
    action: str = ADDED

    @property
    def value(self) -> EntryValue:
        """To be written after the version that was read."""
        return EntryValue(self.facts, self.secrets, self.previous.version)

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of the fields that differ, a secret's too, never what is in them."""
        old, new = self.previous.to_data(), self.value.to_data()
        return tuple(sorted(name for name in {*old, *new} if old.get(name) != new.get(name)))

    @property
    def meant(self) -> Meant:
        """The same without the secrets."""
        kept = {*self.previous.secrets, *self.secrets}
        return Meant(
            ref=self.ref,
            action=self.action,
            facts=self.facts,
            follows=self.previous.version,
            changed=self.changed,
            holds=tuple(name for name in self.secrets if not name.startswith(NEXT_PREFIX)),
            rotates=any(name in kept and _opens_a_door(name) for name in self.changed),
            pending=any(name.startswith(NEXT_PREFIX) for name in self.secrets),
        )


def write_entry(run: AppContext, store: EntryStore, write: Write) -> int:
    """Write it and return its version.

    Where the safe falls silent in the middle, nobody knows what it did: the intent stays open,
    and `opskit doctor --repair` looks.

    Raises:
        NotFoundError: there is no such client. EntryExistsError, EntryChangedError: another
        version came between. InvalidError, DeniedError: refused before anything was written.
        UnavailableError.
    """
    check_secrets(write.secrets)
    actor = run.identity()
    with run.transaction() as session:
        intent = begin_write(session, meant=write.meant, at=run.now(), actor=actor)
    try:
        version = store.write(write.ref, write.value)
    except UnavailableError:
        raise
    except OpsError as err:
        _abandon(run, intent, err.reference)
        raise
    _finish(run, store, intent, version)
    return version


def repair_write(run: AppContext, intent: Intent) -> str:
    """Finish an interrupted write, and say what became of it; doctor calls this.

    Raises:
        DeniedError, UnavailableError: the safe cannot be asked; the intent stays open.
    """
    store, meant = run.plug(EntryStore), Meant.of(intent)
    try:
        entry = store.describe(meant.ref)
    except EntryNotFoundError:
        _abandon(run, intent, "interrupted")
        return _("{entry} never came into the safe; add it again").format(entry=meant.ref)
    if entry.version <= meant.follows:
        _abandon(run, intent, "interrupted")
        return _("{entry} stayed as it was; change it again").format(entry=meant.ref)
    if entry.version > meant.follows + 1 or not _may_be_ours(entry, meant):
        _abandon(run, intent, "entry-exists" if meant.follows == 0 else "entry-changed")
        return _("{entry} was written by somebody else").format(entry=meant.ref)
    _finish(run, store, intent, entry.version)
    return _("{entry} is in the safe, now whole").format(entry=meant.ref)


def _finish(run: AppContext, store: EntryStore, intent: Intent, version: int) -> None:
    meant = Meant.of(intent)
    store.mirror(meant.ref, meant.facts, meant.stamps(version, at=intent.begun_at))
    with run.transaction() as session:
        record_written(session, intent=intent, version=version, at=run.now())


def _abandon(run: AppContext, intent: Intent, reason: str) -> None:
    with run.transaction() as session:
        record_abandoned(session, intent=intent, reason=reason, at=run.now())


def _may_be_ours(entry: Entry, meant: Meant) -> bool:
    """Another's write would have been mirrored by its writer, with other facts."""
    has_been_mirrored = entry.stamps.version == entry.version or meant.follows == 0
    return not has_been_mirrored or entry.facts in (meant.facts, NOTHING.facts)


def _opens_a_door(name: str) -> bool:
    """The note and files do not; a password that waits does not yet."""
    return name != NOTE and not name.startswith((FILE_PREFIX, NEXT_PREFIX))
