"""The contract of the store, kept by each of them on the real server."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from opskit.core.errors import DeniedError, ExitCode, InvalidError, NotFoundError
from opskit.core.refs import ClientCode, TicketKey
from opskit.core.secret import Secret
from tests.support.openbao import SafeServer
from tests.vault.conftest import People
from tests.vault.samples import put
from tests.vault.store.without_scan import server_without_scan
from vault.entries import EntryRef, EntryValue, Stamps
from vault.errors import (
    EntryChangedError,
    EntryExistsError,
    EntryNotFoundError,
    LoginNeededError,
)
from vault.facts import EntryFacts
from vault.ports import Connection, EntryReader, EntryStore
from vault.store.hvac_client import SafeClient
from vault.store.hvac_store import HvacStore
from vault.store.lean_store import LeanReader, open_http
from vault.store.metadata import data_path

REF = EntryRef.parse("DELEZE/prod/erp-db")
FACTS = EntryFacts("database", "db.deleze.example", 1521, "SYSTEM", tags=("oracle", "paie"))
SENTINEL = "s3cret-of-the-contract"

Opener = Callable[..., EntryReader]


def open_lean(connection: Connection, token: Secret, mount: str) -> EntryReader:
    return LeanReader(open_http(connection, token), mount=mount)


def open_hvac(connection: Connection, token: Secret, mount: str) -> EntryStore:
    return HvacStore(SafeClient(connection, token), mount=mount)


@pytest.fixture(params=[open_lean, open_hvac])
def open_reader(request: pytest.FixtureRequest, connection: Connection, mount: str) -> Opener:
    """Opens either of the two readers with a token, on the test's engine or another."""
    return lambda token, path=mount: request.param(connection, token, path)


@pytest.fixture
def reader(open_reader: Opener, token: Secret) -> EntryReader:
    """The admin's."""
    return open_reader(token)


@pytest.fixture
def writer(root: SafeClient, mount: str) -> EntryStore:
    return HvacStore(root, mount=mount)


@pytest.fixture(params=["scan", "walk"])
def store(
    request: pytest.FixtureRequest, connection: Connection, token: Secret, mount: str
) -> Iterator[EntryStore]:
    """The whole store, on OpenBao and on a server that does not know SCAN."""
    if request.param == "scan":
        yield open_hvac(connection, token, mount)
    else:
        with server_without_scan(connection.address) as address:
            yield open_hvac(replace(connection, address=address), token, mount)


def add(store: EntryStore, path: str, facts: EntryFacts = FACTS) -> None:
    put(store, path, SENTINEL, facts)


def test_a_secret_comes_back(reader: EntryReader, writer: EntryStore) -> None:
    add(writer, REF.path)
    assert reader.read_secret(REF, "password", None).reveal() == SENTINEL


@pytest.mark.parametrize("name", ["é è", "a#b?c%2f", "+*", "a.b", "..."])
def test_any_name_that_is_taken_finds_its_entry(
    reader: EntryReader, writer: EntryStore, name: str
) -> None:
    add(writer, f"DELEZE/prod/{name}")
    assert reader.describe(EntryRef.parse(f"DELEZE/prod/{name}")).facts == FACTS
    assert reader.names() == [f"DELEZE/prod/{name}"]


def test_an_entry_is_described_without_its_secret(reader: EntryReader, writer: EntryStore) -> None:
    add(writer, REF.path)
    entry = reader.describe(REF)
    assert (entry.ref, entry.facts, entry.version) == (REF, FACTS, 1)
    assert SENTINEL not in repr(entry)


def test_an_unknown_entry_is_not_found(reader: EntryReader) -> None:
    assert reader.names() == []
    with pytest.raises(EntryNotFoundError):
        reader.read_secret(REF, "password", None)
    with pytest.raises(EntryNotFoundError):
        reader.describe(REF)


@pytest.mark.parametrize("how", ["delete", "destroy"])
def test_a_deleted_entry_is_not_found(
    reader: EntryReader, mount: str, writer: EntryStore, root: SafeClient, how: str
) -> None:
    add(writer, REF.path)
    remove(root, mount, how)
    with pytest.raises(EntryNotFoundError):
        reader.read_secret(REF, "password", None)
    with pytest.raises(EntryNotFoundError):
        reader.describe(REF)


def test_an_unknown_field_names_those_there_are(reader: EntryReader, writer: EntryStore) -> None:
    add(writer, REF.path)
    with pytest.raises(NotFoundError) as caught:
        reader.read_secret(REF, "totp-seed", None)
    assert "password" in caught.value.hint
    assert SENTINEL not in str(caught.value)


def test_the_ticket_reaches_the_audit_log(
    reader: EntryReader, mount: str, writer: EntryStore, safe_server: SafeServer
) -> None:
    add(writer, REF.path)
    reader.read_secret(REF, "password", TicketKey("CS-1001"))
    lines = audit_of(safe_server.folder / "audit.log", data_path(REF, mount=mount))
    assert ["CS-1001"] in [
        line["request"].get("headers", {}).get("x-opskit-ticket") for line in lines
    ]


def test_without_a_login_the_hint_says_to_log_in(
    open_reader: Opener, connection: Connection, mount: str
) -> None:
    reader = open_reader(Secret("s.of-nobody"))
    with pytest.raises(LoginNeededError) as caught:
        reader.read_secret(REF, "password", None)
    assert caught.value.hint == "opskit login"
    assert "s.of-nobody" not in str(caught.value)


def test_without_the_role_the_message_names_it(
    open_reader: Opener, connection: Connection, mount: str, person: People
) -> None:
    reader = open_reader(person("sales").token)
    with pytest.raises(DeniedError, match="agent or safe-keeper"):
        reader.read_secret(REF, "password", None)


def test_a_missing_engine_is_no_empty_one(
    open_reader: Opener, connection: Connection, token: Secret
) -> None:
    with pytest.raises(NotFoundError) as caught:
        open_reader(token, "nowhere").describe(REF)
    assert not isinstance(caught.value, EntryNotFoundError)


def test_an_entry_is_never_overwritten(store: EntryStore) -> None:
    add(store, REF.path)
    with pytest.raises(EntryExistsError):
        put(store, REF.path, "another")
    assert store.read_secret(REF, "password", None).reveal() == SENTINEL


def test_a_deleted_entry_is_not_overwritten_either(
    store: EntryStore, root: SafeClient, mount: str
) -> None:
    add(store, REF.path)
    remove(root, mount, "delete")
    with pytest.raises(EntryExistsError):
        put(store, REF.path, "another")


def test_entries_are_listed_in_order_without_the_deleted(
    store: EntryStore, root: SafeClient, mount: str
) -> None:
    for path in ("PERRET/test/web", REF.path, "DELEZE/common/vpn"):
        add(store, path)
    remove(root, mount, "delete")
    assert [entry.ref.path for entry in store.list_entries()] == [
        "DELEZE/common/vpn",
        "PERRET/test/web",
    ]
    assert [entry.facts for entry in store.list_entries(ClientCode("PERRET"))] == [FACTS]
    assert store.list_entries(ClientCode("NOBODY")) == []
    assert sorted(store.names()) == ["DELEZE/common/vpn", REF.path, "PERRET/test/web"]


def test_a_client_whose_code_begins_like_another_is_another(store: EntryStore) -> None:
    add(store, "DELEZE/prod/a")
    add(store, "DELEZE-2/prod/b")
    assert [entry.ref.path for entry in store.list_entries(ClientCode("DELEZE"))] == [
        "DELEZE/prod/a"
    ]


def test_what_others_put_beside_the_entries_is_shown_plain_or_left_out(
    store: EntryStore, root: SafeClient, mount: str
) -> None:
    kv = root.api.secrets.kv.v2
    kv.create_or_update_secret("loose", {"a": "b"}, mount_point=mount)
    kv.create_or_update_secret("DELEZE/prod/by-hand", {"a": "b"}, mount_point=mount)
    kv.update_metadata("DELEZE/prod/by-hand", custom_metadata={"kind": "?"}, mount_point=mount)
    assert [(e.ref.name, e.facts) for e in store.list_entries()] == [
        ("by-hand", EntryFacts("generic"))
    ]


@pytest.mark.parametrize("text", ["x" * 1_047_000, "<" * 180_000, "é" * 530_000])
def test_a_secret_too_large_is_refused_before_it_is_sent(store: EntryStore, text: str) -> None:
    with pytest.raises(InvalidError, match="large"):
        put(store, REF.path, text)
    assert store.names() == []


@pytest.mark.parametrize("text", ["x" * 1_046_000, "<" * 174_000])
def test_a_secret_just_small_enough_is_stored(store: EntryStore, text: str) -> None:
    put(store, REF.path, text)
    assert store.read_secret(REF, "password", None).reveal() == text


def test_a_value_comes_back_whole(store: EntryStore) -> None:
    secrets = {"password": Secret("p"), "note": Secret("two\nlines"), "file:a.ovpn": Secret("YQ==")}
    store.write(REF, EntryValue(FACTS, secrets))
    found = store.read(REF, None)
    assert (found.facts, found.version) == (FACTS, 1)
    assert {name: secret.reveal() for name, secret in found.secrets.items()} == {
        name: secret.reveal() for name, secret in secrets.items()
    }


def test_an_older_version_can_be_read(store: EntryStore) -> None:
    put(store, REF.path, "old", FACTS)
    put(store, REF.path, "new", FACTS, after=1)
    assert store.read(REF, None).secrets["password"].reveal() == "new"
    assert store.read(REF, None, version=1).secrets["password"].reveal() == "old"
    with pytest.raises(EntryNotFoundError):
        store.read(REF, None, version=3)


def test_of_two_who_write_after_the_same_version_one_loses(store: EntryStore) -> None:
    put(store, REF.path, "first")
    put(store, REF.path, "theirs", after=1)
    with pytest.raises(EntryChangedError) as caught:
        put(store, REF.path, "ours", after=1)
    assert caught.value.exit_code == ExitCode.CONFLICT
    assert store.read_secret(REF, "password", None).reveal() == "theirs"


def test_the_facts_of_a_new_version_replace_the_old_ones(store: EntryStore) -> None:
    put(store, REF.path, "first", FACTS)
    store.mark(REF, checked="2026-11-24T08:00:00+00:00", check="ok")
    put(store, REF.path, "second", EntryFacts("database", "new.deleze.example"), after=1)
    entry = store.describe(REF)
    assert entry.facts == EntryFacts("database", "new.deleze.example")
    assert (entry.stamps.version, entry.stamps.check) == (2, "ok")


def test_a_late_mirror_leaves_the_newer_version_alone(store: EntryStore) -> None:
    put(store, REF.path, "first", FACTS)
    put(store, REF.path, "second", EntryFacts("erp"), after=1)
    store.mirror(REF, FACTS, Stamps(version=1))
    assert store.describe(REF).facts == EntryFacts("erp")


def test_what_was_written_by_hand_has_the_facts_of_its_metadata(
    store: EntryStore, root: SafeClient, mount: str
) -> None:
    kv = root.api.secrets.kv.v2
    kv.create_or_update_secret(REF.path, {"password": "p", "host": "h"}, mount_point=mount)
    kv.update_metadata(REF.path, custom_metadata={"kind": "ssh", "port": "22"}, mount_point=mount)
    assert store.read(REF, None).facts == EntryFacts("ssh", "h", 22)


def test_what_was_removed_comes_back(store: EntryStore) -> None:
    put(store, REF.path, "first")
    store.remove(REF)
    with pytest.raises(EntryNotFoundError):
        store.describe(REF)
    (version,) = store.history(REF)
    assert version.deleted_at
    store.undelete(REF, version.number)
    assert store.read_secret(REF, "password", None).reveal() == "first"


def test_what_was_purged_never_was(store: EntryStore) -> None:
    put(store, REF.path, "first")
    store.purge(REF)
    with pytest.raises(EntryNotFoundError):
        store.history(REF)
    assert put(store, REF.path, "another") == 1


def remove(root: SafeClient, mount: str, how: str) -> None:
    body = {"versions": [1]}
    root.api.adapter.post(f"/v1/{mount}/{how}/{REF.path}", json=body)


def audit_of(log: Path, path: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return [line for line in lines if f"v1/{line.get('request', {}).get('path')}" == path]
