"""A whole file into the safe: some hundred entries on their way at a time, in a few threads."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from opskit.core.context import AppContext
from opskit.core.i18n import _
from opskit.core.intents import Intent
from opskit.core.refs import TicketKey
from vault.entries import EntryRef
from vault.errors import EntryNotFoundError
from vault.finding.index import forget_client
from vault.importing import journal
from vault.importing.placing import Placed
from vault.importing.records import Leftover
from vault.importing.report import STORED, Report
from vault.importing.settling import Refusal, Settled, Settler
from vault.ports import EntryStore
from vault.services import Meant
from vault.store.hvac_client import THREADS

BATCH = 200

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Flight:
    """An entry on its way; `meant` where it will be written."""

    meant: Meant | None
    landing: Future[Settled | Leftover | Refusal]


class Storing:
    """One import on its way. `report` may be read at any time, also after it broke off."""

    def __init__(
        self,
        run: AppContext,
        settler: Settler,
        *,
        intent: Intent | None,
        batch: int = BATCH,
    ) -> None:
        """Without an intent nothing is written: a trial."""
        self.report = Report()
        self._run = run
        self._settler = settler
        self._intent = intent
        self._batch = batch
        self._step: Callable[[int], None] = lambda _count: None
        self._flying: deque[Flight] = deque()
        self._done: list[Settled] = []

    def store(
        self, items: Iterable[Placed | Leftover], *, step: Callable[[int], None] | None = None
    ) -> None:
        """Settle them all, while the events of those before are written.

        `step` hears of each that is done. Whatever ends it early (Ctrl-C too), what was on its
        way lands first.

        Raises:
            UnavailableError: the safe stays silent. LoginNeededError.
        """
        self._step = step or self._step
        pool = ThreadPoolExecutor(THREADS)
        try:
            for batch in _batches(items, self._batch):
                self._leave([each for each in batch if isinstance(each, Leftover)])
                placed = [each for each in batch if isinstance(each, Placed)]
                ahead = [(each, self._settler.meant(each)) for each in placed]
                self._commit([*(each.meant for each in self._flying), *(m for _p, m in ahead)])
                for each, meant in ahead:
                    landing = pool.submit(self._settler.settle, each, meant)
                    self._flying.append(Flight(meant, landing))
                self._land(all_but=self._batch)
            self._land(all_but=0)
        except BaseException:
            self._settler.stopped.set()
            pool.shutdown(cancel_futures=True)
            self._break_off()
            raise
        pool.shutdown()
        self._end()

    def _leave(self, leftovers: Sequence[Leftover]) -> None:
        """What belongs to an entry is counted with it."""
        self.report.leftovers += leftovers
        self._step(sum(not each.ref for each in leftovers))

    def _land(self, *, all_but: int) -> None:
        while len(self._flying) > all_but:
            self._keep(self._flying[0].landing.result())
            self._flying.popleft()

    def _keep(self, settled: Settled | Leftover | Refusal) -> None:
        self._step(1)
        if isinstance(settled, Leftover):
            self.report.leftovers.append(settled)
            return
        if isinstance(settled, Refusal):
            self.report.refuse(settled.client, settled.reason)
            return
        self.report.count(settled.placed, settled.fate, settled.fields)
        if settled.fate in STORED:
            self._done.append(settled)

    def _commit(self, ahead: Sequence[Meant | None]) -> None:
        """Record what came in, and what is on its way from now on."""
        if self._intent is None:
            return
        with self._run.transaction() as session:
            journal.record_batch(
                session,
                intent=self._intent,
                done=[(each.meant, each.version) for each in self._done if each.meant],
                under_way=[each for each in ahead if each],
                at=self._run.now(),
            )
        _forget(self._run, (each.placed.ref for each in self._done))
        self._done.clear()

    def _break_off(self) -> None:
        """Keep what landed; of what failed nobody knows, so the intent stays open for it."""
        unknown = []
        for each in self._flying:
            if each.landing.cancelled():
                continue
            if each.landing.exception():
                unknown.append(each.meant)
            else:
                self._keep(each.landing.result())
        self._flying.clear()
        self._commit(unknown)
        if not unknown:
            self._end(stopped=True)

    def _end(self, *, stopped: bool = False) -> None:
        if self._intent is None:
            return
        self._commit(())
        summary = {**self.report.summary(), "stopped": stopped}
        with self._run.transaction() as session:
            journal.end_import(session, intent=self._intent, summary=summary, at=self._run.now())


def begin(run: AppContext, store: EntryStore, *, file: str, ticket: TicketKey | None) -> Intent:
    """Note that the import begins, after what an earlier one of the same file left open.

    Raises:
        DeniedError: the person may not write into the safe. UnavailableError.
    """
    actor = run.identity()
    with run.transaction() as session:
        earlier = journal.interrupted_imports(session, file=file, actor=actor)
        intent = journal.begin_import(session, file=file, ticket=ticket, at=run.now(), actor=actor)
    for each in earlier:
        _settle(run, store, each)
    return intent


def repair_import(run: AppContext, intent: Intent) -> str:
    """Record what an interrupted import had brought in; doctor calls this.

    Raises:
        DeniedError, UnavailableError: the safe cannot be asked; the intent stays open.
    """
    count = _settle(run, run.plug(EntryStore), intent)
    return _("entries of {file} in the safe already: {count}; import it again").format(
        count=count, file=intent.subject
    )


def _settle(run: AppContext, store: EntryStore, intent: Intent) -> int:
    found = [(meant, _version_of(store, meant)) for meant in journal.under_way(intent)]
    done = [(meant, version) for meant, version in found if version]
    with run.transaction() as session:
        journal.record_batch(session, intent=intent, done=done, under_way=(), at=run.now())
        journal.end_import(
            session, intent=intent, summary={"stopped": True, "new": len(done)}, at=run.now()
        )
    _forget(run, (meant.ref for meant, _version in done))
    return len(done)


def _forget(run: AppContext, refs: Iterable[EntryRef]) -> None:
    """What `find` knows of these entries' clients is old."""
    for client in {ref.client for ref in refs}:
        forget_client(run, client)


def _version_of(store: EntryStore, meant: Meant) -> int:
    """The version that came of it; 0 where none did, or where it was somebody else's."""
    try:
        entry = store.describe(meant.ref)
    except EntryNotFoundError:
        return 0
    if entry.stamps.version != entry.version:
        return 0  # cut off before its facts were mirrored: the next import finishes it
    is_ours = (entry.facts, entry.stamps.rotated) == (meant.facts, meant.stamps.rotated)
    return entry.version if is_ours and entry.version > meant.follows else 0


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
