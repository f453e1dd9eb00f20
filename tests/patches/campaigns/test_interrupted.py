"""A campaign that is killed in the middle leaves nothing; two at once do not get mixed up."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from opskit.checklists.models import PublishedTemplate, Run, Step
from opskit.clients.models import Client
from opskit.core.business_days import PUBLIC
from opskit.core.db import open_engine, snapshot, sqlite_url, transaction
from opskit.core.errors import ConflictError
from opskit.core.events import Event, verify_chain
from opskit.core.numbers import Counter
from opskit.migrations import migrate
from opskit.patches import services
from opskit.patches.models import Campaign, Preparation
from tests.patches.campaigns.companies import AT, BOB, FIRST, add_client, created, wish
from tests.support.database import new_database
from tests.support.home import sealed_environment
from tests.test_architecture import ROOT

CLIENTS = 60
KILLED = """
import os, signal, sys
from opskit.clients.models import Client
from opskit.core.business_days import PUBLIC
from opskit.core.db import open_engine, transaction
from tests.patches.campaigns.companies import created, wish
with transaction(open_engine(sys.argv[1])) as session:
    created(session, wish(capacity="40/week"))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of this test alone, with clients in it."""
    if request.param == "sqlite":
        engine = open_engine(sqlite_url(tmp_path / "opskit.db"))
    else:
        engine = open_engine(new_database(request.getfixturevalue("postgres_server")))
    migrate(engine)
    with transaction(engine) as session:
        for at in range(CLIENTS):
            add_client(session, f"C{at:03}", number=at + 1)
    yield engine
    engine.dispose()


def counts(engine: Engine) -> dict[str, int]:
    tables = (Campaign, Preparation, Run, Step, Event, PublishedTemplate, Counter)
    with snapshot(engine) as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables
        }


def test_killed_in_the_middle(database: Engine) -> None:
    before = counts(database)
    address = database.url.render_as_string(hide_password=False)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, address], cwd=ROOT, env=sealed_environment(), check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert counts(database) == before
    with transaction(database) as session:
        assert created(session, wish(capacity="40/week")).name == "C1"
    assert counts(database)["checklists_step"] == CLIENTS * 19


def test_two_at_once(database: Engine) -> None:
    """The second one waits, and finds nobody left."""

    def attempt(_number: int) -> str:
        try:
            with transaction(database) as session:
                return created(session, wish(capacity="40/week")).name
        except ConflictError as err:
            return err.message

    with ThreadPoolExecutor(2) as people:
        outcomes = sorted(people.map(attempt, range(2)))
    assert outcomes == [
        "C1",
        "nobody needs 12.4: those clients run it, or are being prepared",
    ]
    assert counts(database)["patches_preparation"] == CLIENTS
    with snapshot(database) as session:
        assert verify_chain(session).faults == ()


def test_a_preparation_that_begins_meanwhile_is_seen(database: Engine) -> None:
    """Somebody prepares C000 and has not committed: the campaign waits, and leaves it out."""
    with ThreadPoolExecutor(1) as people:
        with transaction(database) as session:
            client = session.get_one(Client, "C000", with_for_update=True)
            services.prepare(
                session,
                client=client,
                version="12.4",
                on=FIRST,
                template=services.shipped_template(),
                calendar=PUBLIC,
                ticket=None,
                at=AT,
                actor=BOB,
            )
            making = people.submit(_made, database)
            time.sleep(0.3)
            assert not making.done()
        making.result(timeout=20)
    with snapshot(database) as session:
        whose = select(Preparation.client).where(Preparation.campaign == 1)
        assert "C000" not in session.scalars(whose).all()
    assert counts(database)["patches_preparation"] == CLIENTS


def _made(engine: Engine) -> None:
    with transaction(engine) as session:
        created(session, wish(capacity="40/week"))
