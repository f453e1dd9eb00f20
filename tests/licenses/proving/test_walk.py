"""The walk in other processes, in pages, and what it counts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from licenses.models import LicenseRecord, LicenseRequest
from licenses.payload import LicenseKind
from licenses.proving import chain, pages
from licenses.proving.asking import trust_of
from licenses.proving.flaws import Tally
from licenses.proving.walk import extent, prove
from licenses.services.issuing import ISSUED, digest_of
from opskit.clients.models import Client
from opskit.core import events
from opskit.core.db import open_engine, snapshot, sqlite_url, transaction
from opskit.core.events import Happening
from opskit.migrations import migrate
from tests.licenses.lifecycle import AT, BOB, CATALOG, KeyRing, add_client, issued
from tests.support.database import new_database


@pytest.fixture(params=["sqlite", "postgresql"])
def committed(request: pytest.FixtureRequest, tmp_path: Path, signer: KeyRing) -> Iterator[Engine]:
    """Three licences that other processes can see, L1003 with another user count and to test."""
    if request.param == "sqlite":
        engine = open_engine(sqlite_url(tmp_path / "opskit.db"))
    else:
        engine = open_engine(new_database(request.getfixturevalue("postgres_server")))
    migrate(engine)
    with transaction(engine) as session:
        client = add_client(session)
        for kind in (LicenseKind.PRODUCTION, LicenseKind.PRODUCTION, LicenseKind.TEST):
            issued(session, client, signer, kind=kind)
        session.flush()
        third = update(LicenseRecord).where(LicenseRecord.serial == 1003)
        session.execute(third.values(named_users=7))
        asked = update(LicenseRequest).where(LicenseRequest.serial == 1003)
        session.execute(asked.values(approval=None, approved_by=None))
    yield engine
    engine.dispose()


@pytest.mark.parametrize("workers", [1, 2])
def test_pages_and_workers_find_the_same(
    committed: Engine, signer: KeyRing, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    tally, steps = Tally(), list[int]()
    with snapshot(committed) as session:
        faults = prove(
            session,
            trust=trust_of(session, signer),
            catalog=CATALOG,
            workers=workers,
            tally=tally,
            step=steps.append,
        )
        assert [each.in_words() for each in faults] == [
            "L1003: the row says something else than what was signed",
            "L1003: its request says something else",
        ]
        count = extent(session)[1]
        assert tally == Tally(licenses=3, approvals=2, without_second_person=1, events=count)
        assert sum(steps) == sum(extent(session))


def test_workers_see_what_the_first_one_saw(committed: Engine, signer: KeyRing) -> None:
    """A licence that is issued while the walk begins belongs to the next walk."""
    tally = Tally()
    with snapshot(committed) as session:
        trust = trust_of(session, signer)
        with transaction(committed) as writer:
            issued(writer, writer.scalars(select(Client)).one(), signer)
        walk = prove(session, trust=trust, catalog=CATALOG, workers=2, tally=tally)
        assert {each.subject for each in walk} == {"L1003"}
    assert tally.licenses == 3


def test_a_batch_has_one_event_for_many(session: Session, client: Client, signer: KeyRing) -> None:
    """Requested as a batch, issued by one event that names every digest."""
    single = [issued(session, client, signer) for _ in range(2)]
    digests = {f"L{each.serial}": digest_of(each.signed) for each in single}
    events.record_all(
        session,
        [Happening("B3", after={"licenses": {**digests, "L1009": "0" * 64}})],
        actor=BOB,
        at=AT,
        action=ISSUED,
    )
    last = extent(session)[1]
    for each in single:
        each.issued_event = last
    session.flush()
    faults = prove(
        session, trust=trust_of(session, signer), catalog=CATALOG, workers=1, tally=Tally()
    )
    assert [f"{each.subject} {each.flaw}" for each in faults] == [
        "L1001 logged-twice",  # by its own event, which the line no longer names
        "L1002 logged-twice",
        "L1009 missing",
    ]


def test_the_action_is_the_one_that_issuing_logs() -> None:
    assert chain.ISSUED == ISSUED
