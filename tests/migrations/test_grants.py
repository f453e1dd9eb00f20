"""What PostgreSQL itself lets each role do with a team's tables, whatever opskit says."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from opskit.core import events, intents, numbers
from opskit.core.database_roles import PRECEDENCE, database_role, leading_role
from opskit.core.db import Base, open_engine, snapshot, transaction
from opskit.core.errors import DeniedError
from opskit.core.identity import ROLES, Identity
from opskit.migrations import grants, load_tables
from opskit.migrations.grants import VERSION_TABLE, give_rights, rights
from tests.conftest import NOW
from tests.support.team import TeamDatabase

load_tables()
TABLES = [*Base.metadata.tables, VERSION_TABLE]
WRITERS = [role for role in ROLES if role != "auditor"]


@pytest.fixture(scope="module")
def maker(team_database: TeamDatabase) -> Iterator[Engine]:
    """In whose name the safe works, and the first upgrade; tables and roles are made."""
    team_database.upgrade()
    engine = open_engine(team_database.as_maker())
    yield engine
    engine.dispose()


@pytest.fixture
def as_role(maker: Engine, team_database: TeamDatabase) -> Iterator[Connection]:
    """A connection in which the test becomes a group role; nothing it does stays."""
    engine = open_engine(team_database.keeper)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def become(connection: Connection, role: str) -> None:
    connection.execute(text(f"SET ROLE {database_role(role)}"))


def test_every_role_has_its_place_in_the_order() -> None:
    assert sorted(PRECEDENCE) == sorted(ROLES)
    assert leading_role(frozenset(ROLES)) == "admin"
    assert leading_role(frozenset({"auditor", "agent"})) == "agent"
    assert leading_role(frozenset()) is None


def test_what_the_table_of_rights_says() -> None:
    assert {right for role in ROLES for table in TABLES for right in rights(role, table)} == {
        *("SELECT", "INSERT", "UPDATE")
    }
    assert {right for table in TABLES for right in rights("auditor", table)} == {"SELECT"}
    for role in WRITERS:
        assert rights(role, "core_event") == rights(role, "licenses_record") == ("SELECT", "INSERT")
        assert rights(role, "core_event_head") == ("SELECT", "INSERT", "UPDATE")


@pytest.mark.usefixtures("maker")
def test_the_database_holds_exactly_that(team_database: TeamDatabase) -> None:
    asked = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
    found = {
        (role, table): tuple(
            right
            for right in asked
            if team_database.ask(
                f"SELECT has_table_privilege('{database_role(role)}', '{table}', '{right}')"
            )
            == ["True"]
        )
        for role in ("agent", "admin", "auditor")
        for table in TABLES
    }
    assert found == {key: rights(*key) for key in found}


@pytest.mark.usefixtures("maker")
def test_the_tables_belong_to_the_owner_and_nobody_logs_in_as_a_group(
    team_database: TeamDatabase,
) -> None:
    owners = team_database.ask(
        "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname='public'"
    )
    assert owners == ["opskit_owner"]
    groups = ", ".join(f"'{database_role(role)}'" for role in ROLES)
    logins = team_database.ask(
        f"SELECT DISTINCT rolcanlogin FROM pg_roles WHERE rolname IN ({groups})"
    )
    assert logins == ["False"]


@pytest.mark.parametrize("role", WRITERS)
def test_a_writer_can_do_what_the_services_do(as_role: Connection, role: str) -> None:
    actor = Identity("e-1", "somebody", frozenset({role}))
    become(as_role, role)
    with Session(as_role) as session:
        events.record(session, actor=actor, at=NOW, action="tried", subject="rights")
        assert numbers.next_number(session, "R") == 1
        intent = intents.begin(session, kind="try", subject="x", data={}, at=NOW, actor=actor)
        intents.finish(session, intent, at=NOW)
        session.flush()
        assert events.verify_chain(session).faults == ()


@pytest.mark.parametrize("role", WRITERS)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_event SET action = 'other'",
        "UPDATE licenses_record SET client = 'OTHER'",
        "UPDATE checklists_template SET body = ''",
        "UPDATE alembic_version SET version_num = '0'",
        "DELETE FROM core_event",
        "DELETE FROM core_event_head",
        "DELETE FROM licenses_record",
        "DELETE FROM clients_client",
        "TRUNCATE core_event",
        "DROP TABLE core_event",
        "CREATE TABLE mine (id INTEGER)",
        "SET ROLE opskit_owner; DELETE FROM core_event",
    ],
)
def test_what_no_writer_can_do(as_role: Connection, role: str, statement: str) -> None:
    team = as_role
    team.execute(text(f"SET SESSION AUTHORIZATION {database_role(role)}"))
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        team.execute(text(statement))


@pytest.mark.parametrize("table", TABLES)
def test_an_auditor_only_reads(as_role: Connection, table: str) -> None:
    become(as_role, "auditor")
    as_role.execute(text(f"SELECT * FROM {table}"))
    for statement in (f"INSERT INTO {table} DEFAULT VALUES", f"SELECT * FROM {table} FOR UPDATE"):
        with pytest.raises(ProgrammingError, match="permission denied"), as_role.begin_nested():
            as_role.execute(text(statement))


def test_a_right_given_by_hand_is_taken_back(maker: Engine, team_database: TeamDatabase) -> None:
    team_database.ask("GRANT DELETE ON core_event TO opskit_agent")
    assert give_rights(maker) == ()
    question = "SELECT has_table_privilege('opskit_agent', 'core_event', 'DELETE')"
    assert team_database.ask(question) == ["False"]


@pytest.mark.usefixtures("maker")
def test_who_is_not_the_owner_changes_nothing(
    team_database: TeamDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    team_database.ask("CREATE ROLE somebody LOGIN PASSWORD 'pw' IN ROLE opskit_agent")
    somebody = open_engine(team_database.as_user("somebody", "pw"))
    assert give_rights(somebody) == ()
    monkeypatch.setattr(grants, "ROLES", (*ROLES, "pilot"))
    assert give_rights(somebody) == ("opskit_pilot",)
    with pytest.raises(DeniedError, match="permission denied"), transaction(somebody) as session:
        session.execute(text("DELETE FROM core_event"))
    with snapshot(somebody) as session:
        assert session.execute(text("SELECT current_user")).scalar() == "somebody"
    somebody.dispose()
    team_database.ask("DROP ROLE somebody")


def test_an_owner_who_may_not_make_roles_says_which_are_missing(
    maker: Engine, team_database: TeamDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grants, "ROLES", (*ROLES, "pilot"))
    team_database.ask("ALTER ROLE opskit_owner NOCREATEROLE")
    assert give_rights(maker) == ("opskit_pilot",)
    team_database.ask("ALTER ROLE opskit_owner CREATEROLE")
    assert give_rights(maker) == ()
    team_database.ask("DROP OWNED BY opskit_pilot")
    team_database.ask("DROP ROLE opskit_pilot")


def test_a_file_knows_no_roles(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        assert give_rights(engine) == ()
