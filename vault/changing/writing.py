"""One version's way into the safe: intent, write, outcome, so that no crash is silent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from opskit.core.context import AppContext
from opskit.core.errors import OpsError, UnavailableError
from opskit.core.i18n import _, colon
from opskit.core.intents import Intent
from opskit.core.refs import TicketKey
from vault.changing.naming import require_unguarded
from vault.entries import (
    FILE_PREFIX,
    NEXT_PREFIX,
    Entry,
    EntryRef,
    EntrySecrets,
    EntryValue,
    Stamps,
    check_secrets,
)
from vault.errors import EntryNotFoundError, EntryRemovedError, entry_changed
from vault.facts import EntryFacts
from vault.finding.index import forget_client
from vault.kinds import NOTE
from vault.ports import EntryStore
from vault.services import Meant, begin_write, record_abandoned, record_written

ADDED = "vault.added"
CHANGED = "vault.changed"
NOTHING = EntryValue(EntryFacts("generic"), {})


@dataclass(frozen=True, slots=True)
class Write:
    """The next version of an entry. `previous` is the one that was read; none for a new entry.

    `stamps` stands for those that would follow from what changes.
    """

    ref: EntryRef
    facts: EntryFacts
    secrets: EntrySecrets
    previous: EntryValue = NOTHING
    action: str = ADDED
    ticket: TicketKey | None = None
    stamps: Stamps | None = None

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
    def rotates(self) -> bool:
        """Whether a secret changes that opens a door."""
        kept = {*self.previous.secrets, *self.secrets}
        return any(name in kept and _opens_a_door(name) for name in self.changed)

    def meant(self, *, at: datetime) -> Meant:
        """The same without the secrets."""
        stamps = self._following(at) if self.stamps is None else self.stamps
        holds = tuple(name for name in self.secrets if not name.startswith(NEXT_PREFIX))
        return Meant(
            ref=self.ref,
            action=self.action,
            facts=self.facts,
            follows=self.previous.version,
            changed=self.changed,
            stamps=replace(stamps, holds=holds, version=0),
            ticket="" if self.ticket is None else self.ticket.value,
        )

    def _following(self, at: datetime) -> Stamps:
        moment = at.astimezone(UTC).isoformat(timespec="seconds")
        known = self.previous.stamps
        since = (self.previous.pending and known.pending) or moment
        return Stamps(
            rotated=moment if self.rotates else known.rotated,
            pending=since if self.value.pending else "",
        )


def write_entry(run: AppContext, store: EntryStore, write: Write) -> int:
    """Write it and return its version.

    Where the safe falls silent in the middle, nobody knows what it did: the intent stays open,
    and `opskit doctor --repair` looks. So it does where the version was stored and what comes after
    failed: then the error says that it is stored.

    Raises:
        NotFoundError: there is no such client. EntryExistsError, EntryChangedError: another
        version came between. InvalidError, DeniedError: refused before anything was written, as
        an agent's new entry beside a guarded one is.
        UnavailableError.
    """
    check_secrets(write.secrets)
    if write.previous.version:
        _require_still_there(store, write)
    else:
        require_unguarded(run, store, write.ref)
    actor = run.identity()
    with run.transaction() as session:
        meant = write.meant(at=run.now())
        intent = begin_write(session, meant=meant, at=run.now(), actor=actor)
    try:
        version = store.write(write.ref, write.value)
    except UnavailableError as err:
        raise nobody_knows(write.ref.path, err) from err
    except OpsError as err:
        abandon(run, intent, err.reference)
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
    except EntryRemovedError:
        abandon(run, intent, "entry-removed")
        return _("{entry} was removed meanwhile").format(entry=meant.ref)
    except EntryNotFoundError:
        abandon(run, intent, "interrupted")
        return _("{entry} never came into the safe; add it again").format(entry=meant.ref)
    if entry.version <= meant.follows:
        abandon(run, intent, "interrupted")
        return _("{entry} stayed as it was; change it again").format(entry=meant.ref)
    if entry.version > meant.follows + 1 or not _may_be_ours(entry, meant):
        abandon(run, intent, "entry-exists" if meant.follows == 0 else "entry-changed")
        return _("{entry} was written by somebody else").format(entry=meant.ref)
    _finish(run, store, intent, entry.version)
    return _("{entry} is in the safe, now whole").format(entry=meant.ref)


@contextmanager
def half_done(so_far: str) -> Iterator[None]:
    """What fails from here on leaves that, and an open intent: `opskit doctor --repair` ends it."""
    try:
        yield
    except OpsError as err:
        raise type(err)(f"{colon(so_far)} {err.message}", hint=_then_repair(err)) from err


def nobody_knows(subject: str, err: UnavailableError) -> UnavailableError:
    """The same error of an act that may have come about all the same."""
    said = _("{reason}; nobody knows what became of {entry}").format(
        reason=err.message, entry=subject
    )
    return type(err)(said, hint=_then_repair(err))


def _then_repair(err: OpsError) -> str:
    return _("{hint}; then opskit doctor --repair").format(hint=err.hint)


def abandon(run: AppContext, intent: Intent, reason: str) -> None:
    """Close an intent of which nothing came."""
    with run.transaction() as session:
        record_abandoned(session, intent=intent, reason=reason, at=run.now())


def _require_still_there(store: EntryStore, write: Write) -> None:
    """The server lets a version follow one that was removed meanwhile, and so undo that."""
    try:
        store.describe(write.ref)
    except EntryNotFoundError as err:
        raise entry_changed(write.ref.path) from err


def _finish(run: AppContext, store: EntryStore, intent: Intent, version: int) -> None:
    meant = Meant.of(intent)
    unfound = _("{entry} is in the safe, version {version}, but cannot be found yet")
    with half_done(unfound.format(entry=meant.ref, version=version)):
        store.mirror(meant.ref, meant.facts, meant.stamps_of(version))
    forget_client(run, meant.ref.client)
    unsaid = _("{entry} is in the safe, version {version}, but no event says so yet")
    with (
        half_done(unsaid.format(entry=meant.ref, version=version)),
        run.transaction() as session,
    ):
        record_written(session, intent=intent, version=version, at=run.now())


def _may_be_ours(entry: Entry, meant: Meant) -> bool:
    """Another's write would have been mirrored by its writer, with other facts or another time."""
    if entry.stamps.version != entry.version:
        return meant.follows > 0 or entry.facts == NOTHING.facts
    found, ours = (_said(stamps) for stamps in (entry.stamps, meant.stamps_of(entry.version)))
    return (entry.facts, found) == (meant.facts, ours)


def _said(stamps: Stamps) -> dict[str, str]:
    """As the safe keeps it, without what a works-check may have noted since."""
    return replace(stamps, checked="", check="").to_metadata()


def _opens_a_door(name: str) -> bool:
    """The note and files do not; a password that waits does not yet."""
    return name != NOTE and not name.startswith((FILE_PREFIX, NEXT_PREFIX))
