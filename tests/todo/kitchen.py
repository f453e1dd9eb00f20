"""A house with a small team, in which exactly these things wait, on exactly this day."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from opskit.core.cliapp import run
from opskit.core.config import Settings, load_settings
from opskit.core.context import AppContext
from opskit.core.errors import OpsError
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.core.todo import TodoItem, TodoSources
from opskit.todo import cli, remind_cli
from tests.conftest import NOW
from tests.support.home import House, Result
from tests.support.mail_server import HOST, PostOffice

STAFF = """\
login,name,email,role,pole,site,language
nora,Nora Weber,nora@opskit.example,sales,logistics,Lausanne,en
max,Max Rey,max@opskit.example,sales,back-office,Sonceboz,fr
bob,Bob Aubert,bob@opskit.example,agent,logistics,Sonceboz,de
"""


class Shelf:
    """Has these items, in the words of who asks; or is out of reach."""

    def __init__(self, items: Sequence[TodoItem], error: OpsError | None = None) -> None:
        self._items, self._error = items, error

    @property
    def label(self) -> str:
        return "the shelf"

    def items(self, session: object, **_days: object) -> Sequence[TodoItem]:
        del session
        if self._error is not None:
            raise self._error
        return [replace(item, what=_(item.what)) for item in self._items]


@dataclass
class Kitchen:
    """Types commands about what stands on the shelf."""

    house: House
    capsys: pytest.CaptureFixture[str]
    items: list[TodoItem] = field(default_factory=list)
    error: OpsError | None = None
    settings: Settings = field(default_factory=Settings)
    now: datetime = NOW
    actor: Identity | None = None  # else whoever is logged in

    def todo(self, *words: object) -> Result:
        return self._type(cli.app, words)

    def remind(self, *words: object) -> Result:
        return self._type(remind_cli.app, words)

    def days_go_by(self, days: int) -> None:
        self.now += timedelta(days=days)

    def context(self) -> AppContext:
        real = self.house.context()

        def plug(port: Any) -> Any:
            if port is not TodoSources:
                return real.plug(port)
            shelves = [Shelf(self.items)]
            return TodoSources([*shelves, *([Shelf((), self.error)] if self.error else [])])

        actor = self.actor
        return replace(
            real,
            plug=plug,
            now=lambda: self.now,
            settings=self.settings,
            identity=real.identity if actor is None else lambda: actor,
        )

    def _type(self, app: Any, words: Sequence[object]) -> Result:
        self.capsys.readouterr()
        code = run(app, [str(word) for word in words], obj=self.context())
        said = self.capsys.readouterr()
        return Result(code, said.out, said.err)


@contextmanager
def address_of(kitchen: Kitchen, login: str, address: str) -> Iterator[None]:
    """For a while this person's mail goes there."""
    file = kitchen.house.home.database_file
    change = "UPDATE staff_person SET email = ? WHERE login = ?"
    with closing(sqlite3.connect(file)) as database:
        query = "SELECT email FROM staff_person WHERE login = ?"
        (before,) = database.execute(query, (login,)).fetchone()
        with database:
            database.execute(change, (address, login))
        try:
            yield
        finally:
            with database:
                database.execute(change, (before, login))


def settle_in(house: House) -> None:
    """The team moves in."""
    table = house.folder.parent / "team.csv"
    table.write_text(STAFF, "utf-8")
    house.done("staff", "import", table)


@contextmanager
def mail_goes_to(kitchen: Kitchen, office: PostOffice) -> Iterator[None]:
    before = kitchen.settings
    kitchen.settings = replace(
        load_settings(kitchen.house.home),
        mail_server=HOST,
        mail_port=office.port,
        mail_from="opskit@vendor.example",
        mail_ca_file=office.ca_file,
        support_name="Customer Services",
    )
    yield
    kitchen.settings = before
