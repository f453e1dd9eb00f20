"""An answer gets lost on its way; what became of the write is found out, on a real safe."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest

from opskit.core.errors import ConflictError, InvalidError, UnavailableError
from opskit.core.secret import Secret
from tests.vault.samples import put
from vault.entries import EntryRef, EntryValue, Stamps
from vault.facts import EntryFacts
from vault.ports import Connection
from vault.store import persistence
from vault.store.hvac_client import SafeClient
from vault.store.hvac_store import HvacStore

REF = EntryRef.parse("DELEZE/prod/erp-db")
FACTS = EntryFacts("database", host="db.deleze.example")
VALUE = EntryValue(FACTS, {"password": Secret("mine")})


class Wire(ThreadingHTTPServer):
    """A wire to the safe that breaks: `after` requests are done and their answer lost, `before`
    requests never arrive. Both count the methods that write."""

    def __init__(self, server: str) -> None:
        super().__init__(("127.0.0.1", 0), Messenger)
        self.far = urlsplit(server).netloc
        self.after = 0
        self.before = 0
        self.passed: list[str] = []
        self.between: Callable[[], object] = dict
        """Done by somebody else while nobody knows what became of the write."""


class Messenger(BaseHTTPRequestHandler):
    """Carries one request."""

    server: Wire

    def carry(self) -> None:
        wire = self.server
        writes = self.command in {"POST", "PATCH", "DELETE"}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if writes and wire.before:
            wire.before -= 1
            self.close_connection = True
            wire.between()
            return
        far = HTTPConnection(wire.far, timeout=10)
        far.request(self.command, self.path, body, dict(self.headers))
        answer = far.getresponse()
        content = answer.read()
        far.close()
        wire.passed.append(self.command)
        if writes and wire.after:
            wire.after -= 1
            self.close_connection = True
            wire.between()
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        """The test's output stays clean."""


for _method in ("GET", "LIST", "POST", "PATCH", "DELETE"):
    setattr(Messenger, f"do_{_method}", Messenger.carry)


@contextmanager
def open_wire(server: str) -> Iterator[Wire]:
    wire = Wire(server)
    thread = Thread(target=wire.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield wire
    finally:
        wire.shutdown()
        thread.join()
        wire.server_close()


@pytest.fixture
def wire(connection: Connection) -> Iterator[Wire]:
    with open_wire(connection.address) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persistence, "PAUSE", 0.01)


@pytest.fixture
def store(wire: Wire, connection: Connection, token: Secret, mount: str) -> HvacStore:
    """The store at the near end of the wire."""
    near = replace(connection, address=f"http://127.0.0.1:{wire.server_port}", patience=2)
    return HvacStore(SafeClient(near, token), mount=mount)


@pytest.fixture
def colleague(root: SafeClient, mount: str) -> HvacStore:
    """The same safe, on a wire that holds."""
    return HvacStore(root, mount=mount)


@pytest.mark.parametrize(("before", "after"), [(1, 0), (0, 1), (3, 3)])
def test_a_write_is_done_once(
    wire: Wire, store: HvacStore, colleague: HvacStore, before: int, after: int
) -> None:
    wire.before, wire.after = before, after
    assert store.write(REF, VALUE) == 1
    wire.before, wire.after = before, after
    assert store.write(REF, replace(VALUE, secrets={"password": Secret("x")}, version=1)) == 2
    assert [each.number for each in colleague.history(REF)] == [1, 2]


@pytest.mark.parametrize("after", [0, 1])
def test_a_colleague_in_between_is_not_taken_for_us(
    wire: Wire, store: HvacStore, colleague: HvacStore, after: int
) -> None:
    wire.before, wire.after = 1 - after, after
    if after:  # the colleague has replaced what we wrote
        wire.between = lambda: put(colleague, REF.path, "a colleague's", after=1)
        assert store.write(REF, VALUE) == 1
    else:
        wire.between = lambda: put(colleague, REF.path, "a colleague's")
        with pytest.raises(ConflictError) as caught:
            store.write(REF, VALUE)
        assert caught.value.reference == "entry-exists"
    assert colleague.read(REF, None).secrets["password"].reveal() == "a colleague's"


def test_the_same_entry_twice_is_a_conflict_where_no_answer_was_lost(store: HvacStore) -> None:
    store.write(REF, VALUE)
    with pytest.raises(ConflictError):
        store.write(REF, VALUE)


def test_facts_are_mirrored_once_more(wire: Wire, store: HvacStore, colleague: HvacStore) -> None:
    version = store.write(REF, VALUE)
    wire.after = 1
    store.mirror(REF, FACTS, Stamps(version=version))
    assert colleague.describe(REF).facts == FACTS


def test_a_removal_is_not_repeated(wire: Wire, store: HvacStore) -> None:
    store.write(REF, VALUE)
    wire.after = 1
    with pytest.raises(UnavailableError):
        store.remove(REF)
    assert wire.passed.count("DELETE") == 1


def test_what_waiting_does_not_change_is_said_at_once(wire: Wire, store: HvacStore) -> None:
    began_at = time.monotonic()
    with pytest.raises(InvalidError):
        store.write(REF, EntryValue(FACTS, {"password": Secret("x" * 2_000_000)}))
    assert time.monotonic() - began_at < 2


def test_without_patience_there_is_one_try(
    wire: Wire, connection: Connection, token: Secret, mount: str
) -> None:
    near = replace(connection, address=f"http://127.0.0.1:{wire.server_port}")
    wire.after = 1
    with pytest.raises(UnavailableError):
        HvacStore(SafeClient(near, token), mount=mount).write(REF, VALUE)
    assert wire.passed == ["POST"]


def test_the_patience_ends(
    wire: Wire,
    store: HvacStore,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(persistence, "TOLD_AFTER", 0.0)
    wire.before = 1_000_000
    with pytest.raises(UnavailableError) as caught:
        store.write(REF, VALUE)
    assert caught.value.hint == "opskit local start"
    assert capsys.readouterr().err.count("no leader just now") == 1
