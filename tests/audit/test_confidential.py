"""What the log tells of colleagues is for who may see them."""

import pytest
from sqlalchemy.orm import Session

from opskit.audit.confidential import narrowed
from opskit.core.events import listing, record
from opskit.core.identity import Identity
from tests.onboarding.walkers import ADMIN, AT

ZOE = Identity("e-zoe", "zoe", frozenset({"consultant"}))
TOLD = ("skill.rated", "review.decided", "onboarding.leave-planned", "client.added")


@pytest.fixture
def log(session: Session) -> Session:
    for action in TOLD:
        record(session, actor=ADMIN, at=AT, action=action, subject="staff/7", after={"level": 1})
    record(session, actor=ZOE, at=AT, action="skill.rated", subject="staff/9", after={"level": 3})
    session.flush()
    return session


def told(session: Session, reader: Identity) -> set[tuple[str, str]]:
    query = narrowed(listing(), reader)
    return {(each.action, each.subject) for each in session.scalars(query)}


def test_a_colleague_is_told_of_nobodys_skills(log: Session) -> None:
    found = told(log, ZOE)
    assert ("client.added", "staff/7") in found
    assert ("skill.rated", "staff/9") in found  # the own
    assert found.isdisjoint({(action, "staff/7") for action in TOLD[:3]})


@pytest.mark.parametrize("role", ["manager", "admin", "auditor"])
def test_who_leads_or_audits_is_told_everything(log: Session, role: str) -> None:
    found = told(log, Identity("e-x", "x", frozenset({role})))
    assert {(action, "staff/7") for action in TOLD} <= found


def test_nor_of_a_list_that_is_kept_from_them(log: Session) -> None:
    for subject in ("K3", "K3/laptop", "K31", "K31/laptop"):
        record(log, actor=ADMIN, at=AT, action="checklist.ticked", subject=subject)
    record(log, actor=ZOE, at=AT, action="checklist.commented", subject="K3")
    log.flush()

    def subjects(reader: Identity) -> set[tuple[str, str]]:
        query = narrowed(listing(action="checklist"), reader, lists=["K3"])
        return {(each.subject, each.actor) for each in log.scalars(query)}

    others = {("K31", "alice"), ("K31/laptop", "alice")}
    assert subjects(ZOE) == {*others, ("K3", "zoe")}
    overseer = Identity("e-x", "x", frozenset({"manager"}))
    assert subjects(overseer) == {*others, ("K3", "alice"), ("K3/laptop", "alice"), ("K3", "zoe")}
