"""Logging in and out of the real server, and what it says of oneself."""

from datetime import timedelta

import pytest

from opskit.core.errors import InvalidError
from opskit.core.secret import Secret
from tests.conftest import NOW
from tests.support.openbao import SafeServer
from tests.vault.conftest import PASSWORD, People
from vault.errors import LoginNeededError, LoginRefusedError
from vault.hvac_client import SafeClient
from vault.lean_store import anonymous_http, open_http
from vault.ports import Connection, Login
from vault.session import current_identity, log_in, log_out, look_up


class Kept:
    """A TokenStore in memory."""

    def __init__(self, token: Secret | None) -> None:
        self._token = token

    def load(self) -> Secret | None:
        return self._token

    def save(self, token: Secret) -> None:
        self._token = token

    def forget(self) -> None:
        self._token = None


def test_a_login_says_who_and_until_when(connection: Connection, person: People) -> None:
    someone = person("agent", "sales")
    with anonymous_http(connection) as http:
        fresh = log_in(http, name=someone.login.upper(), password=Secret(PASSWORD), at=NOW)
    assert (fresh.name, fresh.entity_id) == (someone.login, someone.entity_id)
    assert fresh.roles == {"agent", "sales"}
    assert fresh.expires_at == NOW + timedelta(hours=12)
    assert fresh.token.reveal() not in repr(fresh)


def test_the_identity_is_the_entity_with_its_roles(connection: Connection, person: People) -> None:
    someone = person("manager")
    identity = current_identity(Login(connection, Kept(someone.token)))
    assert identity.entity_id == someone.entity_id
    assert identity.name == someone.login
    assert identity.roles == {"manager"}


def test_a_policy_on_the_token_gives_no_role(root: SafeClient, connection: Connection) -> None:
    made = root.api.auth.token.create(policies=["manager"], no_parent=True, ttl="1m")
    token = Secret(made["auth"]["client_token"])
    with open_http(connection, token) as http, pytest.raises(InvalidError, match="no person"):
        look_up(http)


@pytest.mark.parametrize("password", ["wrong", PASSWORD + " "])
def test_a_wrong_password_is_refused_without_being_shown(
    connection: Connection, person: People, password: str
) -> None:
    someone = person("agent")
    with anonymous_http(connection) as http, pytest.raises(LoginRefusedError) as caught:
        log_in(http, name=someone.login, password=Secret(password), at=NOW)
    assert password not in str(caught.value) + caught.value.hint


def test_an_unknown_name_is_refused_in_the_same_words(connection: Connection) -> None:
    with anonymous_http(connection) as http, pytest.raises(LoginRefusedError):
        log_in(http, name="nobody", password=Secret("x"), at=NOW)


@pytest.mark.parametrize("password", ["", "x" * 73, "é" * 37])
def test_an_impossible_password_is_refused_before_it_is_sent(
    safe_server: SafeServer, connection: Connection, password: str
) -> None:
    with anonymous_http(connection) as http, pytest.raises(InvalidError):
        log_in(http, name=safe_server.admin, password=Secret(password), at=NOW)


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
