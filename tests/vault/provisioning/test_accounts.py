"""People in the real safe: idempotent verbs, rights that come and go at once."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
from hvac.exceptions import InvalidPath

from opskit.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError
from opskit.core.secret import Secret
from opskit.core.signing import approver_key
from tests.support.openbao import log_in
from tests.vault.conftest import PASSWORD, People
from vault.errors import LoginNeededError, LoginRefusedError
from vault.login.session import log_in as log_in_here
from vault.login.session import look_up
from vault.ports import Connection
from vault.provisioning.accounts import VaultAccounts
from vault.store.hvac_client import SafeClient
from vault.store.lean_store import anonymous_http, open_http
from vault.store.locks import LOCK_MOUNT, exclusive
from vault.store.transit import Transit


@pytest.fixture
def login() -> str:
    return f"p{secrets.token_hex(4)}"


def roles_seen_by(connection: Connection, login: str, password: str = PASSWORD) -> frozenset[str]:
    token = Secret(log_in(connection.address, login, password))
    with open_http(connection, token) as http:
        return look_up(http).identity.roles


def free_lock(root: SafeClient, name: str) -> None:
    """End the lease of whoever was cut off, rather than wait for it."""
    body = {"data": {"until": 0.0}}
    root.api.adapter.post(f"/v1/{LOCK_MOUNT}/data/locks/{name}", json=body)


def test_a_new_person_logs_in_with_their_roles(
    accounts: VaultAccounts, connection: Connection, root: SafeClient, login: str
) -> None:
    roles = frozenset({"agent", "license-issuer"})
    entity_id = accounts.create_login(login, Secret(PASSWORD), roles)
    assert accounts.roles_of(entity_id) == roles
    assert roles_seen_by(connection, login) == roles
    assert set(Transit(root).public_keys(approver_key(entity_id))) == {1}


def test_creating_again_completes_and_keeps_the_entity(
    accounts: VaultAccounts, connection: Connection, login: str
) -> None:
    first = accounts.create_login(login, Secret("first password"), frozenset({"agent"}))
    again = accounts.create_login(login, Secret(PASSWORD), frozenset({"sales"}))
    assert again == first
    assert roles_seen_by(connection, login) == {"agent", "sales"}


@pytest.mark.parametrize("calls", range(16))
def test_cut_off_anywhere_calling_again_completes(
    token: Secret, root: SafeClient, connection: Connection, login: str, calls: int
) -> None:
    class CutOffError(Exception):
        pass

    left = [calls]

    def count(*_args: object, **_kwargs: object) -> None:
        if not left[0]:
            raise CutOffError
        left[0] -= 1

    broken = SafeClient(connection, token)
    broken.api.adapter.session.hooks["response"].append(count)
    try:
        VaultAccounts(broken).create_login(login, Secret(PASSWORD), frozenset({"agent"}))
    except CutOffError:
        with anonymous_http(connection) as http, pytest.raises(LoginRefusedError):
            log_in_here(http, name=login, password=Secret(PASSWORD))
    free_lock(root, "group-agent")
    VaultAccounts(root).create_login(login, Secret(PASSWORD), frozenset({"agent"}))
    assert roles_seen_by(connection, login) == {"agent"}


def test_an_entity_without_a_login_gets_one_later(
    accounts: VaultAccounts, connection: Connection, login: str
) -> None:
    entity_id = accounts.ensure_entity(login)
    assert accounts.ensure_entity(login) == entity_id
    accounts.grant(entity_id, "consultant")
    with pytest.raises(InvalidError):
        log_in(connection.address, login, PASSWORD)
    assert accounts.create_login(login, Secret(PASSWORD), frozenset()) == entity_id
    assert roles_seen_by(connection, login) == {"consultant"}


def test_a_login_tied_to_somebody_else_is_refused(
    accounts: VaultAccounts, root: SafeClient, login: str
) -> None:
    other = accounts.create_login(login, Secret(PASSWORD), frozenset())
    root.api.secrets.identity.update_entity(other, name=f"{login}-renamed")
    with pytest.raises(ConflictError, match=login):
        accounts.create_login(login, Secret(PASSWORD), frozenset({"admin"}))
    assert accounts.roles_of(other) == frozenset()


def test_a_role_comes_and_goes_at_once(
    accounts: VaultAccounts, connection: Connection, person: People
) -> None:
    someone = person("agent")
    with open_http(connection, someone.token) as http:
        accounts.grant(someone.entity_id, "manager")
        accounts.grant(someone.entity_id, "manager")
        assert look_up(http).identity.roles == {"agent", "manager"}
        accounts.revoke(someone.entity_id, "agent")
        accounts.revoke(someone.entity_id, "agent")
        assert look_up(http).identity.roles == {"manager"}


def test_the_last_member_leaves_an_empty_group(accounts: VaultAccounts, person: People) -> None:
    before = accounts.members("auditor")
    someone = person("auditor")
    accounts.revoke(someone.entity_id, "auditor")
    assert accounts.members("auditor") == before


def test_grants_at_the_same_time_lose_nobody(
    accounts: VaultAccounts, token: Secret, connection: Connection
) -> None:
    ids = [accounts.ensure_entity(f"p{secrets.token_hex(4)}") for _ in range(8)]

    def grant(entity_id: str) -> None:
        VaultAccounts(SafeClient(connection, token)).grant(entity_id, "consultant")

    before = accounts.members("consultant")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(grant, ids))
    assert accounts.members("consultant") == before | set(ids)


def test_the_lock_of_a_holder_that_died_ends(root: SafeClient) -> None:
    name = f"test-{secrets.token_hex(4)}"
    with exclusive(root, name, lease=0.3), exclusive(root, name, lease=0.3):
        pass


def test_a_new_password_replaces_the_old(
    accounts: VaultAccounts, connection: Connection, person: People
) -> None:
    someone = person("agent")
    accounts.set_password(someone.login, Secret("another one"))
    with pytest.raises(InvalidError):
        log_in(connection.address, someone.login, PASSWORD)
    assert roles_seen_by(connection, someone.login, "another one") == {"agent"}


def test_a_disabled_person_is_out_at_once_and_old_tokens_stay_dead(
    accounts: VaultAccounts, connection: Connection, person: People
) -> None:
    someone = person("agent")
    second = Secret(log_in(connection.address, someone.login, PASSWORD))
    accounts.disable(someone.entity_id)
    accounts.disable(someone.entity_id)
    for token in (someone.token, second):
        with open_http(connection, token) as http, pytest.raises(LoginNeededError):
            look_up(http)
    with anonymous_http(connection) as http, pytest.raises(LoginRefusedError):
        log_in_here(http, name=someone.login, password=Secret(PASSWORD))
    accounts.enable(someone.entity_id)
    with open_http(connection, someone.token) as http, pytest.raises(LoginNeededError):
        look_up(http)
    assert roles_seen_by(connection, someone.login) == {"agent"}


def test_disabling_one_person_leaves_the_others_logged_in(
    accounts: VaultAccounts, connection: Connection, person: People
) -> None:
    leaver, other = person("agent"), person("agent")
    accounts.disable(leaver.entity_id)
    with open_http(connection, other.token) as http:
        assert look_up(http).identity.roles == {"agent"}


def test_unknown_people_and_roles_are_named(accounts: VaultAccounts, person: People) -> None:
    with pytest.raises(NotFoundError, match="nobody"):
        accounts.grant("nobody", "agent")
    with pytest.raises(NotFoundError, match="nobody"):
        accounts.roles_of("nobody")
    with pytest.raises(NotFoundError, match="nobody"):
        accounts.disable("nobody")
    with pytest.raises(InvalidError, match="boss"):
        accounts.grant(person().entity_id, "boss")


@pytest.mark.parametrize("bad", ["", "a b", "ä", "../root", "a/b", "1x", "x" * 33])
def test_an_impossible_login_is_refused(accounts: VaultAccounts, bad: str) -> None:
    with pytest.raises(InvalidError):
        accounts.create_login(bad, Secret(PASSWORD), frozenset())


def test_a_password_too_long_is_refused_before_anything_is_made(
    accounts: VaultAccounts, root: SafeClient, login: str
) -> None:
    with pytest.raises(InvalidError):
        accounts.create_login(login, Secret("é" * 37), frozenset({"agent"}))
    with pytest.raises(InvalidPath):
        root.api.secrets.identity.read_entity_by_name(login)


def test_only_an_admin_makes_people(connection: Connection, person: People, login: str) -> None:
    keeper = VaultAccounts(SafeClient(connection, person("safe-keeper").token))
    with pytest.raises(DeniedError, match="admin"):
        keeper.create_login(login, Secret(PASSWORD), frozenset({"admin"}))
