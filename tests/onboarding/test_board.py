"""How a consultant is doing, in one line, on any day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy.orm import Session

from onboarding.board import standing
from onboarding.paths import PATHS, load_path
from onboarding.services import KIND, LETTER
from opskit.checklists import services as checklists
from opskit.checklists.models import Run
from opskit.core.business_days import PUBLIC
from opskit.core.errors import NotFoundError
from tests.checklists.samples import ALICE, AT

START = date(2027, 2, 1)  # a Monday


@pytest.fixture
def run(session: Session) -> Run:
    return checklists.start(
        session,
        checklists.Beginning(
            subject="Camille Perret",
            facts={"path": "back-office"},
            anchor_on=START,
            canton="BE",
        ),
        kind=KIND,
        letter=LETTER,
        template=load_path("back-office"),
        calendar=PUBLIC,
        at=AT,
        actor=ALICE,
    )


def settle(run: Run, *keys: str) -> None:
    """Settle these steps, or all of them."""
    for step in run.steps:
        if not keys or step.key in keys:
            step.state = "done"


def due(run: Run, key: str) -> date:
    return next(step.due_on for step in run.steps if step.key == key)


def test_before_the_first_day(run: Run) -> None:
    found = standing(run, on=START - timedelta(days=30))
    assert (found.phase, found.status) == ("Before the first day", "starts in 30 days")
    assert (found.done, found.total, found.percent, found.late) == (0, 33, 0, 0)
    assert found.next_review == due(run, "review-day-30")


def test_the_eve_and_the_first_day(run: Run) -> None:
    settle(run, *(step.key for step in run.steps if step.due_on <= START))
    assert standing(run, on=START - timedelta(days=1)).status == "starts tomorrow"
    assert standing(run, on=START).status == "on track"


def test_a_step_is_late_the_day_after(run: Run) -> None:
    first = min(step.due_on for step in run.steps)
    late = [step.key for step in run.steps if step.due_on == first]
    assert standing(run, on=first).status.startswith("starts in ")
    found = standing(run, on=first + timedelta(days=1))
    assert (found.late, found.status) == (len(late), f"late ({len(late)})")


def test_the_phase_is_that_of_the_first_open_step(run: Run) -> None:
    first = run.phases[0].key
    settle(run, *(step.key for step in run.steps if step.asked.phase == first))
    assert standing(run, on=START).phase == "First week"


def test_reviews_come_one_after_the_other(run: Run) -> None:
    reviews = [step.key for step in run.steps if step.key.startswith("review-")]
    assert len(reviews) == 4
    for done, following in pairwise(reviews):
        settle(run, done)
        assert standing(run, on=START).next_review == due(run, following)
    settle(run, reviews[-1])
    assert standing(run, on=START).next_review is None


def test_whoever_has_finished_is_done_and_never_late(run: Run) -> None:
    settle(run)
    found = standing(run, on=date(2030, 1, 1))
    assert (found.phase, found.status, found.late) == ("finished", "done", 0)
    assert (found.done, found.percent) == (33, 100)


@pytest.mark.parametrize("name", PATHS)
def test_paths(name: str) -> None:
    assert load_path(name).id == name


def test_an_unknown_path_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="there is no path 'logistic'") as caught:
        load_path("logistic")
    assert caught.value.hint == "did you mean logistics?"
    with pytest.raises(NotFoundError) as caught:
        load_path("../back-office")
    assert "back-office" in caught.value.hint
