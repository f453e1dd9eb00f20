"""Short-lived logins of the real OpenBao to the real PostgreSQL: made, kept, renewed, dropped."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from opskit.core.database_errors import explaining
from opskit.core.database_roles import database_role
from opskit.core.db import open_engine
from opskit.core.errors import DeniedError, OpsError, UnavailableError
from opskit.core.identity import ROLES
from opskit.core.secret import Secret
from opskit.migrations import migrate
from opskit.migrations.grants import give_rights
from tests.conftest import NOW
from tests.support.team import MAKER, MAKERS_PASSWORD, TeamDatabase
from tests.vault.conftest import People
from tests.vault.login.test_session import Kept
from vault.errors import LoginNeededError
from vault.login.session import look_up
from vault.ports import Connection, Login
from vault.provisioning.database_engine import VaultDatabaseEngine
from vault.provisioning.database_logins import ENOUGH, MOUNT, VaultDatabaseLogins
from vault.provisioning.policy_texts import policy_text
from vault.store.hvac_client import SafeClient
from vault.store.lean_store import open_http


@pytest.fixture(scope="module")
def database(root: SafeClient, team_database: TeamDatabase) -> Iterator[TeamDatabase]:
    """The team's database, to which the safe makes logins."""
    team_database.upgrade()
    VaultDatabaseEngine(root).configure(
        url=team_database.address, username=MAKER, password=Secret(MAKERS_PASSWORD)
    )
    yield team_database
    root.api.sys.disable_secrets_engine(MOUNT)


@dataclass
class Laptop:
    """Where somebody works: what it keeps, and what time it is."""

    connection: Connection
    token: Kept
    kept: Kept = field(default_factory=lambda: Kept(None))
    at: datetime = NOW
    mount: str = MOUNT

    def logins(self) -> VaultDatabaseLogins:
        """As a new command finds them."""
        return VaultDatabaseLogins(
            Login(self.connection, self.token),
            self.kept,
            mount=self.mount,
            roles=self._roles,
            now=lambda: self.at,
        )

    def log_out(self, root: SafeClient) -> None:
        token = self.token.load()
        assert token
        root.api.auth.token.revoke(token.reveal())

    def _roles(self) -> frozenset[str]:
        with open_http(self.connection, self.token.load()) as http:
            return look_up(http).identity.roles


@pytest.fixture
def laptop(connection: Connection, person: People) -> Callable[..., Laptop]:
    """Makes somebody with these roles, and a laptop on which they are logged in."""
    return lambda *roles: Laptop(connection, Kept(person(*roles).token))


@contextmanager
def at_work(database: TeamDatabase, laptop: Laptop) -> Iterator[Engine]:
    engine = open_engine(database.address)
    laptop.logins().serve(engine)
    yield engine
    engine.dispose()


def asked(engine: Engine, question: str) -> object:
    with engine.connect() as connection:
        return connection.execute(text(question)).scalar()


@pytest.mark.parametrize("role", ROLES)
def test_everybody_works_as_a_user_of_their_own_with_the_rights_of_the_role(
    database: TeamDatabase, laptop: Callable[..., Laptop], role: str
) -> None:
    theirs = laptop(role)
    with at_work(database, theirs) as engine:
        assert asked(engine, "SELECT current_user") == theirs.logins().current().username
        assert asked(engine, "SELECT current_user") in database.users()
        for group in ROLES:
            question = f"SELECT pg_has_role('{database_role(group)}', 'USAGE')"
            assert asked(engine, question) is (group == role)
        question = "SELECT pg_has_role('opskit_owner', 'USAGE')"
        assert asked(engine, question) is False


def test_several_roles_are_one_login(database: TeamDatabase, laptop: Callable[..., Laptop]) -> None:
    with at_work(database, laptop("auditor", "agent", "manager")) as engine:
        assert asked(engine, "SELECT pg_has_role('opskit_manager', 'USAGE')") is True
        assert asked(engine, "SELECT pg_has_role('opskit_auditor', 'USAGE')") is False


def test_an_agent_cannot_rewrite_the_event_log(
    database: TeamDatabase, laptop: Callable[..., Laptop]
) -> None:
    with at_work(database, laptop("agent")) as engine:
        for statement in ("UPDATE core_event SET action = 'x'", "DELETE FROM core_event"):
            with pytest.raises(DeniedError, match="permission denied"), explaining():
                asked(engine, statement)


def test_an_admin_migrates_and_owns_nothing_of_it(
    root: SafeClient, database: TeamDatabase, laptop: Callable[..., Laptop]
) -> None:
    database.ask("CREATE DATABASE another OWNER opskit_owner")
    another = TeamDatabase(database.keeper.set(database="another"))
    theirs = laptop("admin")
    with at_work(another, theirs) as engine:
        migrate(engine)
        assert give_rights(engine) == ()
        with pytest.raises(DeniedError, match="permission denied"), explaining():
            asked(engine, "DELETE FROM core_event")
    tables = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
    assert another.ask(tables) == ["opskit_owner"]
    username = theirs.logins().current().username
    theirs.log_out(root)
    assert database.has_dropped([username])
    database.ask("DROP DATABASE another")


def test_a_login_is_kept_while_it_lasts(
    database: TeamDatabase, laptop: Callable[..., Laptop]
) -> None:
    theirs = laptop("agent")
    first = theirs.logins().current()
    assert first.ends_at == NOW + timedelta(hours=1)
    theirs.at = first.ends_at - ENOUGH
    assert theirs.logins().current().username == first.username
    theirs.at += timedelta(seconds=1)
    assert theirs.logins().current().username != first.username
    theirs.logins().forget()
    assert theirs.kept.load() is None


def test_another_person_does_not_get_the_kept_login(
    database: TeamDatabase, laptop: Callable[..., Laptop]
) -> None:
    theirs, mine = laptop("admin"), laptop("agent")
    username = theirs.logins().current().username
    mine.kept = theirs.kept
    assert mine.logins().current().username != username


@pytest.mark.parametrize("text", ["", "half a {", "[]", "{}", '{"ends_at": "soon"}'])
def test_what_was_kept_otherwise_counts_for_nothing(
    database: TeamDatabase, laptop: Callable[..., Laptop], text: str
) -> None:
    theirs = laptop("agent")
    theirs.kept.save(Secret(text))
    assert theirs.logins().current().username in database.users()


def test_with_the_token_the_user_of_the_database_ends(
    root: SafeClient, database: TeamDatabase, laptop: Callable[..., Laptop]
) -> None:
    theirs = laptop("agent")
    with at_work(database, theirs) as engine:
        username = str(asked(engine, "SELECT current_user"))
    theirs.log_out(root)
    assert database.has_dropped([username])
    with at_work(database, theirs) as engine, pytest.raises(LoginNeededError):
        asked(engine, "SELECT 1")


@pytest.mark.parametrize("lost", ['DROP ROLE "{}"', "ALTER ROLE \"{}\" PASSWORD 'another'"])
def test_a_login_that_the_database_refuses_is_asked_for_anew(
    database: TeamDatabase, laptop: Callable[..., Laptop], lost: str
) -> None:
    theirs = laptop("agent")
    kept = theirs.logins().current().username
    database.ask(lost.format(kept))
    with at_work(database, theirs) as engine:
        fresh = asked(engine, "SELECT current_user")
    assert fresh != kept
    assert theirs.logins().current().username == fresh


def test_a_database_that_is_away_is_asked_for_twice_and_explained(
    database: TeamDatabase, laptop: Callable[..., Laptop]
) -> None:
    theirs = laptop("agent")
    engine = open_engine("postgresql://127.0.0.1:1/opskit")
    theirs.logins().serve(engine)
    with pytest.raises(UnavailableError, match="the database does not answer"), explaining():
        asked(engine, "SELECT 1")


def test_the_password_shows_nowhere(database: TeamDatabase, laptop: Callable[..., Laptop]) -> None:
    theirs = laptop("agent")
    with at_work(database, theirs) as engine:
        asked(engine, "SELECT 1")
        login = theirs.logins().current()
        kept = theirs.kept.load()
        assert kept
        assert json.loads(kept.reveal())["password"] == login.password.reveal()
        shown = [repr(engine), repr(engine.url), repr(login), repr(kept), repr(engine.pool)]
        shown.append(engine.url.render_as_string(hide_password=False))
        assert [each for each in shown if login.password.reveal() in each] == []


def test_what_is_kept_holds_no_token(database: TeamDatabase, laptop: Callable[..., Laptop]) -> None:
    theirs = laptop("agent")
    theirs.logins().current()
    token, kept = theirs.token.load(), theirs.kept.load()
    assert token
    assert kept
    assert token.reveal() not in kept.reveal()


def refusal(laptop: Laptop) -> OpsError:
    with pytest.raises(OpsError) as caught:
        laptop.logins().current()
    return caught.value


@pytest.mark.usefixtures("database")
def test_why_there_is_no_login(laptop: Callable[..., Laptop]) -> None:
    nobody, without_role = laptop("agent"), laptop()
    nobody.token.forget()
    assert isinstance(refusal(nobody), LoginNeededError)
    assert "--role ROLE" in refusal(without_role).hint


def test_a_safe_that_was_told_nothing_of_the_database(
    root: SafeClient, laptop: Callable[..., Laptop]
) -> None:
    theirs = laptop("agent")
    allow(root, "agent", 'path "nowhere/*" { capabilities = ["read"] }')
    theirs.mount = "nowhere"
    found = refusal(theirs)
    allow(root, "agent")
    assert isinstance(found, UnavailableError)
    assert "docs/setup.md" in found.hint


@pytest.mark.usefixtures("database")
def test_a_policy_without_the_database(root: SafeClient, laptop: Callable[..., Laptop]) -> None:
    theirs = laptop("agent")
    root.api.sys.create_or_update_acl_policy("agent", "# nothing", pretty_print=False)
    found = refusal(theirs)
    allow(root, "agent")
    assert isinstance(found, DeniedError)
    assert "opskit vault provision" in found.hint


def test_a_database_without_the_group_roles(
    root: SafeClient, database: TeamDatabase, laptop: Callable[..., Laptop]
) -> None:
    database.ask("ALTER ROLE opskit_agent RENAME TO opskit_agent_away")
    found = refusal(laptop("agent"))
    database.ask("ALTER ROLE opskit_agent_away RENAME TO opskit_agent")
    assert isinstance(found, UnavailableError)
    assert 'role "opskit_agent" does not exist' in found.message


def allow(root: SafeClient, role: str, more: str = "") -> None:
    """The role's own policy, and what else."""
    root.api.sys.create_or_update_acl_policy(role, policy_text(role) + more, pretty_print=False)
