"""Ratings: who may judge whom, and a history that only grows."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.skills import rating, trees
from onboarding.skills.errors import NotYoursToRateError
from onboarding.skills.matrix import matrix
from onboarding.skills.models import Rating
from onboarding.skills.people import Learner, find_learner, learner_of
from onboarding.skills.tree import SkillTree
from onboarding.skills.tree_file import tree_text
from opskit.core.errors import ConflictError, InvalidError, NotFoundError
from opskit.core.events import Event
from opskit.core.identity import Identity
from tests.onboarding.skills.people import CAST, TODAY, known, says
from tests.onboarding.skills.test_trees import BACK_OFFICE, changed

AWAY = TODAY - timedelta(10)
Rate = Callable[..., Rating]


@pytest.fixture
def rate(session: Session, zoe: Learner, now: datetime) -> Rate:
    def judge(who: Identity, skill: str, level: int, on: date = TODAY, **more: object) -> Rating:
        return rating.rate(
            session, learner=zoe, said=says(skill, level, on, **more), today=TODAY, at=now,
            actor=who,
        )  # fmt: skip

    return judge


@pytest.mark.parametrize(
    ("who", "kind"),
    [(CAST.zoe, "self"), (CAST.maria, "mentor"), (CAST.paul, "mentor"), ("alice", "mentor")],
)
def test_whose_judgement_it_is(
    session: Session, rate: Rate, alice: Identity, who: Identity | str, kind: str
) -> None:
    row = rate(alice if isinstance(who, str) else who, "vat", 2)
    assert (row.kind, row.level, row.tree_digest) == (kind, 2, BACK_OFFICE.digest)


@pytest.mark.parametrize("who", [CAST.max, CAST.olga, CAST.ute])
def test_nobody_else_judges(session: Session, rate: Rate, who: Identity) -> None:
    with pytest.raises(NotYoursToRateError, match="neither Zoé Kern nor their mentor") as caught:
        rate(who, "vat", 2)
    assert caught.value.hint == "ask Maria Ruiz, or a manager"
    assert session.scalars(select(Rating)).all() == []


def test_a_manager_rates_themselves_as_self(
    session: Session, alice: Identity, now: datetime
) -> None:
    paul = known(session, CAST.paul, name="Paul Rey", at=now, actor=alice)
    row = rating.rate(
        session, learner=learner_of(session, paul), said=says("vat", 4), today=TODAY, at=now,
        actor=CAST.paul,
    )  # fmt: skip
    assert row.kind == "self"


def test_a_rating_says_what_it_rests_on(session: Session, zoe: Learner, rate: Rate) -> None:
    link = "https://kb.example.ch/vat"
    row = rate(CAST.maria, "vat", 3, note=" did two returns ", evidence=["cs-1001", link, link])
    assert (row.note, row.evidence) == ("did two returns", ["CS-1001", link])
    event = session.scalars(select(Event).where(Event.action == "skill.rated")).one()
    assert event.subject == zoe.person.subject
    assert event.after == {
        "number": row.id,
        "skill": "vat",
        "kind": "mentor",
        "level": 3,
        "rated_on": "2026-11-24",
    }
    assert event.personal is not None
    assert event.personal["note"] == "did two returns"


@pytest.mark.parametrize("text", ["http://kb.example.ch", "https://", "hello", "https://a b", ""])
def test_what_is_no_evidence(session: Session, rate: Rate, text: str) -> None:
    with pytest.raises(InvalidError, match="is no evidence"):
        rate(CAST.maria, "vat", 3, evidence=[text])


def test_a_run_that_there_is_not(session: Session, rate: Rate) -> None:
    with pytest.raises(NotFoundError, match="there is no run P77"):
        rate(CAST.maria, "vat", 3, evidence=["p77"])


def test_days_and_levels(session: Session, rate: Rate) -> None:
    assert rate(CAST.zoe, "vat", 2, on=AWAY).rated_on == AWAY
    with pytest.raises(InvalidError, match="still to come"):
        rate(CAST.zoe, "vat", 2, on=TODAY + timedelta(1))
    for level in (-1, 5):
        with pytest.raises(InvalidError, match="is no level"):
            rate(CAST.zoe, "vat", level)
    with pytest.raises(NotFoundError, match="has no skill 'mrp'"):
        rate(CAST.zoe, "mrp", 2)


def test_a_withdrawn_rating_stays_and_the_one_before_counts(
    session: Session, zoe: Learner, rate: Rate, now: datetime
) -> None:
    rate(CAST.zoe, "vat", 1, on=AWAY)
    second = rate(CAST.zoe, "vat", 4)

    def withdraw(actor: Identity) -> None:
        rating.withdraw(
            session, number=second.id, reason="the other skill", today=TODAY, at=now, actor=actor
        )

    with pytest.raises(NotYoursToRateError):
        withdraw(CAST.olga)
    withdraw(CAST.zoe)
    page = matrix(session, learner=zoe, on=TODAY, asker=CAST.zoe)
    assert page.pairs["vat"].own == 1
    entries = rating.history(session, zoe.person)
    assert [(each.row.level, each.counts) for each in entries] == [(1, True), (4, False)]
    with pytest.raises(ConflictError, match="was withdrawn before"):
        withdraw(CAST.zoe)


def test_a_newcomer_does_not_withdraw_the_mentors_word(
    session: Session, rate: Rate, now: datetime
) -> None:
    row = rate(CAST.maria, "vat", 1)
    with pytest.raises(NotYoursToRateError, match="nobody decides this about themselves"):
        rating.withdraw(session, number=row.id, reason="no", today=TODAY, at=now, actor=CAST.zoe)
    with pytest.raises(NotFoundError, match="there is no rating 999999"):
        rating.withdraw(session, number=999_999, reason="no", today=TODAY, at=now, actor=CAST.zoe)


@pytest.mark.parametrize("who", [CAST.zoe, CAST.maria, CAST.paul, CAST.ute])
def test_who_sees_the_skills(session: Session, zoe: Learner, who: Identity) -> None:
    assert matrix(session, learner=zoe, on=TODAY, asker=who).pairs == {}


@pytest.mark.parametrize("who", [CAST.max, CAST.olga])
def test_skills_are_nobody_elses_business(session: Session, zoe: Learner, who: Identity) -> None:
    with pytest.raises(NotYoursToRateError, match="for that person, the mentor and managers"):
        matrix(session, learner=zoe, on=TODAY, asker=who)


def test_a_skill_that_left_the_tree_is_former(
    session: Session, zoe: Learner, rate: Rate, alice: Identity, now: datetime
) -> None:
    rate(CAST.zoe, "vat", 2)
    trees.release(session, without("vat"), at=now, actor=alice)
    page = matrix(session, learner=zoe, on=TODAY, asker=CAST.zoe)
    (lost,) = page.former
    assert (lost.key, lost.pair.own) == ("vat", 2)
    assert lost.skill is not None
    assert lost.skill.text.en == "VAT return and its methods"
    with pytest.raises(NotFoundError, match="has no skill 'vat'"):
        rate(CAST.zoe, "vat", 3)


def test_a_person_by_the_number_of_the_path(session: Session, zoe: Learner) -> None:
    assert zoe.consultant is not None
    found = find_learner(session, f"o{zoe.consultant.run_number}")
    assert (found.person, found.mentor) == (zoe.person, zoe.mentor)
    assert found.poles == ["back-office"]
    with pytest.raises(NotFoundError):
        find_learner(session, "O99999")


steps = st.lists(
    st.tuples(
        st.sampled_from(["zoe", "maria", "withdraw"]),
        st.sampled_from(["vat", "payroll-run"]),
        st.integers(0, 4),
        st.integers(0, 30),
    ),
    max_size=12,
)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps)
def test_the_history_only_grows(
    session: Session, zoe: Learner, now: datetime, story: list[tuple[str, str, int, int]]
) -> None:
    """Whatever is rated and withdrawn: no row of before changes, and none goes."""
    with session.begin_nested() as savepoint:
        before: list[tuple[object, ...]] = []
        for who, skill, level, days in story:
            _act(session, zoe, now, who, says(skill, level, TODAY - timedelta(days)))
            rows = [_row(each) for each in session.scalars(select(Rating).order_by(Rating.id))]
            assert rows[: len(before)] == before
            before = rows
        savepoint.rollback()


def _act(session: Session, zoe: Learner, now: datetime, who: str, said: rating.Judgement) -> None:
    counting = [each for each in rating.history(session, zoe.person) if each.counts]
    if who != "withdraw":
        actor = getattr(CAST, who)
        rating.rate(session, learner=zoe, said=said, today=TODAY, at=now, actor=actor)
    elif counting:
        number = counting[said.level % len(counting)].row.id
        rating.withdraw(session, number=number, reason="no", today=TODAY, at=now, actor=CAST.paul)


def _row(each: Rating) -> tuple[object, ...]:
    return tuple(getattr(each, column.name) for column in Rating.__table__.columns)


def without(skill: str) -> SkillTree:
    """The next version of the tree, which has lost a skill."""
    groups = yaml.safe_load(tree_text(BACK_OFFICE))["groups"]
    for group in groups:
        group["skills"] = [each for each in group["skills"] if each["key"] != skill]
    return changed(2, groups=groups)
