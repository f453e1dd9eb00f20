"""Who sees a path, who works on it, who signs: every relation against every door."""

import pytest
from sqlalchemy.orm import Session

from onboarding import services
from onboarding.errors import NotSubmittedError
from onboarding.roll import Wanted, roll
from onboarding.services import Relation, Walk
from opskit.checklists import services as checklists
from opskit.core.errors import DeniedError
from opskit.core.identity import ROLES, Identity
from tests.onboarding.walking import AT, GUIDE, START, ZOE, answer, begin, colleague, settle

PEOPLE = {
    "newcomer": (ZOE, Relation.OWN),
    "mentor": (GUIDE, Relation.MENTOR),
    "manager": (Identity("e-m", "m", frozenset({"manager"})), Relation.LEADER),
    "admin": (Identity("e-a", "a", frozenset({"admin"})), Relation.LEADER),
    "auditor": (Identity("e-x", "x", frozenset({"auditor"})), Relation.READER),
    "helper": (Identity("e-prey", "prey", frozenset({"agent"})), Relation.HELPER),
    "agent": (Identity("e-o", "o", frozenset({"agent"})), Relation.STRANGER),
    "other newcomer": (Identity("e-ann", "ann", frozenset({"consultant"})), Relation.STRANGER),
    "sales": (Identity("e-s", "s", frozenset({"sales"})), Relation.STRANGER),
}
SEES = {"newcomer", "mentor", "manager", "admin", "auditor", "helper"}
WORKS = SEES - {"auditor"}
SIGNS = {"mentor", "manager", "admin"}
LEADS = {"manager", "admin"}


@pytest.fixture
def walk(session: Session) -> Walk:
    made = begin(session)
    begin(session, login="ann", name="Ann Kern")
    colleague(session, "prey", "Paul Rey", role="agent")
    checklists.find_step(made.run, "badge").assignee = "prey"
    session.flush()
    return made


@pytest.mark.parametrize("who", PEOPLE)
def test_the_table(session: Session, walk: Walk, who: str) -> None:
    actor, relation = PEOPLE[who]
    assert services.relation_of(session, walk, actor) is relation
    doors = {
        services.find_to_see: SEES,
        services.find_to_change: WORKS,
        services.find_to_sign: SIGNS,
        services.find_to_lead: LEADS,
    }
    for door, allowed in doors.items():
        if who in allowed:
            assert door(session, "zoe", actor) is not None
        else:
            with pytest.raises(DeniedError) as caught:
                door(session, "zoe", actor)
            assert caught.value.hint


@pytest.mark.parametrize("who", PEOPLE)
def test_the_list_shows_what_one_may_see(session: Session, walk: Walk, who: str) -> None:
    actor, _relation = PEOPLE[who]
    expected = {
        "newcomer": {"zoe"},
        "other newcomer": {"ann"},
        "mentor": {"zoe", "ann"},
        "manager": {"zoe", "ann"},
        "admin": {"zoe", "ann"},
        "auditor": {"zoe", "ann"},
    }
    lines = roll(session, wanted=Wanted(), actor=actor, on=START)
    assert {line.login for line in lines} == expected.get(who, set())


def test_every_role_there_is_has_been_thought_of(session: Session, walk: Walk) -> None:
    """A role that is added sees nothing until somebody says so."""
    for role in ROLES:
        actor = Identity("e-nobody", "n", frozenset({role}))
        sees = services.relation_of(session, walk, actor) is not Relation.STRANGER
        assert sees is (role in {"manager", "admin", "auditor"})


def test_somebody_without_an_entity_is_nobodys_own(session: Session, walk: Walk) -> None:
    walk.mentor.entity_id = None
    assert services.relation_of(session, walk, GUIDE) is Relation.STRANGER


def sign(session: Session, walk: Walk, actor: Identity, text: str | None = None) -> str:
    step = services.sign(
        session,
        walk=services.find_to_sign(session, "zoe", actor),
        key="first-answers",
        answer=text,
        ticket=None,
        on=START,
        at=AT,
        actor=actor,
    )
    assert step.answered_by == actor.entity_id
    return f"{step.state}: {step.answer}"


def test_the_mentor_signs_what_was_submitted(session: Session, walk: Walk) -> None:
    settle(walk, "ticket-tool", "accounts", "workstation")
    with pytest.raises(NotSubmittedError, match="first-answers was not submitted by Zoé Kern"):
        sign(session, walk, GUIDE)
    answer(session, walk, "first-answers", ZOE)
    with pytest.raises(DeniedError, match="zoe does not sign for Zoé Kern") as caught:
        sign(session, walk, ZOE)
    assert caught.value.hint == "the mentor is Maria Ruiz"
    assert sign(session, walk, GUIDE) == "done: https://proof.example"
    with pytest.raises(NotSubmittedError):
        sign(session, walk, GUIDE)


def test_what_the_mentor_saw_may_stand_instead(session: Session, walk: Walk) -> None:
    settle(walk, "ticket-tool", "accounts", "workstation")
    answer(session, walk, "first-answers", ZOE)
    assert sign(session, walk, GUIDE, "two of three were fine") == "done: two of three were fine"


@pytest.mark.parametrize("who", PEOPLE)
def test_who_decides_as_the_second_person(session: Session, walk: Walk, who: str) -> None:
    """Whom one step was given to does that one, and signs or waives nothing. The newcomer passes
    here: the engine takes that tick as a submission, and no waiver at all.
    """
    actor, _relation = PEOPLE[who]
    if who in SIGNS | {"newcomer"}:
        services.require_signer(session, walk.run, actor)
    else:
        with pytest.raises(DeniedError, match="does not sign for Zoé Kern"):
            services.require_signer(session, walk.run, actor)
