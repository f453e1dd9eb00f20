"""One entry into the safe: new, the same, or different from what is there; several at once.

Every write is check-and-set, so that trying again is harmless: what a lost answer had written
already is found to be the same.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Event, Lock
from time import monotonic
from typing import TypeVar

from opskit.core.errors import DeniedError, InvalidError, UnavailableError
from opskit.core.refs import TicketKey
from vault.changing.writing import NOTHING, Write
from vault.entries import EntryValue
from vault.errors import (
    EntryChangedError,
    EntryExistsError,
    EntryGuardedError,
    EntryNotFoundError,
    LoginNeededError,
    entry_guarded,
)
from vault.facts import EntryFacts
from vault.importing.journal import IMPORTED
from vault.importing.placing import Placed
from vault.importing.records import Leftover
from vault.importing.report import Fate
from vault.ports import EntryStore
from vault.services import Meant

PATIENCE = 30.0  # seconds during which a safe may be restarted
PAUSE = 0.5

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one entry; `meant` and `version` of one that was stored."""

    placed: Placed
    fate: Fate
    fields: tuple[str, ...] = ()
    version: int = 0
    meant: Meant | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """The safe lets this person write nothing of this client."""

    client: str
    reason: str


@dataclass(frozen=True, slots=True)
class Manner:
    """How entries are treated: whether one that differs is written over, or nothing at all is."""

    update: bool = False
    dry_run: bool = False
    ticket: TicketKey | None = None
    patience: float = field(default_factory=lambda: PATIENCE)


class Settler:
    """Settles entries, each in the thread that asks.

    `known` has the path of every entry that the safe ever had, `guarded` of those that a second
    person gives out; `reaches_all` says that the person writes for every client; `at` is when the
    import began.
    """

    def __init__(
        self,
        store: EntryStore,
        known: Container[str],
        manner: Manner,
        *,
        at: datetime,
        guarded: Container[str] = (),
        reaches_all: bool = False,
    ) -> None:
        self._store = store
        self._known = known
        self._manner = manner
        self._at = at
        self._guarded = guarded
        self._reaches_all = reaches_all
        self._gates: dict[str, Lock] = {}
        self._open: set[str] = set()
        self._refused: dict[str, str] = {}
        self.stopped = Event()

    def settle(self, placed: Placed, meant: Meant | None) -> Settled | Leftover | Refusal:
        """Store it, or say why not; a safe that is silent is waited for.

        `meant` is what `self.meant` says of it. Whoever does not reach every client finds out with
        the first entry of each whether the safe takes any; the others wait for that.

        Raises:
            UnavailableError: it stays silent. LoginNeededError.
        """
        client = placed.ref.client.value
        if self._reaches_all or client in self._open or placed.ref.path in self._guarded:
            return self._settled(placed, meant)
        with self._gates.setdefault(client, Lock()):
            if reason := self._refused.get(client):
                return Refusal(client, reason)
            settled = self._settled(placed, meant)
            if isinstance(settled, Refusal):
                self._refused[client] = settled.reason
            else:
                self._open.add(client)
            return settled

    def _settled(self, placed: Placed, meant: Meant | None) -> Settled | Leftover | Refusal:
        record, client = placed.record, placed.ref.client.value
        try:
            if placed.ref.path in self._guarded:
                raise entry_guarded(placed.ref.path)
            return self._settle(placed, meant)
        except LoginNeededError:
            raise
        except (InvalidError, EntryGuardedError, EntryNotFoundError) as err:
            return Leftover(record.group, record.title, err.message, placed.ref.path)
        except DeniedError as err:
            return Refusal(client, err.message.replace(placed.ref.path, client))

    def meant(self, placed: Placed) -> Meant | None:
        """What is on its way with it; None for one that will not be written."""
        manner = self._manner
        if manner.dry_run or placed.ref.path in self._guarded:
            return None
        if placed.ref.path in self._known and not manner.update:
            return None
        return self._meant(placed, self._write(placed))

    def _settle(self, placed: Placed, meant: Meant | None) -> Settled:
        if placed.ref.path in self._known:
            return self._compared(placed, self._read(placed))
        if meant is None:
            return Settled(placed, Fate.NEW)
        return self._stored(placed, self._write(placed), meant, Fate.NEW)

    def _compared(self, placed: Placed, found: EntryValue) -> Settled:
        write = self._write(placed, found)
        if not write.changed:
            if self._manner.dry_run or found.stamps.version == found.version:
                return Settled(placed, Fate.SAME)
            # Cut off between its two requests, or another tool's.
            fate = Fate.NEW if found.version == 1 else Fate.UPDATED
            return self._mirrored(placed, self._meant(placed, write), found.version, fate)
        if self._manner.dry_run or not self._manner.update:
            return Settled(placed, Fate.DIFFERENT, fields=write.changed)
        return self._stored(placed, write, self._meant(placed, write), Fate.UPDATED)

    def _stored(self, placed: Placed, write: Write, meant: Meant, fate: Fate) -> Settled:
        try:
            version = self._patiently(lambda: self._store.write(write.ref, write.value))
        except (EntryExistsError, EntryChangedError):
            # By a request of ours whose answer was lost, or by somebody who was faster.
            found = self._read(placed)
            if fields := self._write(placed, found).changed:
                return Settled(placed, Fate.DIFFERENT, fields=fields)
            version = found.version
        return self._mirrored(placed, meant, version, fate)

    def _mirrored(self, placed: Placed, meant: Meant, version: int, fate: Fate) -> Settled:
        stamps = meant.stamps_of(version)
        self._patiently(lambda: self._store.mirror(meant.ref, meant.facts, stamps))
        return Settled(placed, fate, meant.changed, version, replace(meant, follows=version - 1))

    def _read(self, placed: Placed) -> EntryValue:
        return self._patiently(lambda: self._store.read(placed.ref, self._manner.ticket))

    def _write(self, placed: Placed, found: EntryValue = NOTHING) -> Write:
        """The entry with what the file says; what else the safe knows of it stays."""
        ref, ticket = placed.ref, self._manner.ticket
        if found is NOTHING:
            return Write(ref, placed.facts, placed.secrets, NOTHING, IMPORTED, ticket)
        placed = placed.as_kind(found.facts.kind)
        tags = dict.fromkeys((*found.facts.tags, *placed.facts.tags))
        said = {**placed.facts.to_metadata(), "tags": " ".join(tags)}
        facts = EntryFacts.from_metadata({**found.facts.to_metadata(), **said})
        secrets = {**found.secrets, **placed.secrets}
        return Write(ref, facts, secrets, found, IMPORTED, ticket)

    def _meant(self, placed: Placed, write: Write) -> Meant:
        """Its secrets are what they are since the file's entry was changed, as far as one knows."""
        modified = placed.record.modified
        return write.meant(at=self._at if modified is None else min(modified, self._at))

    def _patiently(self, act: Callable[[], Answer]) -> Answer:
        """Raises UnavailableError: the safe was silent for longer than one waits."""
        silent_since: float | None = None
        while True:
            try:
                return act()
            except UnavailableError:
                now = monotonic()
                silent_since = now if silent_since is None else silent_since
                if now - silent_since >= self._manner.patience or self.stopped.wait(PAUSE):
                    raise
