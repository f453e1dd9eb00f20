"""A safe of its own for each test, and whoever acts on it until the power fails."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.core.config import Home, Settings
from opskit.core.context import AppContext
from opskit.core.events import Event
from opskit.core.identity import Identity
from opskit.core.intents import open_intents
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret
from opskit.wiring import repair_of
from tests.conftest import NOW
from tests.vault.samples import a_client
from vault.changing.writing import CHANGED, Write, write_entry
from vault.entries import Entry, EntryRef, EntryValue, Stamps
from vault.errors import EntryNotFoundError
from vault.facts import EntryFacts
from vault.ports import EntryStore, Version
from vault.store.hvac_client import SafeClient
from vault.store.hvac_store import HvacStore

Answer = TypeVar("Answer")

BOB = Identity("e-bob", "bob", frozenset({"agent"}))
KEEPER = Identity("e-kim", "kim", frozenset({"safe-keeper"}))
FACTS = EntryFacts("database", "db.deleze.example", 1521, "SYSTEM", tags=("oracle",))
REF = EntryRef.parse("DELEZE/prod/erp-db")


class PowerCut(BaseException):
    """Nothing below can catch it, as nothing catches SIGKILL."""


@dataclass
class Power:
    """Fails after so many steps; None: never."""

    left: int | None = None

    def step(self) -> None:
        if self.left == 0:
            raise PowerCut
        if self.left is not None:
            self.left -= 1


class PoweredStore(HvacStore):
    """The real store, whose machine may fail before and after each request."""

    def __init__(self, safe: SafeClient, mount: str, power: Power) -> None:
        super().__init__(safe, mount=mount)
        self._power = power

    def read(
        self, ref: EntryRef, ticket: TicketKey | None, *, version: int | None = None
    ) -> EntryValue:
        return self._powered(lambda: HvacStore.read(self, ref, ticket, version=version))

    def write(self, ref: EntryRef, value: EntryValue) -> int:
        return self._powered(lambda: HvacStore.write(self, ref, value))

    def mirror(self, ref: EntryRef, facts: EntryFacts, stamps: Stamps) -> None:
        self._powered(lambda: HvacStore.mirror(self, ref, facts, stamps))

    def history(self, ref: EntryRef) -> list[Version]:
        return self._powered(lambda: HvacStore.history(self, ref))

    def remove(self, ref: EntryRef) -> None:
        self._powered(lambda: HvacStore.remove(self, ref))

    def undelete(self, ref: EntryRef, version: int) -> None:
        self._powered(lambda: HvacStore.undelete(self, ref, version))

    def purge(self, ref: EntryRef) -> None:
        self._powered(lambda: HvacStore.purge(self, ref))

    def _powered(self, act: Callable[[], Answer]) -> Answer:
        self._power.step()
        result = act()
        self._power.step()
        return result


@dataclass
class Office:
    """Somebody at work: a context, a store, and a database whose commits may come too late."""

    session: Session
    store: EntryStore
    power: Power
    actor: Identity = BOB

    @property
    def run(self) -> AppContext:
        return AppContext(
            home=Home(Path(os.devnull) / "home"),
            settings=Settings(),
            now=lambda: NOW,
            identity=lambda: self.actor,
            transaction=self._transaction,
            snapshot=self._transaction,
            plug=lambda _port: cast("Any", self.store),
        )

    def add(self, ref: EntryRef = REF, /, **secrets: str) -> None:
        kept = {"password": "old", **secrets}
        write = Write(ref, FACTS, {name: Secret(text) for name, text in kept.items()})
        write_entry(self.run, self.store, write)

    def change(self, ref: EntryRef = REF, /, **texts: str) -> int:
        """Change secrets of what is there now."""
        read = self.store.read(ref, None)
        secrets = {**read.secrets, **{name: Secret(text) for name, text in texts.items()}}
        return write_entry(
            self.run, self.store, Write(ref, read.facts, secrets, read, action=CHANGED)
        )

    def entry(self, ref: EntryRef = REF) -> Entry | None:
        try:
            return self.store.describe(ref)
        except EntryNotFoundError:
            return None

    def secrets(self, ref: EntryRef = REF, version: int | None = None) -> dict[str, str]:
        found = self.store.read(ref, None, version=version).secrets
        return {name: secret.reveal() for name, secret in found.items()}

    def actions(self, ref: EntryRef = REF) -> list[str]:
        query = select(Event).where(Event.subject == ref.path).order_by(Event.id)
        return [event.action for event in self.session.scalars(query)]

    def last_event(self) -> Event:
        return list(self.session.scalars(select(Event).order_by(Event.id)))[-1]

    def repair(self) -> list[str]:
        """What `opskit doctor --repair` does, with a new machine."""
        self.power.left = None
        said = []
        for intent in open_intents(self.session):
            mend = repair_of(intent.kind)
            assert mend is not None, intent.kind
            said.append(mend(self.run, intent))
        assert open_intents(self.session) == []
        return said

    def each_cut(self, act: Callable[["Office", EntryRef], object]) -> Iterator[EntryRef]:
        """The entry of each try, cut off one step later than the one before, and repaired.

        The last one came to its end.
        """
        for steps in range(60):
            ref = EntryRef.parse(f"DELEZE/prod/cut-{steps}")
            self.add(ref, note="kept")
            self.power.left = steps
            try:
                act(self, ref)
            except PowerCut:
                self.session.rollback()
                self.repair()
                yield ref
            else:
                self.repair()
                assert steps > 5, "it was never cut off"
                yield ref
                return
        pytest.fail("it never came to its end")

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        self.power.step()
        yield self.session
        self.session.commit()
        self.power.step()


@pytest.fixture
def office(session: Session, root: SafeClient, mount: str) -> Office:
    """Bob, an agent, before an empty safe."""
    session.add(a_client("DELEZE"))
    session.commit()
    power = Power()
    return Office(session, PoweredStore(root, mount, power), power)
