"""Reads in the server's audit log: what the real one writes, and what may become of its lines."""

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.http import TICKET_HEADER
from opskit.core.secret import Secret
from tests.support.audit_log import BEGIN, ENTITY, HMAC, busy_day, line_of
from tests.support.openbao import SafeServer
from tests.vault.conftest import People, Person
from vault.accounting.audit_log import Outcome, Read, Tally, each_once, moment_of, reads_in
from vault.ports import Connection
from vault.provisioning.desired import Engine
from vault.store.hvac_client import SafeClient

CONSENT = """
path "guarded/data/CONSENT/*" {
  capabilities = ["read"]
  control_group {
    ttl = "1h"
    factor "second" {
      controlled_capabilities = ["read"]
      identity { group_names = ["safe-keeper"]  approvals = 1 }
    }
  }
}
"""


@pytest.fixture
def log(safe_server: SafeServer) -> "Log":
    return Log(safe_server.folder / "audit.log")


@pytest.fixture
def entry(root: SafeClient) -> Iterator[str]:
    """An entry of this test alone."""
    ref = f"AUDIT/prod/{secrets.token_hex(4)}"
    write(root, ref, "first")
    yield ref
    root.api.adapter.delete(f"/v1/clients/metadata/{ref}")


@pytest.fixture
def reader(person: People) -> Person:
    return person("safe-keeper")


@pytest.fixture
def ask(connection: Connection) -> Callable[..., Any]:
    """One request as somebody; the answer, or what the server says against it."""

    def asking(someone: Person, path: str, method: str = "GET", **sent: Any) -> Any:
        headers = {TICKET_HEADER: "CS-7", **sent.pop("headers", {})}
        adapter = SafeClient(connection, someone.token).api.adapter
        return adapter.request(
            method, f"/v1/{path}", headers=headers, raise_exception=False, **sent
        )

    return asking


def test_a_read_tells_who_when_which_version_from_where_and_why(
    log: "Log", reader: Person, entry: str, root: SafeClient, ask: Callable[..., Any]
) -> None:
    write(root, entry, "second")
    before = datetime.now(UTC)
    ask(reader, f"clients/data/{entry}")
    ask(reader, f"clients/data/{entry}", params={"version": 1})
    newest, oldest = log.reads()
    assert newest == Read(
        at=newest.at,
        mount="clients",
        entry=entry,
        outcome=Outcome.READ,
        request_id=newest.request_id,
        entity_id=reader.entity_id,
        display_name=f"userpass-{reader.login}",
        version=2,
        address="127.0.0.1",
        ticket="CS-7",
    )
    assert oldest.version == 1
    assert before <= newest.at <= oldest.at <= datetime.now(UTC)


def test_what_hands_out_no_secret_is_no_read(
    log: "Log", entry: str, person: People, ask: Callable[..., Any]
) -> None:
    keeper = person("safe-keeper")
    ask(keeper, f"clients/metadata/{entry}")
    ask(keeper, f"clients/subkeys/{entry}")
    ask(keeper, "clients/metadata/AUDIT/", "LIST")
    ask(keeper, "clients/detailed-metadata/", "SCAN")
    ask(keeper, "clients/data/AUDIT/prod", "LIST")
    ask(keeper, f"clients/data/{entry}", "POST", json={"data": {"password": "x"}})
    ask(keeper, "clients/data/AUDIT/prod/never-was")
    ask(keeper, f"clients/data/{entry}", params={"version": 99})
    ask(keeper, f"clients/data/{entry}", "DELETE")
    ask(keeper, f"clients/data/{entry}")
    assert log.reads() == []
    assert log.tally.broken == 0


def test_who_was_refused_is_told_apart(
    log: "Log", entry: str, person: People, ask: Callable[..., Any]
) -> None:
    sales = person("sales")
    ask(sales, f"clients/data/{entry}")
    ask(Person("nobody", "", Secret("s.unknown")), f"clients/data/{entry}")
    known, unknown = log.reads()
    assert (known.outcome, known.entity_id, known.ticket) == ("denied", sales.entity_id, "CS-7")
    assert (unknown.outcome, unknown.entity_id, unknown.display_name) == ("denied", "", "")


def test_a_wrapped_secret_counts_for_who_had_it_wrapped(
    log: "Log", reader: Person, entry: str, person: People, ask: Callable[..., Any]
) -> None:
    wrapped = ask(reader, f"clients/data/{entry}", headers={"X-Vault-Wrap-TTL": "60s"})
    body = {"token": wrapped["wrap_info"]["token"]}
    shown = ask(person("safe-keeper"), "sys/wrapping/unwrap", "POST", json=body)
    assert shown["data"]["data"] == {"password": "first"}
    assert [(read.entity_id, read.version) for read in log.reads()] == [(reader.entity_id, 0)]


def test_a_read_with_the_consent_of_a_second_person_counts_once_for_who_asked(
    log: "Log", person: People, root: SafeClient, ask: Callable[..., Any]
) -> None:
    with_guarded_entry(root)
    asker, keeper = person(), person("safe-keeper")
    give(root, asker, CONSENT)
    give(root, keeper, 'path "sys/control-group/authorize" { capabilities = ["update"] }')
    held_back = ask(asker, "guarded/data/CONSENT/prod/root")["wrap_info"]
    assert log.reads() == []
    body = {"accessor": held_back["accessor"]}
    assert ask(keeper, "sys/control-group/authorize", "POST", json=body)["data"]["approved"]
    for _time in range(2):  # the server lets the token be redeemed again and again
        shown = ask(keeper, "sys/wrapping/unwrap", "POST", json={"token": held_back["token"]})
        assert shown["data"]["data"] == {"password": "of the last resort"}
    first, again = log.reads()
    assert first.request_id == again.request_id
    once = list(each_once([first, again]))
    assert [(read.mount, read.entity_id, read.ticket) for read in once] == [
        ("guarded", asker.entity_id, "CS-7")
    ]


def test_another_namespace_is_another_safe(
    log: "Log", root: SafeClient, token: Secret, ask: Callable[..., Any]
) -> None:
    space = f"n{secrets.token_hex(3)}"
    root.api.adapter.post(f"/v1/sys/namespaces/{space}")
    inside = SafeClient(Connection(root.api.url, namespace=space), token)
    assert Engine("clients", "kv", {"version": "2"}).mend(inside.api)
    write(inside, "AUDIT/prod/elsewhere", "x")
    inside.api.adapter.get("/v1/clients/data/AUDIT/prod/elsewhere")
    assert log.reads() == []
    assert log.tally.elsewhere == 1
    assert [read.entry for read in log.reads(namespace=f"{space}/")] == ["AUDIT/prod/elsewhere"]
    root.api.adapter.delete(f"/v1/sys/namespaces/{space}")


def test_no_line_of_the_real_log_is_broken(log: "Log") -> None:
    log.since = 0
    log.reads()
    assert (log.tally.is_log, log.tally.broken) == (True, 0)


def test_the_lines_made_for_these_tests_have_the_shape_of_the_real_ones(
    log: "Log", reader: Person, entry: str, ask: Callable[..., Any]
) -> None:
    ask(reader, f"clients/data/{entry}")
    real = log.reads()[0]
    made = line_of(
        path=f"clients/data/{entry}",
        at=real.at,
        who=reader.login,
        entity_id=reader.entity_id,
        request_id=real.request_id,
        ticket="CS-7",
        data={"data": {"password": HMAC}, "metadata": {"version": 1}},
    )
    assert reads_of(made)[0] == [real]


def test_a_header_is_known_in_any_case_and_a_line_in_any_order() -> None:
    line = (
        b'{"auth":{"entity_id":"e"},"request":{"headers":{"X-Opskit-Ticket":["CS-2"]},'
        b'"operation":"read","path":"clients/data/A/prod/b"},"response":{"data":{"data":{"p":"x"}}},'
        b'"time":"2026-01-05T09:00:00+01:00","type":"response"}\n'
    )
    (read,), tally = reads_of(line)
    assert (read.ticket, read.entity_id, read.at) == ("CS-2", "e", BEGIN)
    assert tally == Tally(is_log=True, is_empty=False)


def test_the_last_line_may_still_be_written() -> None:
    content = line_of() + line_of()
    reads, tally = reads_of(content[:-1])
    assert (len(reads), tally.cut, tally.broken) == (2, False, 0)
    reads, tally = reads_of(content[:-40])
    assert (len(reads), tally.cut, tally.broken) == (1, True, 0)


def test_a_broken_line_is_counted_and_the_rest_is_read() -> None:
    broken = [b'{"time":"2026\n', b"\x00\xff\n", b'"path":"clients/data/' + line_of()[:50] + b"}\n"]
    lines = [line_of(), broken[0], line_of(), broken[1], b"\n", b"\r\n", line_of()]
    reads, tally = reads_of(b"".join(lines))
    assert (len(reads), tally.broken, tally.cut) == (3, 2, False)
    odd = line_of(time="yesterday") + line_of(data={"data": "no map"}) + line_of(request=[])
    assert reads_of(odd)[0] == []
    assert reads_of(odd)[1].broken == 2  # the third does not even name an entry


@given(st.floats(0, 1), st.booleans())
def test_what_a_full_disk_left_half_written_hides_no_read_after_it(
    part: float, is_read: bool
) -> None:
    whole = line_of(path="clients/data/LOST/prod/a" if is_read else "sys/mounts")
    half = whole[: 1 + int(part * (len(whole) - 3))]
    reads, tally = reads_of(half + line_of() + line_of(path="clients/data/NEXT/prod/b"))
    assert [read.entry for read in reads] == ["DELEZE/prod/erp-db", "NEXT/prod/b"]
    assert tally.broken == 1


@given(st.binary(max_size=300))
def test_no_bytes_at_all_make_it_fail(noise: bytes) -> None:
    reads, _tally = reads_of(noise + b"\n" + line_of() + noise)
    assert [read.entry for read in reads] == ["DELEZE/prod/erp-db"]


@given(st.permutations(range(6)))
def test_only_a_guarded_read_can_be_logged_again(order: list[int]) -> None:
    lines = [
        line_of(path=f"{mount}/data/A/prod/b", request_id=request_id)
        for mount in ("clients", "guarded")
        for request_id in ("one", "two", "two")
    ]
    reads = reads_of(b"".join(lines[each] for each in order))[0]
    once = list(each_once(reads))
    assert [read.mount for read in once].count("clients") == 3
    assert sorted(read.request_id for read in once if read.mount == "guarded") == ["one", "two"]


def test_a_moment_is_read_from_any_whole_line() -> None:
    assert moment_of(line_of(kind="request")) == BEGIN
    assert [moment_of(each) for each in (b"", b"{}", b"[1]", line_of()[:80])] == [None] * 4


def test_a_busy_day_is_counted_as_it_was_made() -> None:
    reads, tally = reads_of(b"".join(busy_day(0)))
    assert (len(reads), tally.broken) == (500, 0)
    assert sum(not read.ticket for read in reads) == 71
    assert {read.entity_id for read in reads} == {ENTITY}
    assert reads[-1].at == BEGIN + timedelta(seconds=999)


class Log:
    """The server's log, from the moment when the test began."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.since = file.stat().st_size
        self.tally = Tally()

    def reads(self, *, namespace: str = "") -> list[Read]:
        self.tally = Tally()
        with self._file.open("rb") as lines:
            lines.seek(self.since)
            return list(reads_in(lines, self.tally, namespace=namespace))


def reads_of(content: bytes) -> tuple[list[Read], Tally]:
    tally = Tally()
    return list(reads_in(content.splitlines(keepends=True), tally)), tally


def write(safe: SafeClient, ref: str, secret: str, *, mount: str = "clients") -> None:
    safe.api.adapter.post(f"/v1/{mount}/data/{ref}", json={"data": {"password": secret}})


def with_guarded_entry(root: SafeClient) -> None:
    Engine("guarded", "kv", {"version": "2"}).mend(root.api)
    write(root, "CONSENT/prod/root", "of the last resort", mount="guarded")


def give(root: SafeClient, person: Person, policy: str) -> None:
    name = f"test-{secrets.token_hex(4)}"
    root.api.sys.create_or_update_acl_policy(name, policy, pretty_print=False)
    path = f"/v1/identity/entity/id/{person.entity_id}"
    root.api.adapter.post(path, json={"policies": [name]})
