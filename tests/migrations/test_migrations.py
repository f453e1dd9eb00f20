"""The migrated schema is the one that the models declare, on both dialects."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Engine, Integer, Table, inspect, select, text

import opskit.migrations
from onboarding.models import Consultant
from opskit.checklists.models import Run, Step
from opskit.clients.models import Client, FreezePeriod
from opskit.core.db import (
    SCHEMA_REVISION,
    Base,
    open_engine,
    snapshot,
    sqlite_url,
    stored_revision,
    transaction,
)
from opskit.core.errors import UnavailableError
from opskit.core.numbers import next_number
from opskit.migrations import TABLES, load_tables, migrate
from opskit.patches.models import Preparation
from tests.migrations.old_rows import FREEZE, OLD_COMPANY, OLD_DEPARTURES, OLD_FACTS, OLD_RUN
from tests.support.database import new_database
from tests.support.home import sealed_environment
from tests.test_architecture import PACKAGES, ROOT

UPGRADE = """
import sys
from opskit.core.db import open_engine
from opskit.migrations import migrate
migrate(open_engine(sys.argv[1]))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without a table."""
    if request.param == "sqlite":
        engine = open_engine(sqlite_url(tmp_path / "empty.db"))
    else:
        engine = open_engine(new_database(request.getfixturevalue("postgres_server")))
    yield engine
    engine.dispose()


def revision(engine: Engine) -> str | None:
    with snapshot(engine) as session:
        return stored_revision(session)


def differences(engine: Engine) -> list[object]:
    load_tables()
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, Base.metadata))


def script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(opskit.migrations.__file__).parent))
    return ScriptDirectory.from_config(config)


def test_the_migrated_schema_is_the_models(empty: Engine) -> None:
    migrate(empty)
    assert differences(empty) == []


def test_a_table_that_no_migration_makes_is_noticed(empty: Engine) -> None:
    """The comparison above can fail."""
    migrate(empty)
    forgotten = Table("forgotten", Base.metadata, Column("id", Integer, primary_key=True))
    try:
        assert len(differences(empty)) == 1
    finally:
        Base.metadata.remove(forgotten)


def test_every_foreign_key_and_index_is_there(empty: Engine) -> None:
    migrate(empty)
    load_tables()
    found = inspect(empty)
    for table in Base.metadata.sorted_tables:
        keys = {tuple(key["constrained_columns"]) for key in found.get_foreign_keys(table.name)}
        assert keys == {tuple(key.column_keys) for key in table.foreign_key_constraints}
        names = {each["name"] for each in found.get_indexes(table.name)}
        assert {index.name for index in table.indexes} <= names


def test_the_program_wants_the_newest_revision() -> None:
    assert script().get_heads() == [SCHEMA_REVISION]


def test_revisions_follow_each_other_by_name() -> None:
    """`require_schema` tells older from newer by comparing the names."""
    history = [each.revision for each in script().walk_revisions()]
    assert history == sorted(history, reverse=True)
    assert {len(each) for each in history} == {len(SCHEMA_REVISION)}


def test_every_module_with_a_table_is_known() -> None:
    declared = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        if "__tablename__ =" in file.read_text(encoding="utf-8")
    }
    assert set(TABLES) == declared


def test_an_upgrade_twice_changes_nothing(empty: Engine) -> None:
    migrate(empty)
    with transaction(empty) as session:
        next_number(session, "R")
    migrate(empty)
    assert revision(empty) == SCHEMA_REVISION
    with transaction(empty) as session:
        assert next_number(session, "R") == 2


def upgrade_to(engine: Engine, wanted: str) -> None:
    with engine.connect() as connection, connection.begin():
        config = Config()
        config.set_main_option("script_location", str(Path(opskit.migrations.__file__).parent))
        config.attributes["connection"] = connection
        command.upgrade(config, wanted)
    assert revision(engine) == wanted


def test_a_database_of_the_first_revision_keeps_what_it_holds(empty: Engine) -> None:
    upgrade_to(empty, "0001")
    with transaction(empty) as session:
        next_number(session, "R")
    migrate(empty)
    assert revision(empty) == SCHEMA_REVISION
    assert differences(empty) == []
    with transaction(empty) as session:
        assert next_number(session, "R") == 2


def test_several_upgrades_at_once(empty: Engine) -> None:
    url = empty.url.render_as_string(hide_password=False)
    people = [
        subprocess.Popen(
            [sys.executable, "-c", UPGRADE, url], stderr=subprocess.PIPE, env=sealed_environment()
        )
        for _person in range(3)
    ]
    try:
        complaints = [person.communicate(timeout=30)[1].decode() for person in people]
    finally:
        for person in people:
            person.kill()
    assert complaints == [""] * 3
    assert revision(empty) == SCHEMA_REVISION
    assert differences(empty) == []


def test_an_upgrade_that_fails_in_the_middle_leaves_nothing(empty: Engine) -> None:
    load_tables()
    last = Base.metadata.sorted_tables[-1]
    with empty.connect() as connection, connection.begin():
        connection.exec_driver_sql(f"CREATE TABLE {last.name} (id INTEGER)")
    with pytest.raises(Exception, match="already exists"):
        migrate(empty)
    assert inspect(empty).get_table_names() == [last.name]
    assert revision(empty) is None


def test_an_upgrade_of_a_locked_database_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sqlite_url(tmp_path / "opskit.db")
    holder = open_engine(url)
    migrate(holder)
    monkeypatch.setattr("opskit.core.db.BUSY_SECONDS", 0.05)
    hurried = open_engine(url)
    with transaction(holder) as session:
        next_number(session, "R")
        with pytest.raises(UnavailableError, match="database is locked"):
            migrate(hurried)
    holder.dispose()
    hurried.dispose()


def test_a_run_under_way_goes_on_after_the_steps_moved(empty: Engine) -> None:
    """Revision 0005 takes apart what a step asks and what was answered."""
    upgrade_to(empty, "0004")
    with empty.connect() as connection, connection.begin():
        for statement in OLD_RUN:
            connection.execute(text(statement), OLD_FACTS)
    migrate(empty)
    with transaction(empty) as session:
        run = session.scalars(select(Run)).one()
        assert (run.name, run.title.fr, run.about) == ("P1", "Liste", {})
        (step,) = run.steps
        assert (step.key, step.state, step.answer, step.failures) == ("note", "done", "240 GB", 0)
        assert (step.asked.text.en, step.asked.recheck.value) == ("Note", "before-go")
        assert (step.due_on, step.settled_at) == (date(2027, 1, 6), step.answered_at)


def test_a_filled_database_keeps_its_clients_people_and_runs(empty: Engine) -> None:
    """Beside the run above: one that has ended, a consultant's, and their clients and people."""
    upgrade_to(empty, "0004")
    with empty.connect() as connection, connection.begin():
        for statement in (*OLD_RUN, *OLD_COMPANY):
            connection.execute(text(statement), OLD_FACTS)
    migrate(empty)
    assert differences(empty) == []
    with transaction(empty) as session:
        assert session.get_one(Client, "DELEZE").canton == "BE"
        assert session.scalars(select(Consultant.run_number)).all() == [1]
        runs = session.scalars(select(Run).order_by(Run.id)).all()
        assert [(run.name, run.state) for run in runs] == [
            *(("P1", "open"), ("P2", "closed"), ("O1", "open"))
        ]
        prepared = session.scalars(select(Preparation).order_by(Preparation.run_id)).all()
        assert [(each.run_id, each.client, each.version) for each in prepared] == [
            *((7, "DELEZE", "12.4"), (8, "DELEZE", "12.3"))
        ]
        steps = session.scalars(select(Step).order_by(Step.run_id)).all()
        assert [(step.run_id, step.state, step.settled_at is None) for step in steps] == [
            *((7, "done", False), (8, "waived", False), (9, "ready", True))
        ]
        assert next_number(session, "P") == 1  # as nobody counted here before
        session.add(FreezePeriod(**FREEZE))


def test_the_list_of_a_departure_to_come_is_confidential(empty: Engine) -> None:
    """Revision 0007: so is that of one that was taken back; of who has left everybody may read."""
    upgrade_to(empty, "0006")
    with empty.connect() as connection, connection.begin():
        for statement in OLD_DEPARTURES:
            connection.execute(text(statement), OLD_FACTS)
    migrate(empty)
    with snapshot(empty) as session:
        found = {run.name: run.is_confidential for run in session.scalars(select(Run))}
    assert found == {"K1": True, "K2": True, "K3": False, "K4": False}
