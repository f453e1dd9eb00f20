"""Telling the safe where the team's database is: once or again, and what it then looks like."""

from collections.abc import Iterator

import pytest

from opskit.core.errors import DeniedError, InvalidError
from opskit.core.identity import ROLES
from opskit.core.secret import Secret
from tests.support.team import MAKER, MAKERS_PASSWORD, TeamDatabase
from tests.vault.conftest import People
from vault.errors import UnmendableDriftError
from vault.ports import Connection
from vault.provisioning.database_engine import VaultDatabaseEngine, connection_url
from vault.provisioning.database_logins import MOUNT
from vault.provisioning.provision import VaultProvisioner
from vault.store.hvac_client import SafeClient

USER = "{{username}}:{{password}}@"


@pytest.fixture
def unmounted(root: SafeClient) -> Iterator[VaultDatabaseEngine]:
    """A safe that knows no database, before and after."""
    yield VaultDatabaseEngine(root)
    root.api.sys.disable_secrets_engine(MOUNT)


@pytest.fixture
def engine(unmounted: VaultDatabaseEngine, team_database: TeamDatabase) -> VaultDatabaseEngine:
    team_database.upgrade()
    configure(unmounted, team_database)
    return unmounted


def configure(engine: VaultDatabaseEngine, database: TeamDatabase) -> None:
    database.as_maker()
    engine.configure(url=database.address, username=MAKER, password=Secret(MAKERS_PASSWORD))


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("postgresql://db.example/opskit", f"postgresql://{USER}db.example/opskit"),
        ("postgresql+psycopg://db:5433/opskit", f"postgresql://{USER}db:5433/opskit"),
        (
            "postgresql://db/opskit?sslmode=verify-full",
            f"postgresql://{USER}db/opskit?sslmode=verify-full",
        ),
    ],
)
def test_the_address_gets_places_for_the_user(given: str, sent: str) -> None:
    assert connection_url(given) == sent


@pytest.mark.parametrize(
    "url",
    [
        "db.example/opskit",
        "postgresql://db.example",
        "mysql://db.example/opskit",
        "sqlite:///opskit.db",
        "postgresql://opskit_vault:geheim@db.example/opskit",
        "postgresql://opskit_vault@db.example/opskit",
    ],
)
def test_an_address_with_a_user_or_of_something_else_is_refused(url: str) -> None:
    with pytest.raises(InvalidError) as caught:
        connection_url(url)
    assert "geheim" not in caught.value.message + caught.value.hint


def test_told_again_it_is_the_same(
    root: SafeClient, engine: VaultDatabaseEngine, team_database: TeamDatabase
) -> None:
    before = what_the_safe_knows(root)
    configure(engine, team_database)
    assert what_the_safe_knows(root) == before
    assert VaultProvisioner(root).plan() == []


@pytest.mark.usefixtures("engine")
def test_a_login_made_otherwise_is_drift_and_is_mended(root: SafeClient) -> None:
    before = what_the_safe_knows(root)
    made = ["CREATE ROLE \"{{name}}\" SUPERUSER LOGIN PASSWORD '{{password}}'"]
    path = f"/v1/{MOUNT}/roles"
    root.api.adapter.post(f"{path}/agent", json={"creation_statements": made})
    root.api.adapter.delete(f"{path}/sales")
    provisioner = VaultProvisioner(root)
    drifts = provisioner.plan()
    assert [(drift.what, drift.problem) for drift in drifts] == [
        ("database roles", "not as they should be: sales agent")
    ]
    provisioner.apply(drifts)
    assert provisioner.plan() == []
    assert what_the_safe_knows(root) == before


def test_where_nothing_was_told_nothing_differs(root: SafeClient) -> None:
    assert VaultProvisioner(root).plan() == []


def test_after_a_rotation_only_the_safe_knows_the_password(
    root: SafeClient, engine: VaultDatabaseEngine, team_database: TeamDatabase
) -> None:
    question = f"SELECT rolpassword FROM pg_authid WHERE rolname = '{MAKER}'"
    before = team_database.ask(question)
    engine.rotate()
    after = team_database.ask(question)
    assert after != before
    assert after[0].startswith("SCRAM-SHA-256$")
    assert root.api.adapter.get(f"/v1/{MOUNT}/creds/agent")["data"]["username"]
    assert MAKERS_PASSWORD not in str(what_the_safe_knows(root))


@pytest.mark.parametrize("address", ["postgresql://127.0.0.1:1/opskit", ""])
def test_a_database_that_does_not_let_the_safe_in_is_explained_without_the_password(
    unmounted: VaultDatabaseEngine, team_database: TeamDatabase, address: str
) -> None:
    url = address or team_database.address
    with pytest.raises(InvalidError) as caught:
        unmounted.configure(url=url, username=MAKER, password=Secret("geheim"))
    assert "cannot use the database" in caught.value.message
    assert "geheim" not in caught.value.message + caught.value.hint


@pytest.mark.usefixtures("unmounted")
def test_another_engine_in_its_place_is_left_alone(
    root: SafeClient, team_database: TeamDatabase
) -> None:
    root.api.sys.enable_secrets_engine("kv", path=MOUNT)
    with pytest.raises(UnmendableDriftError):
        configure(VaultDatabaseEngine(root), team_database)
    mounted = root.api.sys.list_mounted_secrets_engines()["data"][f"{MOUNT}/"]
    assert mounted["type"] == "kv"


def test_only_an_admin_can(
    connection: Connection, person: People, team_database: TeamDatabase
) -> None:
    safe = SafeClient(connection, person("safe-keeper", "manager").token)
    with pytest.raises(DeniedError, match="admin"):
        configure(VaultDatabaseEngine(safe), team_database)


def what_the_safe_knows(root: SafeClient) -> dict[str, object]:
    paths = ["config/opskit", *(f"roles/{role}" for role in ROLES)]
    return {path: root.api.adapter.get(f"/v1/{MOUNT}/{path}")["data"] for path in paths}
