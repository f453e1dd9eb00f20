"""A team's safe: three nodes behind a balancer, and the leader dies in the middle of the work."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event, Thread

import pytest

from opskit.core.errors import OpsError, UnavailableError
from opskit.core.secret import Secret
from tests.support.cluster import Cluster, Node, cluster, wait_for
from vault.entries import EntryRef, EntryValue, Stamps
from vault.facts import EntryFacts
from vault.ports import Connection
from vault.provisioning.desired import Engine
from vault.store.hvac_client import SafeClient
from vault.store.hvac_store import HvacStore

MOUNT = "clients"
WRITES = 500
THREADS = 8
FACTS = EntryFacts("database", host="db.deleze.example")


@pytest.fixture(scope="module")
def team() -> Iterator[Cluster]:
    with cluster() as made:
        root = SafeClient(Connection(made.address, timeout=10), Secret(made.token))
        assert Engine(MOUNT, "kv", {"version": "2"}).mend(root.api)
        yield made


@pytest.fixture
def connection(team: Cluster) -> Connection:
    for node in team.nodes:
        if not node.is_alive:
            node.start()
    wait_for(lambda: all(map(_serves, team.nodes)) or None)
    return Connection(team.address, timeout=10, patience=15, mend_hint="opskit doctor")


def _serves(node: Node) -> bool:
    return node.leads or node.follows


def store_at(connection: Connection, team: Cluster) -> HvacStore:
    return HvacStore(SafeClient(connection, Secret(team.token)), mount=MOUNT)


def value(text: str, *, after: int = 0) -> EntryValue:
    return EntryValue(FACTS, {"password": Secret(text)}, after)


def test_no_acknowledged_write_is_lost_with_the_leader(
    team: Cluster, connection: Connection
) -> None:
    store = store_at(connection, team)
    begun, acknowledged = Event(), dict[str, int]()
    refused: dict[str, OpsError] = {}

    def write(number: int) -> None:
        ref = EntryRef.parse(f"DELEZE/prod/w{number}")
        if number == WRITES // 4:
            begun.set()
        try:
            version = store.write(ref, value(f"secret {number}"))
            store.mirror(ref, FACTS, Stamps(holds=("password",), version=version))
        except OpsError as err:
            refused[ref.path] = err
        else:
            acknowledged[ref.path] = version

    def strike() -> None:
        begun.wait(60)
        team.leader().kill()

    killer = Thread(target=strike)
    killer.start()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(WRITES)))
    killer.join()
    assert [str(err) for err in refused.values() if err.exit_code != 7] == []
    assert len(acknowledged) + len(refused) == WRITES
    assert len(refused) == 0  # the patience is longer than an election
    assert set(acknowledged.values()) == {1}
    for path in acknowledged:
        ref = EntryRef.parse(path)
        assert store.read(ref, None).secrets["password"].reveal() == f"secret {ref.name[1:]}"
        assert store.describe(ref).facts == FACTS, path


def test_what_was_written_is_read_at_once_whichever_node_answers(
    team: Cluster, connection: Connection
) -> None:
    stores = [store_at(connection, team) for _ in range(3)]
    for number in range(40):
        ref = EntryRef.parse(f"DELEZE/test/r{number}")
        store = stores[number % 3]
        assert store.write(ref, value("one")) == 1
        assert store.read(ref, None).secrets["password"].reveal() == "one"
        assert store.write(ref, value("two", after=1)) == 2
        assert store.read(ref, None).version == 2


def test_a_second_version_is_mirrored_at_once(team: Cluster, connection: Connection) -> None:
    stores = [store_at(connection, team) for _ in range(3)]
    for number in range(15):
        store = stores[number % 3]
        ref = EntryRef.parse(f"DELEZE/test/m{number}")
        for version in (1, 2):
            facts = replace(FACTS, host=f"db{version}")
            assert store.write(ref, value(f"{version}", after=version - 1)) == version
            store.mirror(ref, facts, Stamps(holds=("password",), version=version))
        entry = store.describe(ref)
        assert (entry.facts.host, entry.stamps.version) == ("db2", 2)


def test_without_a_majority_it_is_said_after_the_patience(
    team: Cluster, connection: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    store = store_at(replace(connection, patience=4), team)
    for node in team.nodes[1:]:
        node.kill()
    began_at = time.monotonic()
    with pytest.raises(UnavailableError) as caught:
        store.write(EntryRef.parse("DELEZE/prod/lonely"), value("x"))
    assert 4 <= time.monotonic() - began_at < 20
    assert (caught.value.exit_code, caught.value.hint) == (7, "opskit doctor")
    assert "no leader just now" in capsys.readouterr().err
