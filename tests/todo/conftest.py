"""A kitchen of the module, and one mail server a test."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.home import House, copy_of
from tests.support.mail_server import PostOffice, post_office
from tests.todo.kitchen import Kitchen, mail_goes_to, settle_in


@pytest.fixture(scope="module")
def house(house_pattern: House) -> Iterator[House]:
    with copy_of(house_pattern) as house:
        settle_in(house)
        yield house


@pytest.fixture
def kitchen(house: House, capsys: pytest.CaptureFixture[str]) -> Kitchen:
    """On whose shelf nothing stands yet, and of which nobody was reminded."""
    house.login("alice")
    with closing(sqlite3.connect(house.home.database_file)) as database, database:
        database.execute("DELETE FROM todo_reminder")
    return Kitchen(house, capsys)


@pytest.fixture
def office(kitchen: Kitchen, tmp_path: Path) -> Iterator[PostOffice]:
    with post_office(tmp_path, "starttls") as office, mail_goes_to(kitchen, office):
        yield office
