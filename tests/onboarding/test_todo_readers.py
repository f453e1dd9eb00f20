"""Who reads what of the to-do list about a newcomer: the table of privacy.md, source by source."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import services
from onboarding.access.todo import GrowingTodo
from onboarding.reviews.todo import ReviewTodo
from onboarding.services import Walk
from onboarding.todo import OnboardingTodo
from opskit.checklists import services as checklists
from opskit.core.config import Home
from opskit.core.todo import TodoItem
from opskit.staff.models import Person
from opskit.todo.directory import Reader
from tests.onboarding.walking import START, begin, colleague, settle

EVER = date(2028, 1, 1)
PEOPLE = {
    "newcomer": (Reader("zoe", frozenset({"consultant"})), {"O1"}),
    "other newcomer": (Reader("ann", frozenset({"consultant"})), {"O2"}),
    "mentor": (Reader("mruiz", frozenset({"agent"})), {"O1"}),
    "other mentor": (Reader("prey", frozenset({"agent"})), {"O2"}),
    "agent": (Reader("carl", frozenset({"agent"})), set()),
    "sales": (Reader("nora", frozenset({"sales"})), set()),
    "manager": (Reader("paula", frozenset({"manager"})), {"O1", "O2"}),
    "auditor": (Reader("vera", frozenset({"auditor"})), {"O1", "O2"}),
    "admin": (Reader("alice", frozenset({"admin"})), {"O1", "O2"}),
}
everybody = pytest.mark.parametrize("who", PEOPLE)


@pytest.fixture
def walk(session: Session) -> Walk:
    """Zoé's O1, beside Ann's O2 with another mentor."""
    made, other = begin(session), begin(session, login="ann", name="Ann Kern")
    other.consultant.mentor_id = colleague(session, "prey", "Paul Rey", role="agent").id
    session.flush()
    return made


def told(items: Sequence[TodoItem], who: str) -> set[str]:
    """The paths that this person reads of."""
    assert {item.subject for item in items} == {"O1", "O2"}
    return {item.subject for item in items if PEOPLE[who][0].may_read(item)}


@everybody
def test_steps(session: Session, walk: Walk, who: str) -> None:
    items = OnboardingTodo().items(session, today=START, until=EVER)
    assert told(items, who) == PEOPLE[who][1]


def test_a_colleague_reads_the_step_that_was_given_to_them(session: Session, walk: Walk) -> None:
    checklists.find_step(walk.run, "workstation").assignee = "carl"
    session.flush()
    items = OnboardingTodo().items(session, today=START, until=EVER)
    carl, _paths = PEOPLE["agent"]
    assert [item.step for item in items if carl.may_read(item)] == ["workstation"]


@everybody
def test_who_needs_another_mentor(session: Session, walk: Walk, who: str) -> None:
    for person in session.scalars(select(Person).where(Person.login.in_(("mruiz", "prey")))):
        person.state = "disabled"
    session.flush()
    found = OnboardingTodo().items(session, today=START, until=START)
    items = [item for item in found if item.kind == "onboarding-mentor"]
    assert told(items, who) == PEOPLE[who][1]


@everybody
def test_self_ratings_and_reviews(session: Session, walk: Walk, who: str) -> None:
    found = ReviewTodo().items(session, today=START, until=EVER)
    kinds = {"onboarding-self-rating", "onboarding-review", "onboarding-probation"}
    assert {item.kind for item in found} == kinds
    for kind in kinds - {"onboarding-probation"}:
        assert told([item for item in found if item.kind == kind], who) == PEOPLE[who][1]


@everybody
def test_the_end_of_a_probation_is_for_those_who_decide(
    session: Session, walk: Walk, who: str
) -> None:
    found = ReviewTodo().items(session, today=START, until=EVER)
    items = [item for item in found if item.kind == "onboarding-probation"]
    assert told(items, who) == ({"O1", "O2"} if who in {"manager", "auditor", "admin"} else set())


@everybody
def test_access_that_was_earned(session: Session, walk: Walk, who: str, tmp_path: Path) -> None:
    for each in services.walks(session):
        settle(each, "safe-training")
    session.flush()
    items = GrowingTodo(Home(tmp_path)).items(session, today=START)
    assert told(items, who) == PEOPLE[who][1]
