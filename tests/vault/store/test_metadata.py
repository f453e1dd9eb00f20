"""Finding everything on the real server: by SCAN, without it, and while somebody purges."""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from opskit.core.errors import DeniedError
from opskit.core.refs import ClientCode
from opskit.core.secret import Secret
from tests.support.openbao import SafeServer, log_in
from tests.vault.conftest import PASSWORD
from tests.vault.samples import put
from tests.vault.store.test_store import open_hvac, open_lean
from tests.vault.store.without_scan import server_without_scan
from vault.facts import EntryFacts
from vault.ports import Connection, EntryReader
from vault.provisioning.desired import Engine
from vault.store.hvac_client import SafeClient
from vault.store.hvac_store import HvacStore

ENTRIES = [
    f"C{number:02}/{environment}/{name}"
    for number in range(1, 16)
    for environment in ("common", "prod")
    for name in ("vpn", "web")
]
PURGED = "Z9/prod/the-last-one-that-a-scan-reads"
PATIENCE = 60  # seconds

# What a role may do with the metadata, and what it is then asked.
EVERYTHING = {"metadata": '"read", "list", "scan"', "detailed-metadata": '"list", "scan"'}
NO_SCAN = {"metadata": '"read", "list"', "detailed-metadata": '"list"'}
NO_DETAILS = {"metadata": '"read", "list"'}

Rights = dict[str, str]
TokenFor = Callable[[Rights], Secret]
Open = Callable[..., EntryReader]


@pytest.fixture(scope="module")
def full(root: SafeClient) -> Iterator[str]:
    """An engine with two entries in each of two environments of fifteen clients."""
    mount = f"kv-{secrets.token_hex(4)}"
    assert Engine(mount, "kv", {"version": "2"}).mend(root.api)
    for path in ENTRIES:
        put(HvacStore(root, mount=mount), path, "s3cret", EntryFacts("web", f"{path[:3]}.example"))
    yield mount
    root.api.sys.disable_secrets_engine(mount)


@pytest.fixture(params=[open_lean, open_hvac])
def open_reader(request: pytest.FixtureRequest, connection: Connection, full: str) -> Open:
    """Opens either of the two readers of that engine, at the server's address or another."""
    return lambda token, address=connection.address: request.param(
        replace(connection, address=address), token, full
    )


@pytest.fixture
def token_for(root: SafeClient, connection: Connection, full: str) -> Iterator[TokenFor]:
    """The login of somebody who may do this on the engine, and nothing else."""
    name = f"p{secrets.token_hex(4)}"
    user = f"/v1/auth/userpass/users/{name}"

    def make(rights: Rights) -> Secret:
        policy = "\n".join(
            f'path "{full}/{kind}/*" {{ capabilities = [{capabilities}] }}'
            for kind, capabilities in rights.items()
        )
        root.api.sys.create_or_update_acl_policy(name, policy)
        root.api.adapter.post(user, json={"password": PASSWORD, "token_policies": [name]})
        return Secret(log_in(connection.address, name, PASSWORD))

    yield make
    root.api.adapter.delete(user)
    root.api.sys.delete_acl_policy(name)


def found_by(reader: EntryReader) -> list[tuple[str, str]]:
    return [(entry.ref.path, entry.facts.host) for entry in reader.list_entries()]


ALL = [(path, f"{path[:3]}.example") for path in ENTRIES]


@pytest.mark.parametrize("rights", [EVERYTHING, NO_SCAN, NO_DETAILS], ids=str)
def test_whatever_a_policy_leaves_everything_is_found(
    open_reader: Open, token_for: TokenFor, rights: Rights
) -> None:
    reader = open_reader(token_for(rights))
    assert found_by(reader) == ALL
    assert [e.ref.path for e in reader.list_entries(ClientCode("C07"))] == ENTRIES[24:28]
    assert sorted(reader.names()) == ENTRIES


def test_without_scan_each_folder_is_listed_and_no_entry_read(
    open_reader: Open, token_for: TokenFor, full: str, safe_server: SafeServer
) -> None:
    log = safe_server.folder / "audit.log"
    before = len(log.read_text())
    assert found_by(open_reader(token_for(NO_SCAN))) == ALL
    asked = log.read_text()[before:]
    assert operations(asked, f"{full}/detailed-metadata/") == ["scan", "list"]
    assert operations(asked, f"{full}/detailed-metadata/C07/prod/") == ["list"]
    assert operations(asked, f"{full}/metadata/C07/prod/web") == []


def test_on_a_server_that_does_not_know_scan_everything_is_found(
    open_reader: Open, token: Secret, connection: Connection
) -> None:
    with server_without_scan(connection.address) as address:
        assert found_by(open_reader(token, address)) == ALL


def test_who_may_not_even_list_is_denied(open_reader: Open, token_for: TokenFor) -> None:
    with pytest.raises(DeniedError, match="agent"):
        open_reader(token_for({"data": '"read"'})).list_entries()


def test_a_purge_in_the_middle_of_a_scan_is_not_noticed(
    open_reader: Open, token: Secret, full: str, root: SafeClient, safe_server: SafeServer
) -> None:
    """The server drops the connection then; its log says whether that has happened at all."""
    store, reader = HvacStore(root, mount=full), open_reader(token)
    log = safe_server.folder / "server.log"
    before, deadline, delay = panics(log), time.monotonic() + PATIENCE, 0.0
    with ThreadPoolExecutor(1) as pool:
        while panics(log) == before:
            assert time.monotonic() < deadline, "no purge ever met a scan"
            put(store, PURGED, "s3cret")
            scan = pool.submit(found_by, reader)
            time.sleep(delay := (delay + 0.0005) % 0.02)
            root.api.adapter.delete(f"/v1/{full}/metadata/{PURGED}")
            assert scan.result()[: len(ALL)] == ALL


def operations(audit: str, path: str) -> list[str]:
    """What was asked of that path, in this order, allowed or not."""
    lines = [json.loads(line) for line in audit.splitlines()]
    return [
        line["request"]["operation"]
        for line in lines
        if line["type"] == "request" and line["request"].get("path") == path
    ]


def panics(log: Path) -> int:
    return log.read_text().count("panic serving")
