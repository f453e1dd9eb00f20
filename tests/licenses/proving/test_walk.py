"""The walk in other processes, in pages, and what it counts."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from licenses.models import LicenseRecord, LicenseRequest
from licenses.proving import chain, pages
from licenses.proving.asking import trust_of
from licenses.proving.flaws import Tally
from licenses.proving.walk import extent, prove
from licenses.services.issuing import ISSUED, digest_of
from opskit.clients.models import Client
from opskit.core import events
from opskit.core.events import Happening
from tests.licenses.lifecycle import AT, BOB, CATALOG, KeyRing, issued


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("workers", [1, 2])
def test_pages_and_workers_find_the_same(
    session: Session, signer: KeyRing, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    session.execute(update(LicenseRecord).where(LicenseRecord.serial == 1003).values(named_users=7))
    session.execute(
        update(LicenseRequest)
        .where(LicenseRequest.serial == 1003)
        .values(approval=None, approved_by=None)
    )
    tally, steps = Tally(), list[int]()
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
