"""The server is stopped, sealed, silent or without its audit log: what every command says then."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest

from opskit.core.secret import Secret
from tests.support.commands import commands
from tests.support.faults import detour, patience, sealed, silent, stopped, unaudited
from tests.support.home import House
from tests.support.lesser_server import HangUpError
from tests.vault.lines import ELSEWHERE, LINES, REF, Line, Typist, ids, stocked
from vault.entries import EntryRef, EntryValue
from vault.facts import EntryFacts
from vault.ports import EntryReader, EntryStore


@dataclass(frozen=True)
class Fault:
    """What breaks the server, and what a person is told."""

    begin: Callable[[House], AbstractContextManager[None]]
    reference: str
    message: str
    hint: str


FAULTS = {
    "stopped": Fault(stopped, "server-stopped", "is not running", "opskit local start"),
    "sealed": Fault(sealed, "vault-sealed", "is sealed", "opskit local start"),
    "silent": Fault(silent, "unavailable", "no answer in time", "opskit local start"),
    "unaudited": Fault(unaudited, "audit-failing", "cannot write its audit log", "local logs"),
}
LAST_KNOWN = ("list DELEZE", "tree DELEZE", "sheet DELEZE")  # from the index, with its age
IN_THE_DATABASE = ("break-glass list",)
ADD = ("add", "--kind", "generic", "--password-file", "-")
SHORT = 0.3  # seconds
PURGED = 60
LATE = "DELEZE/prod/late"


@pytest.fixture(scope="module")
def typist(house_pattern: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Typist]:
    with stocked(house_pattern, tmp_path_factory.mktemp("place")) as typist:
        yield typist


@dataclass(frozen=True)
class Broken:
    """A server with its fault, and a share that was made before."""

    fault: Fault
    token: str


@pytest.fixture(scope="module", params=FAULTS)
def broken(request: pytest.FixtureRequest, typist: Typist) -> Iterator[Broken]:
    """Afterwards everything is as it was: no share was used up, nothing is half done."""
    house, fault = typist.house, FAULTS[request.param]
    house.login("alice")
    token = house.done("vault", "share", REF).out.strip()
    house.done("vault", "list", "--fresh")
    with fault.begin(house):
        yield Broken(fault, token)
    assert house.done("vault", "receive", "--token-file", "-", stdin=token).out
    assert "interrupted" not in house.done("doctor").out
    house.done("audit", "verify")


class Visits:
    """Counts what passes, by its method; the first of `dropped` get no answer."""

    def __init__(self, *dropped: str) -> None:
        self._dropped = list(dropped)
        self.seen: list[str] = []

    def __call__(self, method: str, _path: str) -> None:
        self.seen.append(method)
        if method in self._dropped:
            self._dropped.remove(method)
            raise HangUpError


def test_the_lines_cover_every_command() -> None:
    typed = {line.command for line in LINES} | ELSEWHERE
    assert {path for path in commands() if path.startswith("opskit vault ")} == typed


def test_what_is_found_in_the_index_needs_no_server(typist: Typist) -> None:
    typist.house.login("alice")
    typist.house.done("vault", "find", "erp", "--fresh")
    with silent(typist.house):
        assert typist.house.done("vault", "find", "erp-db").out.startswith(REF)


@pytest.mark.parametrize("words", ["find erp --fresh", "health DELEZE", f"get {REF}"])
def test_a_dropped_connection_is_told_only_when_it_drops_twice(typist: Typist, words: str) -> None:
    """As a purge during a scan has OpenBao do, once."""
    typist.house.login("alice")
    method = "GET" if words.startswith("get") else "SCAN"
    with detour(typist.house, once := Visits(method)):
        assert typist.house.opskit("vault", *words.split()).code == 0
    with detour(typist.house, twice := Visits(method, method)):
        done = typist.house.opskit("vault", *words.split())
    assert (done.code, done.out) == (7, "")
    assert "hint: opskit local start" in done.err
    assert (once.seen[:2], twice.seen) == ([method] * 2, [method] * 2)


def test_a_write_that_is_dropped_is_not_sent_again(typist: Typist) -> None:
    house = typist.house
    house.login("alice")
    with detour(house, visits := Visits("POST")):
        done = house.opskit("vault", *ADD, "DELEZE/prod/dropped", stdin="x")
    assert (done.code, visits.seen.count("POST")) == (7, 1)
    assert "nobody knows what became of DELEZE/prod/dropped" in done.err
    assert done.err.endswith("hint: opskit local start; then opskit doctor --repair\n")
    assert "never came into the safe" in house.done("doctor", "--repair").out


def test_a_write_whose_answer_is_held_back_is_found_afterwards(typist: Typist) -> None:
    house, landing = typist.house, ("vault", "show", LATE)
    house.login("alice")

    def hold_back(method: str, path: str) -> None:
        if (method, path) == ("POST", f"/v1/clients/data/{LATE}"):
            time.sleep(2 * SHORT)

    with detour(house, hold_back):
        with patience(house, SHORT):
            done = house.opskit("vault", *ADD, LATE, stdin="x")
        deadline = time.monotonic() + 10
        while house.opskit(*landing).code:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert done.code == 7
    assert f"no answer in time; nobody knows what became of {LATE}" in done.err
    assert f"{LATE} is in the safe, now whole" in house.done("doctor", "--repair").out
    assert house.done("vault", "get", LATE).out == "x\n"


def test_entries_purged_one_by_one_during_scans_break_none(typist: Typist) -> None:
    """Of a scan that meets a purge the server drops the connection: see `hvac_client`."""
    house = typist.house
    house.login("alice")
    store, reader = house.context().plug(EntryStore), house.context().plug(EntryReader)
    refs = [EntryRef.parse(f"PERRET/test/p{number}") for number in range(PURGED)]
    for ref in refs:
        store.write(ref, EntryValue(EntryFacts("generic"), {"pin": Secret("1")}))

    def purge() -> None:
        for ref in refs:
            store.purge(ref)
            time.sleep(0.03)

    scans = 0
    with ThreadPoolExecutor(1) as pool:
        purging = pool.submit(purge)
        while not purging.done():
            reader.list_entries()
            scans += 1
    assert purging.exception() is None
    assert scans > PURGED


@pytest.mark.parametrize("line", LINES, ids=ids(LINES))
def test_a_fault_is_told_with_what_mends_it(typist: Typist, broken: Broken, line: Line) -> None:
    ready = typist.as_it_stands(line, said=broken.token if line.stdin else "B1")
    done = ready.type()
    if line.words in IN_THE_DATABASE:
        assert done.code == 0
        return
    if line.words in LAST_KNOWN:
        assert done.code == 0
        assert "erp-db" in done.out
        assert done.err.startswith("as of ")
        return
    assert (done.code, done.out) == (7, ""), done
    error, hint = done.err.splitlines()[-2:]
    assert error.startswith(f"error[{broken.fault.reference}]: ")
    assert broken.fault.message in error
    assert hint.startswith("hint: ")
    assert broken.fault.hint in hint
