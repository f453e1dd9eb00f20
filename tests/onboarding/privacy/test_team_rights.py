"""In a team's database PostgreSQL itself lets an admin take names away, and nothing else."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from onboarding.models import ConsultantState
from onboarding.privacy.forgetting import forget
from onboarding.services.own_steps import OwnStep, add_own_step
from opskit.checklists.models import Definition
from opskit.core.business_days import PUBLIC
from opskit.core.database_roles import database_role
from opskit.core.db import open_engine
from opskit.core.events import verify_chain
from opskit.migrations.grants import ERASABLE, give_rights
from opskit.wiring.personal_records import RecordsOfTheHouse
from tests.onboarding.walkers import ADMIN, AT, person, walk
from tests.support.team import TeamDatabase


@pytest.fixture
def connection(team_database: TeamDatabase) -> Iterator[Connection]:
    """As somebody who may become any role; nothing stays."""
    team_database.upgrade()
    maker = open_engine(team_database.as_maker())
    assert give_rights(maker) == ()
    maker.dispose()
    engine = open_engine(team_database.keeper)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def become(connection: Connection, role: str) -> None:
    connection.execute(text(f"SET ROLE {database_role(role)}"))


def test_an_admin_erases(connection: Connection) -> None:
    become(connection, "admin")
    with Session(connection) as session:
        maria = person(session, "mruiz", "Maria Ruiz")
        zoe = walk(session, person(session, "zdeleze", "Zoé Délèze", "consultant"), maria)
        wish = OwnStep("Zoé Délèze sees the doctor", zoe.run.anchor_on)
        add_own_step(session, walk=zoe, wish=wish, calendar=PUBLIC, at=AT, actor=ADMIN)
        zoe.consultant.state = ConsultantState.LEFT
        session.flush()
        texts = RecordsOfTheHouse().texts()
        forget(session, zoe.person, at=AT, actor=ADMIN, elsewhere=texts)
        assert "doctor" not in " ".join(session.scalars(select(Definition.body)))
        assert zoe.person.login.startswith("erased-")
        assert verify_chain(session).faults == ()


@pytest.mark.parametrize("role", ["agent", "manager", "auditor"])
@pytest.mark.parametrize("table", sorted(ERASABLE))
def test_nobody_else_takes_a_name_away(connection: Connection, role: str, table: str) -> None:
    become(connection, role)
    with pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(f"UPDATE {table} SET {ERASABLE[table][0]} = NULL"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_event SET hash = ''",
        "UPDATE core_event SET personal_digest = ''",
        "UPDATE checklists_decision SET proofs = '[]'",
        "UPDATE onboarding_rating SET level = 4",
    ],
)
def test_an_admin_changes_nothing_that_proves_something(
    connection: Connection, statement: str
) -> None:
    become(connection, "admin")
    with pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(statement))
