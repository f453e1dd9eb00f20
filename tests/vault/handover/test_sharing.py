"""A secret handed over: once, to whoever has the token, and on record."""

import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from opskit.core.errors import ExitCode, InvalidError
from opskit.core.http import VaultHttp
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret
from tests.support.contents import contents_of
from tests.support.home import House
from tests.vault.conftest import People, Person
from vault.handover.wrapping import (
    NotAShareError,
    Parcel,
    Received,
    ShareGoneError,
    parse_ttl,
    unwrap,
    wrap,
)
from vault.ports import Connection
from vault.store.lean_store import anonymous_http, open_http

AT = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FACTS = {"kind": "database", "host": "db.deleze.example", "username": "SYSTÈME"}
VALUE = "pässword of this test's own\n"
PARCEL = Parcel("DELEZE/prod/erp-db", "password", Secret(VALUE), FACTS)
ENTRY = "DELEZE/prod/to-share"


@pytest.fixture(scope="module")
def somebody(person: People) -> Person:
    """Everyone with a login may wrap: what can be shared is held by what can be read."""
    return person()


def shared(connection: Connection, person: Person, ttl: timedelta = HOUR) -> Secret:
    with open_http(connection, person.token) as http:
        return wrap(http, PARCEL, ttl=ttl, ticket=None, at=AT).token


def opened(connection: Connection, token: Secret) -> Received:
    """By somebody without a login."""
    with anonymous_http(connection) as http:
        return unwrap(http, token)


def test_what_was_shared_arrives_whole(connection: Connection, somebody: Person) -> None:
    with open_http(connection, somebody.token) as http:
        share = wrap(http, PARCEL, ttl=HOUR, ticket=TicketKey("CS-1"), at=AT)
    assert share.expires_at == AT + HOUR
    assert share.token.reveal() not in repr(share)
    received = opened(connection, share.token)
    assert received.parcel.to_data() == PARCEL.to_data()
    assert VALUE not in repr(received)
    assert abs(datetime.now(UTC) - received.shared_at) < timedelta(seconds=30)


def test_it_opens_once(connection: Connection, somebody: Person) -> None:
    token = shared(connection, somebody)
    opened(connection, token)
    with pytest.raises(ShareGoneError) as caught:
        opened(connection, token)
    assert token.reveal() not in caught.value.message + caught.value.hint


def test_of_many_who_have_the_token_one_gets_the_secret(
    connection: Connection, somebody: Person
) -> None:
    token = shared(connection, somebody)

    def attempt(_number: int) -> bool:
        try:
            return opened(connection, token).parcel.value.reveal() == VALUE
        except ShareGoneError:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1


def test_it_expires(connection: Connection, somebody: Person) -> None:
    token = shared(connection, somebody, ttl=timedelta(seconds=1))
    time.sleep(1.5)
    with pytest.raises(ShareGoneError):
        opened(connection, token)


def test_a_token_that_is_none_opens_nothing(connection: Connection, somebody: Person) -> None:
    for token in (Secret(f"s.{'never-made-':a<24}"), somebody.token):
        with pytest.raises(ShareGoneError):
            opened(connection, token)


@pytest.mark.parametrize("text", ["garbage", "é", "s.cut", "s.a token of twenty letters", "x" * 30])
def test_what_has_not_the_form_of_a_token_is_told(house: House, text: str) -> None:
    done = house.opskit("vault", "receive", "--token-file", "-", stdin=text)
    assert (done.code, done.out) == (5, "")
    assert "this does not look like a token" in done.err
    assert "copy it whole" in done.err
    assert text not in done.err


def test_a_swapped_token_shows_and_stays_unopened(connection: Connection, somebody: Person) -> None:
    with open_http(connection, somebody.token) as http:
        token = wrapped_answer(http, "GET", "auth/token/lookup-self")
    with pytest.raises(NotAShareError, match="auth/token/lookup-self") as caught:
        opened(connection, token)
    assert "unopened" in caught.value.message
    with anonymous_http(connection) as http:
        headers = {"X-Vault-Token": token.reveal()}
        reply = http.request("POST", "v1/sys/wrapping/unwrap", headers=headers)
    assert reply.data["data"]["entity_id"] == somebody.entity_id


@pytest.mark.parametrize(
    "body",
    [
        {"password": "x"},
        {"ref": "A/prod/b", "field": "password", "value": "x", "facts": "none"},
        {"ref": "A/prod/b\x1b[2J", "field": "password", "value": "x", "facts": {}},
        {"ref": "A/prod/b", "field": "password", "value": "x", "facts": {"host": "\r\nok"}},
    ],
    ids=["another tool's", "facts", "escape in the name", "lines in a fact"],
)
def test_what_opskit_did_not_wrap_is_not_shown(
    connection: Connection, somebody: Person, body: Mapping[str, object]
) -> None:
    with open_http(connection, somebody.token) as http:
        token = wrapped_answer(http, "POST", "sys/wrapping/wrap", dict(body))
    with pytest.raises(NotAShareError, match="did not wrap"):
        opened(connection, token)


def wrapped_answer(
    http: VaultHttp, method: str, path: str, body: dict[str, object] | None = None
) -> Secret:
    headers = {"X-Vault-Wrap-TTL": "60"}
    reply = http.request(method, f"v1/{path}", body, headers=headers)
    return Secret(reply.data["wrap_info"]["token"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", timedelta(seconds=90)),
        ("30m", timedelta(minutes=30)),
        (" 1H ", HOUR),
        ("7d", timedelta(days=7)),
    ],
)
def test_how_long(text: str, expected: timedelta) -> None:
    assert parse_ttl(text) == expected


@pytest.mark.parametrize(
    "text", ["", "1", "h", "0h", "8d", "-1h", "1.5h", "1h30m", "٣h", "999999d"]
)
def test_no_time_to_keep_a_share(text: str) -> None:
    with pytest.raises(InvalidError):
        parse_ttl(text)


@pytest.fixture(scope="module")
def entry(house: House) -> str:
    facts = ("--kind", "database", "--host", "db.deleze.example", "--username", "SYSTEM")
    house.done("vault", "add", ENTRY, *facts, "--password-file", "-", stdin=VALUE, as_user="bob")
    return ENTRY


def test_share_and_receive(house: House, entry: str) -> None:
    made = house.done("vault", "share", entry.lower(), "--ticket", "CS-1001", as_user="bob")
    token = made.out.strip()
    assert made.out == f"{token}\n"
    assert "opskit vault receive" in made.err
    got = house.done("vault", "receive", "--token-file", "-", stdin=made.out)
    assert got.out == VALUE
    assert got.err.startswith(f"password of {ENTRY}, shared at ")
    assert got.err.endswith("Kind: database\nHost: db.deleze.example\nUser name: SYSTEM\n")
    again = house.opskit("vault", "receive", "--token-file", "-", stdin=token)
    assert (again.code, again.out) == (ExitCode.NOT_FOUND, "")
    assert "error[share-gone]" in again.err
    assert token not in again.err


def test_receiving_needs_no_login(house: House, entry: str) -> None:
    row = house.done("vault", "share", entry, "--ttl", "30m", "--json", as_user="bob").json
    assert list(row) == ["ref", "field", "token", "expires_at"]
    house.done("logout")
    got = house.done("vault", "receive", "--token-file", "-", "--json", stdin=row["token"]).json
    assert (got["ref"], got["field"]) == (ENTRY, "password")
    assert got["value"] == VALUE.rstrip("\n")
    assert got["facts"]["username"] == "SYSTEM"
    refused = house.opskit("vault", "share", entry)
    assert (refused.code, refused.out) == (ExitCode.DENIED, "")


def test_who_shared_what_is_on_record_with_the_ticket(house: House, entry: str) -> None:
    made = house.done("vault", "share", entry, "--ticket", "CS-1002", as_user="bob")
    (event,) = (
        each
        for each in house.done("audit", "list", "--json", as_user="alice").json
        if each["action"] == "vault.shared" and each["ticket"] == "CS-1002"
    )
    assert (event["subject"], event["who"]) == (ENTRY, "bob")
    assert event["after"].keys() == {"field", "expires_at"}
    contents = contents_of(house.folder)
    assert house.home.database_file in contents
    assert [file for file in contents if made.out.strip().encode() in contents[file]] == []
    log = (house.home.safe_folder / "audit.log").read_text(encoding="utf-8")
    asked = [json.loads(line)["request"] for line in log.splitlines()]
    tickets = [
        each["headers"]["x-opskit-ticket"]
        for each in asked
        if each["path"] == "sys/wrapping/wrap" and "x-opskit-ticket" in each.get("headers", {})
    ]
    assert ["CS-1002"] in tickets


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((ENTRY, "--field", "pin"), ExitCode.NOT_FOUND),
        (("DELEZE/prod/no-such",), ExitCode.NOT_FOUND),
        ((ENTRY, "--ttl", "8d"), ExitCode.INVALID),
        ((ENTRY, "--ticket", "no ticket"), ExitCode.INVALID),
    ],
)
def test_what_cannot_be_shared(
    house: House, entry: str, words: tuple[str, ...], code: ExitCode
) -> None:
    done = house.opskit("vault", "share", *words, as_user="bob")
    assert (done.code, done.out) == (code, "")


def test_a_token_is_never_typed_on_the_command_line(house: House) -> None:
    assert house.opskit("vault", "receive", "s.token").code == ExitCode.USAGE
    silent = house.opskit("vault", "receive")
    assert silent.code == ExitCode.USAGE
    assert "--token-file" in silent.err
