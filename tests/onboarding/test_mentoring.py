"""A mentor hands newcomers over: with their steps, also after having left."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from onboarding import services
from onboarding.services import HandedOver, Walk
from onboarding.services.mentoring import newcomers_of
from onboarding.todo import OnboardingTodo
from opskit.checklists import services as checklists
from opskit.core.errors import ConflictError, DeniedError, NotFoundError
from opskit.core.identity import Identity
from opskit.staff.models import Person
from tests.onboarding.walking import AT, BOSS, GUIDE, SIGNED, START, begin, colleague, last_event


@pytest.fixture
def walk(session: Session) -> Walk:
    return begin(session)


@pytest.fixture
def paul(session: Session) -> Person:
    return colleague(session, "prey", "Paul Rey", role="agent")


def hand_over(
    session: Session, walk: Walk, to: Person, *walks: Walk, actor: Identity = BOSS
) -> list[HandedOver]:
    found = walks or newcomers_of(session, walk.mentor)
    return services.hand_over(
        session, mentor=walk.mentor, successor=to, newcomers=list(found), at=AT, actor=actor
    )


def test_all_newcomers_with_the_open_steps_given_to_the_mentor(
    session: Session, walk: Walk, paul: Person
) -> None:
    ann = begin(session, login="ann", name="Ann Kern", path="path-logistics-lausanne")
    for key in ("site-tour", "safe-training"):
        checklists.assign(
            session,
            run=walk.run,
            key=key,
            login="mruiz",
            **SIGNED,  # type: ignore[arg-type]
        )
    checklists.find_step(walk.run, "site-tour").state = "done"
    given = hand_over(session, walk, paul)
    assert [(each.walk.person.login, each.steps) for each in given] == [("zoe", 1), ("ann", 0)]
    assert {each.walk.mentor.login for each in given} == {"prey"}
    assert checklists.find_step(walk.run, "safe-training").assignee == "prey"
    assert checklists.find_step(walk.run, "site-tour").assignee == "mruiz"  # that is history
    assert newcomers_of(session, walk.mentor) == []
    assert {each.run.name for each in newcomers_of(session, paul)} == {
        walk.run.name, ann.run.name,
    }  # fmt: skip
    event = last_event(session)
    assert (event.action, event.subject) == ("onboarding.handed-over", ann.run.name)
    assert event.before == {"mentor": walk.mentor.subject}
    assert "mruiz" not in f"{event.before} {event.after}"


def test_one_of_several(session: Session, walk: Walk, paul: Person) -> None:
    ann = begin(session, login="ann", name="Ann Kern")
    hand_over(session, walk, paul, ann)
    assert [each.person.login for each in newcomers_of(session, walk.mentor)] == ["zoe"]
    lea = colleague(session, "lroth", "Lea Roth", role="agent")
    with pytest.raises(ConflictError, match="the mentor of Ann Kern is Paul Rey"):
        hand_over(session, walk, lea, services.find(session, "ann"))


def test_who_has_that_mentor_already_stays(session: Session, walk: Walk, paul: Person) -> None:
    before = last_event(session).id
    assert hand_over(session, walk, walk.mentor) == []
    assert last_event(session).id == before
    ann = begin(session, login="ann", name="Ann Kern")
    hand_over(session, walk, paul, ann)
    ann = services.find(session, "ann")
    given = hand_over(session, walk, paul, ann, walk)
    assert [each.walk.person.login for each in given] == ["zoe"]


def test_a_mentor_who_has_left(session: Session, walk: Walk, paul: Person) -> None:
    """The newcomer stands on the managers' list until somebody else goes along."""
    walk.mentor.state = "disabled"
    session.flush()
    items = OnboardingTodo().items(session, today=START)
    (alone,) = [item for item in items if item.kind == "onboarding-mentor"]
    assert (alone.role, alone.what) == ("manager", "the mentor mruiz has left: name another")
    assert alone.command == f"opskit onboarding hand-over mruiz NEWMENTOR {walk.run.name}"
    hand_over(session, walk, paul)
    kinds = {item.kind for item in OnboardingTodo().items(session, today=START)}
    assert "onboarding-mentor" not in kinds


def test_who_may(session: Session, walk: Walk, paul: Person) -> None:
    stranger = Identity("e-x", "x", frozenset({"agent"}))
    with pytest.raises(DeniedError, match="x lacks the role manager or admin"):
        hand_over(session, walk, paul, actor=stranger)
    hand_over(session, walk, paul, actor=GUIDE)  # the mentor's own


@pytest.mark.parametrize("fault", ["nobody", "left", "self"])
def test_what_is_refused(session: Session, walk: Walk, paul: Person, fault: str) -> None:
    if fault == "nobody":
        with pytest.raises(NotFoundError, match="Paul Rey is nobody's mentor"):
            services.hand_over(
                session, mentor=paul, successor=walk.mentor, newcomers=[], at=AT, actor=BOSS
            )
        return
    paul.state = "disabled" if fault == "left" else "active"
    to = walk.person if fault == "self" else paul
    match = {"left": "Paul Rey is disabled and can be no", "self": "nobody is their own mentor"}
    with pytest.raises(ConflictError, match=match[fault]):
        hand_over(session, walk, to)


def test_what_rests_is_handed_over_and_reminds_nobody(
    session: Session, walk: Walk, paul: Person
) -> None:
    words: dict[str, Any] = {"on": START, "today": START, "reason": "ill", **SIGNED}
    assert OnboardingTodo().items(session, today=START)
    services.pause(session, walk=walk, **words)
    session.flush()
    assert OnboardingTodo().items(session, today=START) == []
    assert len(hand_over(session, walk, paul)) == 1
