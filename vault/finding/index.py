"""What is known of the safe: the index as it is kept, brought up to date where it must be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from opskit.core.context import AppContext
from opskit.core.errors import DeniedError, NotFoundError, OpsError
from opskit.core.refs import ClientCode
from opskit.core.secret import Secret
from vault.entries import Entry
from vault.errors import LoginNeededError, login_needed
from vault.finding.index_file import Index, IndexFile, Line, client_of, line_of, row_of
from vault.ports import Login, LoginTokens
from vault.store.lean_store import LeanReader, open_http
from vault.store.metadata import GUARDED, MOUNT

FEW = 10  # clients that are read one by one; more, and all are


def open_index(run: AppContext, *, fresh: bool = False, client: ClientCode | None = None) -> Index:
    """The index, with all that this home changed.

    `fresh` asks the safe for everything; `client` is one that must be as it is now.

    Raises:
        DeniedError: not logged in, or the role is missing. UnavailableError.
    """
    keeper = _Keeper.of(run)
    kept = None if fresh else keeper.trusted()
    stale = None if kept is None else keeper.stale(kept)
    if kept is None or stale is None or len(stale) > FEW:
        return keeper.make_anew()
    return keeper.reread(kept, stale, client)


def last_known(run: AppContext, client: ClientCode) -> Index | None:
    """The index of this login, however old, where it has this client: for when the safe is silent.

    Raises:
        DeniedError: not logged in.
    """
    kept = _Keeper.of(run).own()
    return kept if kept and any(kept.rows(client.value)) else None


def familiar_index(run: AppContext) -> Index:
    """The index of this login, however old, with all that this home changed; else a new one.

    For what hangs on months and not on minutes, and must not wait for the safe.

    Raises:
        DeniedError: not logged in, or the role is missing. UnavailableError.
    """
    keeper = _Keeper.of(run)
    kept = keeper.own()
    stale = None if kept is None else keeper.stale(kept)
    if kept is None or stale is None or len(stale) > FEW:
        return keeper.make_anew()
    return keeper.reread(kept, stale, None) if stale else kept


def known_refs(run: AppContext) -> list[str] | None:
    """Every ref, where the index can be trusted without asking anybody; else None."""
    keeper = _Keeper.of(run)
    kept = keeper.trusted()
    return None if kept is None or keeper.stale(kept) != set() else kept.refs()


def forget_client(run: AppContext, client: ClientCode) -> None:
    """What is known of this client is no longer true; whatever writes into the safe says so."""
    IndexFile(run.home, run.settings).note_change(client.value, at=run.now().timestamp())


def forget_index(run: AppContext) -> None:
    """Nothing is known any more: another person logs in, or this one out."""
    IndexFile(run.home, run.settings).forget()


@dataclass(frozen=True, slots=True)
class _Keeper:
    """Reads the safe for the index, with the login of this home."""

    run: AppContext
    file: IndexFile
    token: Secret

    @classmethod
    def of(cls, run: AppContext) -> "_Keeper":
        """Raises LoginNeededError."""
        token = run.plug(LoginTokens).load()
        if token is None:
            raise login_needed()
        return cls(run, IndexFile(run.home, run.settings), token)

    def own(self) -> Index | None:
        """The kept one, if it is this login's."""
        kept = self.file.load()
        return kept if kept and kept.holder == self.file.holder(self.token) else None

    def trusted(self) -> Index | None:
        """The kept one, if it is this login's and not too old."""
        kept = self.own()
        age = 0 if kept is None else self._now() - kept.read_at
        return kept if 0 <= age < self.run.settings.index_minutes * 60 else None

    def stale(self, kept: Index) -> set[str] | None:
        """The clients that were changed after they were read; None: nobody can tell."""
        changes = self.file.changes()
        if changes is None:
            return None
        return {client for client, at in changes.items() if not kept.has_read(client, since=at)}

    def make_anew(self) -> Index:
        if self.file.changes() is None:
            self.file.forget_changes()
        read_at = self._now()
        lines = self._lines(self._entries(None), names=None)
        index = Index(self.file.holder(self.token), read_at, lines)
        if self.file.save(index):
            self.file.drop_changes(before=read_at)
        return index

    def reread(self, kept: Index, stale: set[str], wanted: ClientCode | None) -> Index:
        """Read these clients again; the file is written only where it had to be or all changed."""
        index = kept
        for code in sorted(stale | ({wanted.value} if wanted else set())):
            index = self._with_client(index, code)
        if stale or index.lines != kept.lines:
            self.file.save(index)
        return index

    def _with_client(self, index: Index, code: str) -> Index:
        read_at = self._now()
        names = {row["client"]: row["client_name"] for row in index.rows(code)}
        new = self._lines(self._entries(ClientCode(code)), names=names or None)
        others = [line for line in index.lines if client_of(line) != code.lower()]
        return replace(index, lines=sorted([*others, *new]), reread={**index.reread, code: read_at})

    def _entries(self, client: ClientCode | None) -> list[tuple[Entry, bool]]:
        """Those of both engines, each with whether it is guarded."""
        try:
            found = [(entry, False) for entry in self._reader(MOUNT).list_entries(client)]
        except LoginNeededError:
            raise
        except DeniedError:
            some = [] if client else self._reachable()
            if not some:
                raise
            return [pair for code in some for pair in self._entries(code)]
        try:
            found += [(entry, True) for entry in self._reader(GUARDED).list_entries(client)]
        except LoginNeededError:
            raise
        except (NotFoundError, DeniedError):
            return found  # a server without them, or a role
        return found

    def _reachable(self) -> list[ClientCode]:
        """Of somebody who may not find every client's entries."""
        from vault.finding.reachable import reachable
        from vault.services import SANDBOX

        http = open_http(self.run.plug(Login).connection, self.token)
        return reachable(http, {*self._names(), SANDBOX})

    def _lines(
        self, entries: Sequence[tuple[Entry, bool]], *, names: dict[str, str] | None
    ) -> list[Line]:
        if names is None:
            names = self._names() if entries else {}
        rows = (
            row_of(entry, client_name=names.get(entry.ref.client.value, ""), guarded=guarded)
            for entry, guarded in entries
        )
        return sorted(line_of(row) for row in rows)

    def _names(self) -> dict[str, str]:
        """The clients' names; none where the database cannot be asked right now."""
        from opskit.clients.services import list_clients

        try:
            with self.run.snapshot() as session:
                return {each.code: each.name for each in list_clients(session)}
        except OpsError:
            return {}

    def _reader(self, mount: str) -> LeanReader:
        connection = self.run.plug(Login).connection
        return LeanReader(open_http(connection, self.token), mount=mount)

    def _now(self) -> float:
        return self.run.now().timestamp()
