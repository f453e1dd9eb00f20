"""Two people do the same in the same moment, on both dialects: it happens once."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from onboarding.reviews import holding
from onboarding.reviews.holding import open_folder
from onboarding.reviews.models import Review, Verdict
from onboarding.skills import rating, signing_off
from onboarding.skills.models import Rating, SignOff
from onboarding.skills.people import find_learner
from opskit.core.db import transaction
from opskit.core.errors import ConflictError
from opskit.core.identity import ROLES, Identity
from tests.conftest import NOW
from tests.onboarding.reviews.test_holding import free
from tests.onboarding.skills.people import CAST, TODAY, newcomer, says
from tests.support.races import at_once

ALICE = Identity("e-alice", "alice", frozenset(ROLES))


@pytest.fixture(autouse=True)
def zoe_and_her_folder(own_engine: Engine) -> None:
    with transaction(own_engine) as session:
        newcomer(session, at=NOW, actor=ALICE)
        free(open_folder(session, "zoe"))


def both(engine: Engine, act: Callable[[Session, Identity], object]) -> list[Exception]:
    """The mentor and a manager do it; who was refused."""
    refused = at_once(engine, *(partial(_acting, act, each) for each in (CAST.maria, CAST.paul)))
    assert {type(err) for err in refused} <= {ConflictError}
    return refused


def _acting(act: Callable[[Session, Identity], object], actor: Identity, session: Session) -> None:
    act(session, actor)


def test_a_review_is_decided_once(own_engine: Engine) -> None:
    def decide(session: Session, actor: Identity) -> None:
        holding.decide(
            session, open_folder(session, "zoe"), kind="day-30", decision=Verdict.CONTINUE,
            until=None, on=TODAY, at=NOW, actor=actor,
        )  # fmt: skip

    assert len(both(own_engine, decide)) == 1
    with transaction(own_engine) as session:
        assert len(session.scalars(select(Review)).all()) == 1


def test_a_rating_is_withdrawn_once(own_engine: Engine) -> None:
    with transaction(own_engine) as session:
        zoe = find_learner(session, "zoe")
        row = rating.rate(
            session, learner=zoe, said=says("vat", 2), today=TODAY, at=NOW, actor=CAST.zoe
        )
        number = row.id

    def withdraw(session: Session, actor: Identity) -> None:
        rating.withdraw(session, number=number, reason="a slip", today=TODAY, at=NOW, actor=actor)

    assert len(both(own_engine, withdraw)) == 1
    with transaction(own_engine) as session:
        assert len(session.scalars(select(Rating)).all()) == 2


@pytest.mark.parametrize("until", [None, date(2027, 12, 31)])
def test_somebody_is_signed_off_once(own_engine: Engine, until: date | None) -> None:
    def sign(session: Session, actor: Identity) -> None:
        signing_off.sign_off(
            session, learner=find_learner(session, "zoe"), competence="on-call", reason="ready",
            evidence=(), until=until, on=TODAY, at=NOW, actor=actor,
        )  # fmt: skip

    assert len(both(own_engine, sign)) == 1
    with transaction(own_engine) as session:
        assert len(session.scalars(select(SignOff)).all()) == 1


def test_two_first_ratings_keep_one_tree(own_engine: Engine) -> None:
    """Both would publish the shipped tree."""

    def rate(session: Session, actor: Identity) -> None:
        learner = find_learner(session, "zoe")
        rating.rate(session, learner=learner, said=says("vat", 2), today=TODAY, at=NOW, actor=actor)

    assert both(own_engine, rate) == []
    with transaction(own_engine) as session:
        digests = session.scalars(select(Rating.tree_digest)).all()
        assert len(digests) == 2
        assert len(set(digests)) == 1
