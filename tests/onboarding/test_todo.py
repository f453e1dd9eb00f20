"""What waits on the paths: the newcomer's is the newcomer's, the mentor's the mentor's."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from onboarding import services
from onboarding.services import Walk
from onboarding.todo import REVIEW_NOTICE, OnboardingTodo
from opskit.checklists import services as checklists
from opskit.core.business_days import PUBLIC
from opskit.core.identity import Identity
from opskit.core.todo import TodoItem
from opskit.staff import services as staff
from opskit.staff.models import Person

START = date(2027, 2, 1)
EVER = date(2028, 1, 1)


@pytest.fixture
def walk(session: Session, mentor: Person, alice: Identity, now: object) -> Walk:
    zoe = staff.ensure_person(
        session, login="zoe", name="Zoé Kern", role="consultant", pole="back-office",
        at=now, actor=alice,  # type: ignore[arg-type] # a moment
    )  # fmt: skip
    walk = services.start(
        session, person=zoe, mentor=mentor, path="back-office", start_on=START, canton="BE",
        calendar=PUBLIC, at=now, actor=alice,  # type: ignore[arg-type]
    )  # fmt: skip
    session.flush()
    return walk


def items(session: Session, *, until: date = EVER) -> dict[str, TodoItem]:
    found = OnboardingTodo().items(session, today=START, until=until)
    return {str(item.step): item for item in found}


def test_whose_step_it_is(session: Session, walk: Walk) -> None:
    found = items(session)
    assert {item.role: item.person for item in found.values()} == {
        "manager": None,
        "admin": None,
        "mentor": "mruiz",
        "consultant": "zoe",
    }
    assert {item.pole for item in found.values()} == {"back-office"}
    assert {item.title for item in found.values()} == {"Onboarding of Zoé Kern"}
    assert found["workstation"].kind == "onboarding-step"
    assert found["confidentiality"].command == f"opskit onboarding tick {walk.run.name} 5"


def test_a_review_is_announced_a_week_before(session: Session, walk: Walk) -> None:
    for step in walk.run.steps:
        if step.key.startswith("review-"):
            step.state = "ready"
    session.flush()
    reviews = [item for item in items(session).values() if item.kind == "onboarding-review"]
    assert len(reviews) == 4
    assert {item.notice for item in reviews} == {REVIEW_NOTICE}


def test_what_a_newcomer_submits_is_for_the_mentor(session: Session, walk: Walk) -> None:
    step = checklists.find_step(walk.run, "confidentiality")
    step.state = "submitted"
    session.flush()
    assert items(session)["confidentiality"].person == "mruiz"


def test_whom_somebody_named_keeps_it(session: Session, walk: Walk) -> None:
    checklists.find_step(walk.run, "self-assessment").assignee = "max"
    session.flush()
    assert items(session)["self-assessment"].person == "max"


def test_what_is_submitted_is_signed_not_ticked(session: Session, walk: Walk) -> None:
    """Also where the step is the mentor's by its owner."""
    for key in ("confidentiality", "first-answers"):
        checklists.find_step(walk.run, key).state = "submitted"
    session.flush()
    found = items(session)
    for key in ("confidentiality", "first-answers"):
        assert found[key].command == f"opskit onboarding sign {walk.run.name} {key}"
        assert found[key].person == "mruiz"
