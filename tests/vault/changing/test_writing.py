"""A credential's way into the safe, cut off at every point, and what doctor makes of it."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.core.config import Home, Settings
from opskit.core.context import AppContext
from opskit.core.errors import DeniedError, NotFoundError, UnavailableError
from opskit.core.events import Event
from opskit.core.identity import Identity
from opskit.core.intents import open_intents
from opskit.core.secret import Secret
from tests.conftest import NOW
from tests.vault.samples import a_client, put
from vault.changing.writing import CHANGED, Write, repair_write, write_entry
from vault.entries import EntryRef, EntryValue, Stamps
from vault.errors import EntryChangedError, EntryExistsError, EntryNotFoundError
from vault.facts import EntryFacts
from vault.ports import EntryStore
from vault.store.hvac_client import SafeClient
from vault.store.hvac_store import HvacStore

Transactions = Callable[[], AbstractContextManager[Session]]

REF = EntryRef.parse("DELEZE/prod/erp-db")
FACTS = EntryFacts("database", "db.deleze.example", 1521, "SYSTEM", tags=("oracle",))
BOB = Identity("e-bob", "bob", frozenset({"agent"}))
SENTINEL = "s3cret-on-its-way"


@pytest.fixture
def store(root: SafeClient, mount: str) -> EntryStore:
    return HvacStore(root, mount=mount)


@pytest.fixture
def transaction(session: Session) -> Transactions:
    """Each commit is a savepoint of the test's session."""
    session.add(a_client("DELEZE"))
    session.commit()

    @contextmanager
    def one() -> Iterator[Session]:
        yield session
        session.commit()

    return one


@pytest.fixture
def cut_off(root: SafeClient, mount: str) -> "Callable[[str], CutOff]":
    """A store that falls silent there."""
    return lambda where: CutOff(root, mount, where)


def a_run(
    transaction: Transactions, store: EntryStore, identity: Callable[[], Identity]
) -> AppContext:
    return AppContext(
        home=Home(Path(os.devnull) / "home"),
        settings=Settings(),
        now=lambda: NOW,
        identity=identity,
        transaction=transaction,
        snapshot=transaction,
        plug=lambda _port: cast("Any", store),
    )


def add(
    transaction: Transactions, store: EntryStore, *, ref: EntryRef = REF, actor: Identity = BOB
) -> int:
    write = Write(ref, FACTS, {"password": Secret(SENTINEL)})
    return write_entry(a_run(transaction, store, lambda: actor), store, write)


def change(transaction: Transactions, store: EntryStore, *, host: str, password: str) -> int:
    """Bob changes what he has just read."""
    read = store.read(REF, None)
    facts = replace(read.facts, host=host)
    write = Write(REF, facts, {"password": Secret(password)}, read, CHANGED)
    return write_entry(a_run(transaction, store, lambda: BOB), store, write)


def repair(transaction: Transactions, session: Session, store: EntryStore) -> str:
    run = a_run(transaction, store, lambda: pytest.fail("a repair asks for nobody"))
    (intent,) = open_intents(session)
    return repair_write(run, intent)


def actions(session: Session) -> list[tuple[str, str]]:
    return [(e.action, e.actor_id) for e in session.scalars(select(Event).order_by(Event.id))]


class CutOff(HvacStore):
    """The safe falls silent before or after one of the two writes."""

    def __init__(self, root: SafeClient, mount: str, where: str) -> None:
        super().__init__(root, mount=mount)
        self.where = where

    def write(self, ref: EntryRef, value: EntryValue) -> int:
        if self.where == "before":
            raise UnavailableError("silent", hint="")
        version = super().write(ref, value)
        if self.where == "answer lost":
            raise UnavailableError("silent", hint="")
        return version

    def mirror(self, ref: EntryRef, facts: EntryFacts, stamps: Stamps) -> None:
        if self.where == "between":
            raise UnavailableError("silent", hint="")
        super().mirror(ref, facts, stamps)
        if self.where == "after":
            raise UnavailableError("silent", hint="")


def test_an_added_entry_is_whole_and_leaves_one_event(
    transaction: Transactions, session: Session, store: EntryStore
) -> None:
    assert add(transaction, store) == 1
    assert store.describe(REF).facts == FACTS
    assert store.read_secret(REF, "password", None).reveal() == SENTINEL
    assert open_intents(session) == []
    (event,) = session.scalars(select(Event))
    assert (event.action, event.subject, event.client) == ("vault.added", REF.path, "DELEZE")
    assert event.after == {
        "kind": "database",
        "host": "db.deleze.example",
        "port": "1521",
        "tags": "oracle",
        "version": 1,
    }


def test_an_unknown_client_stops_before_anything_is_noted(
    transaction: Transactions, session: Session, store: EntryStore
) -> None:
    with pytest.raises(NotFoundError) as caught:
        add(transaction, store, ref=EntryRef.parse("DELESE/prod/erp-db"))
    assert "DELEZE" in caught.value.hint
    assert open_intents(session) == []
    assert store.names() == []


def test_without_the_role_nothing_is_noted(
    transaction: Transactions, session: Session, store: EntryStore
) -> None:
    with pytest.raises(DeniedError, match="agent"):
        add(transaction, store, actor=Identity("e-eve", "eve", frozenset({"sales"})))
    assert open_intents(session) == []


def test_an_existing_entry_closes_the_intent(
    transaction: Transactions, session: Session, store: EntryStore
) -> None:
    add(transaction, store)
    with pytest.raises(EntryExistsError):
        add(transaction, store)
    assert open_intents(session) == []
    assert [action for action, _ in actions(session)] == ["vault.added", "vault.write-abandoned"]


@pytest.mark.parametrize("where", ["answer lost", "between", "after"])
def test_cut_off_once_it_was_written_a_repair_finishes_it(
    transaction: Transactions,
    session: Session,
    cut_off: Callable[[str], CutOff],
    store: EntryStore,
    where: str,
) -> None:
    with pytest.raises(UnavailableError):
        add(transaction, cut_off(where))
    assert "whole" in repair(transaction, session, store)
    assert store.describe(REF).facts == FACTS
    assert open_intents(session) == []
    assert actions(session) == [("vault.added", BOB.entity_id)]


def test_cut_off_before_it_was_written_a_repair_closes_it(
    transaction: Transactions,
    session: Session,
    cut_off: Callable[[str], CutOff],
    store: EntryStore,
) -> None:
    with pytest.raises(UnavailableError):
        add(transaction, cut_off("before"))
    assert "never" in repair(transaction, session, store)
    assert open_intents(session) == []
    assert [action for action, _ in actions(session)] == ["vault.write-abandoned"]
    with pytest.raises(EntryNotFoundError):
        store.describe(REF)


def test_a_repair_leaves_the_entry_of_somebody_else_alone(
    transaction: Transactions,
    session: Session,
    cut_off: Callable[[str], CutOff],
    store: EntryStore,
) -> None:
    with pytest.raises(UnavailableError):
        add(transaction, cut_off("before"))
    theirs = EntryFacts("erp", "other.example")
    put(store, REF.path, "theirs", theirs)
    assert "somebody else" in repair(transaction, session, store)
    assert store.describe(REF).facts == theirs
    assert [action for action, _ in actions(session)] == ["vault.write-abandoned"]


def test_a_change_says_which_fields_changed_and_never_what_is_in_them(
    transaction: Transactions, session: Session, store: EntryStore
) -> None:
    add(transaction, store)
    assert change(transaction, store, host="new.example", password="another") == 2
    event = list(session.scalars(select(Event).order_by(Event.id)))[-1]
    assert event.after is not None
    assert event.after["changed"] == ["host", "password"]
    assert "another" not in repr(event.after)


def test_a_secret_that_changes_is_stamped_and_a_host_is_not(
    transaction: Transactions, store: EntryStore
) -> None:
    add(transaction, store)
    before = store.describe(REF).stamps
    assert before.rotated == NOW.astimezone(UTC).isoformat(timespec="seconds")
    store.mirror(REF, FACTS, replace(before, rotated="2020-01-01T00:00:00+00:00"))
    change(transaction, store, host="new.example", password=SENTINEL)
    assert store.describe(REF).stamps.rotated == "2020-01-01T00:00:00+00:00"
    change(transaction, store, host="new.example", password="another")
    assert store.describe(REF).stamps.rotated == before.rotated


@pytest.mark.parametrize("where", ["answer lost", "between", "after"])
def test_a_change_cut_off_once_it_was_written_is_finished(
    transaction: Transactions,
    session: Session,
    cut_off: Callable[[str], CutOff],
    store: EntryStore,
    where: str,
) -> None:
    add(transaction, store)
    with pytest.raises(UnavailableError):
        change(transaction, cut_off(where), host="new.example", password="p")
    assert "whole" in repair(transaction, session, store)
    assert store.describe(REF).facts.host == "new.example"
    assert [action for action, _ in actions(session)] == ["vault.added", "vault.changed"]


def test_a_change_cut_off_before_it_was_written_left_everything_as_it_was(
    transaction: Transactions,
    session: Session,
    cut_off: Callable[[str], CutOff],
    store: EntryStore,
) -> None:
    add(transaction, store)
    with pytest.raises(UnavailableError):
        change(transaction, cut_off("before"), host="new.example", password="p")
    assert "stayed as it was" in repair(transaction, session, store)
    assert store.describe(REF).facts == FACTS


def test_a_change_cut_off_of_an_entry_that_was_removed_meanwhile_is_closed(
    transaction: Transactions,
    session: Session,
    cut_off: Callable[[str], CutOff],
    store: EntryStore,
) -> None:
    add(transaction, store)
    with pytest.raises(UnavailableError):
        change(transaction, cut_off("answer lost"), host="new.example", password="p")
    store.remove(REF)
    assert "removed meanwhile" in repair(transaction, session, store)
    assert open_intents(session) == []


def test_nothing_is_written_over_a_removal(
    transaction: Transactions, session: Session, store: EntryStore
) -> None:
    add(transaction, store)
    read = store.read(REF, None)
    store.remove(REF)
    write = Write(REF, FACTS, {"password": Secret("p")}, read, CHANGED)
    with pytest.raises(EntryChangedError):
        write_entry(a_run(transaction, store, lambda: BOB), store, write)
    assert [version.number for version in store.history(REF)] == [1]
    assert open_intents(session) == []
