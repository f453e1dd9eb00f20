"""A team's PostgreSQL, prepared by its keeper with the very statements of docs/setup.md."""

import re
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from opskit.core.db import open_engine
from opskit.migrations import migrate
from opskit.migrations.grants import give_rights
from tests.support.database import running_postgres

SETUP = Path(__file__).parent.parent.parent / "docs" / "setup.md"
MAKER, MAKERS_PASSWORD = "opskit_vault", "for the next two steps"
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class TeamDatabase:
    """The database as its keeper reaches it."""

    keeper: URL

    def as_maker(self) -> URL:
        """As the user in whose name the safe works, who has the first password again."""
        self.ask(f"ALTER ROLE {MAKER} PASSWORD '{MAKERS_PASSWORD}'")
        return self.as_user(MAKER, MAKERS_PASSWORD)

    def upgrade(self) -> None:
        """As the first `opskit upgrade`: tables, group roles and their rights."""
        engine = open_engine(self.as_maker())
        migrate(engine)
        assert give_rights(engine) == ()
        engine.dispose()

    def as_user(self, name: str, password: str) -> URL:
        return self.keeper.set(username=name, password=password)

    @property
    def address(self) -> str:
        """As the safe and the people of the team know it: without a user."""
        keeper = self.keeper
        plain = URL.create("postgresql", database=keeper.database, query=keeper.query)
        return plain.render_as_string()

    def ask(self, question: str) -> list[str]:
        """The first column of what the keeper is answered."""
        engine = create_engine(self.keeper, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            answer = connection.execute(text(question))
            rows = [str(row[0]) for row in answer] if answer.returns_rows else []
        engine.dispose()
        return rows

    def users(self) -> list[str]:
        """Who can log in just now because the safe made them."""
        return self.ask("SELECT rolname FROM pg_roles WHERE rolname LIKE 'v-%' ORDER BY 1")

    def has_dropped(self, usernames: Collection[str]) -> bool:
        """Wait until the safe has: it drops them after it has answered."""
        deadline = time.monotonic() + PATIENCE
        while not set(usernames).isdisjoint(self.users()):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True


@pytest.fixture(scope="session")
def team_database() -> Iterator[TeamDatabase]:
    """Without tables yet, on a server of its own: group roles belong to a whole server."""
    with running_postgres() as server:
        demand_passwords(TeamDatabase(server))
        for statement in preparation():
            TeamDatabase(server).ask(statement)
        yield TeamDatabase(server.set(database="opskit"))


def demand_passwords(database: TeamDatabase) -> None:
    """Of everybody but the keeper; the wheel's server believes everyone."""
    (rules,) = database.ask("SHOW hba_file")
    keeper = database.keeper.username
    Path(rules).write_text(
        f"local all {keeper} trust\nlocal all all scram-sha-256\n", encoding="ascii"
    )
    database.ask("SELECT pg_reload_conf()")


def preparation() -> list[str]:
    """What docs/setup.md has the keeper type."""
    block = re.search(r"```sql\n(.*?)```", SETUP.read_text(encoding="utf-8"), re.DOTALL)
    assert block
    return [line.strip().removesuffix(";") for line in block[1].strip().splitlines()]
