"""A credential's way into the safe, cut off at every point, and what doctor makes of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from tests.vault.samples import a_client
from vault.adding import Transactions, add_entry, repair_add
from vault.entries import EntryFacts, EntryRef, EntrySecrets
from vault.errors import EntryExistsError, EntryNotFoundError
from vault.hvac_client import SafeClient
from vault.hvac_store import HvacStore
from vault.ports import EntryStore

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


def add(
    transaction: Transactions, store: EntryStore, *, ref: EntryRef = REF, actor: Identity = BOB
) -> int:
    return add_entry(
        transaction,
        store,
        ref=ref,
        facts=FACTS,
        secrets={"password": Secret(SENTINEL)},
        now=lambda: NOW,
        actor=actor,
    )


def repair(transaction: Transactions, session: Session, store: EntryStore) -> str:
    run = AppContext(
        home=Home(cast("Any", None)),
        settings=Settings(),
        now=lambda: NOW,
        identity=lambda: pytest.fail("a repair asks for nobody"),
        transaction=transaction,
        snapshot=transaction,
        plug=lambda _port: cast("Any", store),
    )
    (intent,) = open_intents(session)
    return repair_add(run, intent)


def actions(session: Session) -> list[tuple[str, str]]:
    return [(e.action, e.actor_id) for e in session.scalars(select(Event).order_by(Event.id))]


class CutOff(HvacStore):
    """The safe falls silent before or after one of the two writes."""

    def __init__(self, root: SafeClient, mount: str, where: str) -> None:
        super().__init__(root, mount=mount)
        self.where = where

    def create(self, ref: EntryRef, secrets: EntrySecrets) -> int:
        if self.where == "before":
            raise UnavailableError("silent", hint="")
        version = super().create(ref, secrets)
        if self.where == "answer lost":
            raise UnavailableError("silent", hint="")
        return version

    def write_facts(self, ref: EntryRef, facts: EntryFacts) -> None:
        if self.where == "between":
            raise UnavailableError("silent", hint="")
        super().write_facts(ref, facts)
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
    assert [action for action, _ in actions(session)] == ["vault.added", "vault.add-abandoned"]


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
    assert [action for action, _ in actions(session)] == ["vault.add-abandoned"]
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
    store.create(REF, {"password": Secret("theirs")})
    store.write_facts(REF, theirs)
    assert "somebody else" in repair(transaction, session, store)
    assert store.describe(REF).facts == theirs
    assert [action for action, _ in actions(session)] == ["vault.add-abandoned"]
