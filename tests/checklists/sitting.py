"""Whoever sits before a database with registers of their own, as a command sees it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.checks import Check
from opskit.checklists.models import Run
from opskit.core.config import Home, Settings
from opskit.core.context import AppContext
from opskit.core.db import snapshot, transaction
from opskit.core.identity import Identity
from tests.checklists.samples import ALICE, AT, Registers


class Plugged:
    """The registers as wiring plugs them in."""

    def __init__(self, registers: Registers) -> None:
        self._registers = registers

    def names(self) -> frozenset[str]:
        return frozenset(self._registers.findings)

    def checks(self) -> Mapping[str, Check]:
        return self._registers.checks()


def sitting(engine: Engine, source: Plugged, who: Identity = ALICE) -> AppContext:
    """What a command of this person is given."""

    @contextmanager
    def write() -> Iterator[Session]:
        with transaction(engine) as session:
            yield session

    @contextmanager
    def look() -> Iterator[Session]:
        with snapshot(engine) as session:
            yield session

    def plug(_port: type[Any]) -> Any:
        return source

    return AppContext(
        home=Home(Path("nowhere")),
        settings=Settings(),
        now=lambda: AT,
        identity=lambda: who,
        transaction=write,
        snapshot=look,
        plug=plug,
    )


def find(session: Session, number: str, _actor: Identity) -> Run:
    return services.find_run(session, kind="patch", number=int(number))
