"""What was meant to be done outside the database, until its outcome is recorded."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from opskit.core.db import snapshot, transaction
from opskit.core.identity import Identity
from opskit.core.intents import Intent, begin, finish, open_intents


@pytest.fixture
def begun(session: Session, bob: Identity, now: datetime) -> Intent:
    return begin(
        session,
        kind="vault.add",
        subject="DELEZE/prod/erp-db",
        data={"host": "db.deleze.example", "tags": ["erp"]},
        at=now,
        actor=bob,
    )


def test_it_is_open_until_it_is_finished(session: Session, begun: Intent, now: datetime) -> None:
    assert open_intents(session) == [begun]
    assert begun.finished_at is None
    finish(session, begun, at=now + timedelta(seconds=2))
    session.flush()
    assert open_intents(session) == []
    assert begun.finished_at == now + timedelta(seconds=2)


def test_the_oldest_comes_first(
    session: Session, begun: Intent, bob: Identity, now: datetime
) -> None:
    later = begin(session, kind="user.add", subject="eve", data={}, at=now, actor=bob)
    assert open_intents(session) == [begun, later]


def test_who_finishes_it_has_no_new_roles(session: Session, begun: Intent) -> None:
    assert begun.actor == Identity("e-bob", "bob", frozenset())


def test_it_is_found_after_the_data_was_changed_elsewhere(
    session: Session, bob: Identity, now: datetime
) -> None:
    data = {"host": "a"}
    made = begin(session, kind="vault.add", subject="s", data=data, at=now, actor=bob)
    data["host"] = "b"
    session.expire_all()
    assert open_intents(session)[0].data == {"host": "a"} == made.data


@pytest.fixture
def clean(engine: Engine) -> Iterator[Engine]:
    """What the test commits is taken away."""
    yield engine
    with transaction(engine) as session:
        session.execute(delete(Intent))


def test_a_crash_between_two_transactions_leaves_it_open(
    clean: Engine, bob: Identity, now: datetime
) -> None:
    with transaction(clean) as session:
        intent = begin(session, kind="vault.add", subject="s", data={}, at=now, actor=bob)

    def crash() -> None:
        with transaction(clean) as session:
            finish(session, intent, at=now)
            raise KeyError("the outcome was not stored")

    with pytest.raises(KeyError):
        crash()
    with snapshot(clean) as session:
        assert [each.id for each in open_intents(session)] == [intent.id]
    with transaction(clean) as session:
        finish(session, intent, at=now)
    with snapshot(clean) as session:
        assert open_intents(session) == []
