"""A provisioned safe for the session, an engine of its own for each test, people with roles."""

import secrets
from collections.abc import Callable, Iterator

import pytest

from opskit.core.secret import Secret
from tests.support.openbao import SafeServer, log_in
from vault.ports import Connection
from vault.provisioning.accounts import VaultAccounts
from vault.provisioning.client_rights import Directory, client_pieces
from vault.provisioning.desired import Engine
from vault.provisioning.provision import VaultProvisioner, desired_state
from vault.store.hvac_client import SafeClient

PASSWORD = "pass of the test's person"
CLIENTS = {"back-office": ("DELEZE", "ACME"), "logistics": ("BRASSUS", "JURA-LOG")}

People = Callable[..., "Person"]


class Person:
    """Somebody who is logged in."""

    def __init__(self, login: str, entity_id: str, token: Secret) -> None:
        self.login = login
        self.entity_id = entity_id
        self.token = token


@pytest.fixture(scope="session")
def connection(safe_server: SafeServer) -> Connection:
    return Connection(safe_server.address, timeout=5.0, mend_hint="opskit local start")


@pytest.fixture(scope="session")
def token(safe_server: SafeServer) -> Secret:
    """A login of the first admin, for the whole session."""
    return Secret(safe_server.token())


@pytest.fixture(scope="session")
def root(connection: Connection, token: Secret) -> SafeClient:
    """The first admin's client, on a provisioned safe whose agents reach those CLIENTS."""
    safe = SafeClient(connection, token)
    pieces = [*desired_state(second_person=True), *client_pieces(Directory(CLIENTS, {}))]
    provisioner = VaultProvisioner(safe, pieces)
    provisioner.apply(provisioner.plan())
    return safe


@pytest.fixture
def mount(root: SafeClient) -> Iterator[str]:
    """A key-value engine that only this test sees."""
    path = f"kv-{secrets.token_hex(4)}"
    assert Engine(path, "kv", {"version": "2"}).mend(root.api)
    yield path
    root.api.sys.disable_secrets_engine(path)


@pytest.fixture(scope="session")
def accounts(root: SafeClient) -> VaultAccounts:
    return VaultAccounts(root)


@pytest.fixture(scope="session")
def person(accounts: VaultAccounts, connection: Connection) -> People:
    """Makes somebody new with these roles, logged in; an agent without a pole serves both."""

    def make(*roles: str, pole: str = "") -> Person:
        login = f"p{secrets.token_hex(4)}"
        entity_id = accounts.create_login(login, Secret(PASSWORD), frozenset(roles))
        accounts.place(entity_id, pole)
        return Person(login, entity_id, Secret(log_in(connection.address, login, PASSWORD)))

    return make
