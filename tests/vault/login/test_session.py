"""Logging in and out of the real server, and what it says of oneself."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from opskit.core.errors import InvalidError
from opskit.core.secret import Secret
from tests.support.openbao import SafeServer
from tests.vault.conftest import PASSWORD, People
from vault.errors import LoginNeededError, LoginRefusedError
from vault.login.life import Life
from vault.login.login_methods import Method, log_in_with_role
from vault.login.session import current_identity, keep, log_in, log_out, look_up
from vault.ports import Connection, Login
from vault.provisioning.desired import LoginMethod
from vault.store.hvac_client import SafeClient
from vault.store.lean_store import anonymous_http, open_http


class Kept:
    """LoginTokens that end with the test."""

    def __init__(self, token: Secret | None = None) -> None:
        self.token = token
        self.life: Life | None = None

    def load(self) -> Secret | None:
        return self.token

    def save(self, token: Secret, life: Life | None = None) -> None:
        self.token, self.life = token, life

    def forget(self) -> None:
        self.token = None


def test_a_login_says_who_and_until_when(connection: Connection, person: People) -> None:
    someone = person("agent", "sales")
    now = datetime.now(UTC)
    with anonymous_http(connection) as http:
        token = log_in(http, name=someone.login.upper(), password=Secret(PASSWORD))
    tokens = Kept()
    who = keep(Login(connection, tokens), token, at=now)
    assert (who.identity.name, who.identity.entity_id) == (someone.login, someone.entity_id)
    assert who.identity.roles == {"agent", "sales"}
    assert who.expires_at is not None
    lasts = timedelta(seconds=LoginMethod().lasts)
    assert abs(who.expires_at - now - lasts) < timedelta(seconds=10)
    assert tokens.token is token
    assert tokens.life == Life(now, who.expires_at)


def test_the_identity_is_the_entity_with_its_roles(connection: Connection, person: People) -> None:
    someone = person("manager")
    identity = current_identity(Login(connection, Kept(someone.token)))
    assert identity.entity_id == someone.entity_id
    assert identity.name == someone.login
    assert identity.roles == {"manager"}


def test_a_policy_on_the_token_gives_no_role(root: SafeClient, connection: Connection) -> None:
    made = root.api.auth.token.create(policies=["manager"], no_parent=True, ttl="1m")
    token, tokens = Secret(made["auth"]["client_token"]), Kept()
    with pytest.raises(InvalidError, match="no person"):
        keep(Login(connection, tokens), token, at=datetime.now(UTC))
    assert tokens.token is None


@pytest.fixture
def machine(root: SafeClient) -> Iterator[str]:
    """An AppRole mount with the roles `service` and `batch`, one for each kind of token."""
    mount = f"machines-{secrets.token_hex(4)}"
    root.api.sys.enable_auth_method("approle", path=mount)
    for kind in ("service", "batch"):
        role = {"token_type": kind, "token_ttl": "1h"}
        root.api.adapter.post(f"/v1/auth/{mount}/role/{kind}", json=role)
    yield mount
    root.api.sys.disable_auth_method(mount)


def ids_of(root: SafeClient, mount: str, role: str) -> tuple[str, Secret]:
    path = f"/v1/auth/{mount}/role/{role}"
    role_id = root.api.adapter.get(f"{path}/role-id")["data"]["role_id"]
    return role_id, Secret(root.api.adapter.post(f"{path}/secret-id")["data"]["secret_id"])


def test_a_machine_logs_in_with_its_role(
    root: SafeClient, connection: Connection, machine: str
) -> None:
    role_id, secret_id = ids_of(root, machine, "service")
    with anonymous_http(connection) as http:
        token = log_in_with_role(http, role_id=role_id, secret_id=secret_id, mount=machine)
    tokens = Kept()
    who = keep(Login(connection, tokens), token, at=datetime.now(UTC))
    assert who.identity.entity_id
    assert tokens.life is not None


@pytest.mark.parametrize("wrong", ["role", "secret", "mount"])
def test_a_wrong_id_is_refused_without_being_shown(
    root: SafeClient, connection: Connection, machine: str, wrong: str
) -> None:
    role_id, secret_id = ids_of(root, machine, "service")
    if wrong == "secret":
        secret_id = Secret("0e9f0000-wrong")
    with anonymous_http(connection) as http, pytest.raises(LoginRefusedError) as caught:
        log_in_with_role(
            http,
            role_id="nobody" if wrong == "role" else role_id,
            secret_id=secret_id,
            mount="elsewhere" if wrong == "mount" else machine,
        )
    assert secret_id.reveal() not in caught.value.message + caught.value.hint


def test_a_batch_token_can_be_logged_out_though_it_lives_on(
    root: SafeClient, connection: Connection, machine: str
) -> None:
    role_id, secret_id = ids_of(root, machine, "batch")
    with anonymous_http(connection) as http:
        token = log_in_with_role(http, role_id=role_id, secret_id=secret_id, mount=machine)
    tokens = Kept()
    keep(Login(connection, tokens), token, at=datetime.now(UTC))
    assert tokens.life is None  # nor can it be renewed
    with open_http(connection, token) as http:
        log_out(http)


def test_a_login_that_wants_a_second_factor_is_refused_with_a_way_out(
    root: SafeClient, connection: Connection, person: People
) -> None:
    someone = person("agent")
    post = root.api.adapter.post
    made = post("/v1/identity/mfa/method/totp", json={"issuer": "opskit", "period": 30})
    method = made["data"]["method_id"]
    rule = {"mfa_method_ids": [method], "identity_entity_ids": [someone.entity_id]}
    path = f"/v1/identity/mfa/login-enforcement/e{secrets.token_hex(4)}"
    post(path, json=rule)
    try:
        with anonymous_http(connection) as http, pytest.raises(LoginRefusedError) as caught:
            log_in(http, name=someone.login, password=Secret(PASSWORD))
    finally:
        root.api.adapter.delete(path)
    assert "second factor" in caught.value.message
    assert "--method token" in caught.value.hint


def test_the_ways_to_log_in() -> None:
    assert Method.parse("OIDC") is Method.OIDC
    with pytest.raises(InvalidError) as caught:
        Method.parse("ldap")
    assert caught.value.hint == "the ways are userpass oidc approle token"


@pytest.mark.parametrize("password", ["wrong", PASSWORD + " "])
def test_a_wrong_password_is_refused_without_being_shown(
    connection: Connection, person: People, password: str
) -> None:
    someone = person("agent")
    with anonymous_http(connection) as http, pytest.raises(LoginRefusedError) as caught:
        log_in(http, name=someone.login, password=Secret(password))
    assert password not in str(caught.value) + caught.value.hint


def test_an_unknown_name_is_refused_in_the_same_words(connection: Connection) -> None:
    with anonymous_http(connection) as http, pytest.raises(LoginRefusedError):
        log_in(http, name="nobody", password=Secret("x"))


@pytest.mark.parametrize("password", ["", "x" * 73, "é" * 37])
def test_an_impossible_password_is_refused_before_it_is_sent(
    safe_server: SafeServer, connection: Connection, password: str
) -> None:
    with anonymous_http(connection) as http, pytest.raises(InvalidError):
        log_in(http, name=safe_server.admin, password=Secret(password))


def test_after_the_logout_the_token_is_dead(connection: Connection, person: People) -> None:
    someone = person("agent")
    with open_http(connection, someone.token) as http:
        log_out(http)
        with pytest.raises(LoginNeededError):
            look_up(http)
        log_out(http)


def test_without_a_token_nothing_is_sent() -> None:
    with pytest.raises(LoginNeededError):
        open_http(Connection("http://127.0.0.1:1"), None)
