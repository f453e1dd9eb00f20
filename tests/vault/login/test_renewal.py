"""Renewal by the next command: when it is due, what it costs, and that it never gets in the way."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from opskit.core.config import Home, Settings
from opskit.core.secret import Secret
from tests.vault.conftest import People
from vault.login.life import Life
from vault.login.renewal import RenewedTokens
from vault.login.session import look_up
from vault.login.tokens import KeptLogin, open_token_store
from vault.ports import Connection
from vault.provisioning.desired import LoginMethod
from vault.store.hvac_client import SafeClient
from vault.store.lean_store import open_http

HOUR = timedelta(hours=1)
NOWHERE = Connection("http://127.0.0.1:1", timeout=0.5)
BEGAN = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)
LIFE = Life(BEGAN, BEGAN + HOUR)

MakeToken = Callable[..., Secret]


@pytest.fixture
def kept(tmp_path: Path) -> KeptLogin:
    return open_token_store(Home(tmp_path), Settings(token_store="file"), say=print)


@pytest.fixture
def make_token(root: SafeClient) -> MakeToken:
    """A token of the first admin's with that life."""

    def make(**wanted: object) -> Secret:
        made = root.api.adapter.post("/v1/auth/token/create", json={"ttl": "1h", **wanted})
        return Secret(made["auth"]["client_token"])

    return make


def renewed(kept: KeptLogin, connection: Connection, at: datetime) -> RenewedTokens:
    return RenewedTokens(kept, lambda: connection, now=lambda: at)


def ends_at(connection: Connection, token: Secret) -> datetime:
    """What the safe itself says."""
    with open_http(connection, token) as http:
        ends = look_up(http).expires_at
    assert ends is not None
    return ends


def test_what_is_kept_is_the_token_and_two_times(kept: KeptLogin) -> None:
    kept.save(Secret("s.token"), LIFE)
    token, life = kept.load_with_life()
    assert token is not None
    assert (token.reveal(), life) == ("s.token", LIFE)
    kept.save(Secret("s.token"))
    assert kept.load_with_life()[1] is None


@pytest.mark.parametrize("times", ["", " 1", " 1 2 3", " one two", " 1 99999999999999999999"])
def test_times_that_are_none_do_not_keep_the_token_away(
    tmp_path: Path, kept: KeptLogin, times: str
) -> None:
    kept.save(Secret("s.token"))
    (tmp_path / "tokens" / "local").write_text(f"s.token{times}\n", encoding="ascii")
    token, life = kept.load_with_life()
    assert token is not None
    assert (token.reveal(), life) == ("s.token", None)


def test_half_a_life() -> None:
    assert not LIFE.is_half_gone(BEGAN + HOUR / 2 - timedelta(seconds=1))
    assert LIFE.is_half_gone(BEGAN + HOUR / 2)
    assert LIFE.is_half_gone(BEGAN + 2 * HOUR)


def test_before_half_of_its_life_nothing_is_sent(connection: Connection, kept: KeptLogin) -> None:
    """The safe would refuse this token, and a refusal would end the life."""
    kept.save(Secret("s.token"), LIFE)
    for at, life in ((BEGAN + HOUR / 3, LIFE), (BEGAN + HOUR, None)):
        assert renewed(kept, connection, at).load() is not None
        assert kept.load_with_life()[1] == life


def test_after_it_the_next_command_renews(
    connection: Connection, kept: KeptLogin, make_token: MakeToken
) -> None:
    token = make_token()
    before = ends_at(connection, token)
    time.sleep(1.1)
    at = datetime.now(UTC)
    kept.save(token, Life(at - HOUR, at + HOUR / 2))
    loaded = renewed(kept, connection, at).load()
    assert loaded is not None
    assert loaded.reveal() == token.reveal()
    assert ends_at(connection, token) - before >= timedelta(seconds=1)
    life = kept.load_with_life()[1]
    assert life is not None
    assert abs(life.ends_at - at - HOUR) < timedelta(seconds=5)


def test_a_token_at_its_longest_life_is_not_renewed_again_and_again(
    connection: Connection, kept: KeptLogin, make_token: MakeToken
) -> None:
    token, at = make_token(explicit_max_ttl="1h"), datetime.now(UTC)
    kept.save(token, Life(at - HOUR, at + HOUR))
    renewed(kept, connection, at).load()
    assert kept.load_with_life()[1] is None


@pytest.mark.parametrize("why", ["revoked", "not renewable"])
def test_a_refused_renewal_is_not_tried_again(
    connection: Connection, kept: KeptLogin, make_token: MakeToken, why: str
) -> None:
    token = make_token(renewable=why == "revoked")
    if why == "revoked":
        with open_http(connection, token) as http:
            http.request("POST", "v1/auth/token/revoke-self")
    kept.save(token, LIFE)
    loaded = renewed(kept, connection, BEGAN + HOUR).load()
    assert loaded is not None
    assert loaded.reveal() == token.reveal()
    assert kept.load_with_life()[1] is None


def test_a_safe_that_does_not_answer_is_left_to_the_command(kept: KeptLogin) -> None:
    kept.save(Secret("s.token"), LIFE)
    assert renewed(kept, NOWHERE, BEGAN + HOUR).load() is not None
    assert kept.load_with_life()[1] == LIFE  # the next one tries again


def test_a_home_that_cannot_be_written_does_not_break_the_command(
    connection: Connection, make_token: MakeToken
) -> None:
    class ReadOnly:
        """A TokenStore on a full disk."""

        def load(self) -> Secret:
            return Secret(f"{token.reveal()} 0 1")

        def save(self, _token: Secret) -> None:
            raise OSError

        def forget(self) -> None:
            raise OSError

    token = make_token()
    loaded = renewed(KeptLogin(ReadOnly()), connection, BEGAN).load()
    assert loaded is not None
    assert loaded.reveal() == token.reveal()


def test_a_login_goes_on_while_it_is_used(
    connection: Connection, person: People, kept: KeptLogin
) -> None:
    """The hours that the safe has set for logins with a password leave something to renew."""
    someone, at = person("agent"), datetime.now(UTC)
    before = ends_at(connection, someone.token)
    assert before - at <= timedelta(seconds=LoginMethod().lasts)
    time.sleep(1.1)
    kept.save(someone.token, Life(at - HOUR, at + HOUR / 2))
    renewed(kept, connection, at).load()
    assert ends_at(connection, someone.token) - before >= timedelta(seconds=1)


def test_who_logs_in_meanwhile_stays_logged_in(
    connection: Connection, kept: KeptLogin, make_token: MakeToken, person: People
) -> None:
    """In another terminal, while the old login is being renewed."""
    token, newer, at = make_token(), person("agent").token, datetime.now(UTC)
    kept.save(token, Life(at - HOUR, at + HOUR / 2))

    def log_in_meanwhile() -> Connection:
        kept.save(newer)
        return connection

    RenewedTokens(kept, log_in_meanwhile, now=lambda: at).load()
    loaded = kept.load()
    assert loaded is not None
    assert loaded.reveal() == newer.reveal()
