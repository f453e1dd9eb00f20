"""Where a consultant stands, in words."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from onboarding.boards.standing import Circumstances, Course, standing, standing_of
from onboarding.boards.tallies import Tally, tallies, tally_of
from onboarding.paths import load_path
from onboarding.services import Walk
from opskit.checklists.states import State
from tests.onboarding.walkers import AT, START, person, settle, settle_until, walk

FIRST, *_ = load_path("back-office").steps
PHASES = load_path("back-office").phases


@pytest.fixture
def camille(session: Session) -> Walk:
    mentor = person(session, "mruiz", "Maria Ruiz")
    return walk(session, person(session, "cperret", "Camille Perret", "consultant"), mentor)


def due(walked: Walk, key: str) -> date:
    return next(step.due_on for step in walked.run.steps if step.key == key)


def test_before_the_first_day(camille: Walk) -> None:
    found = standing(camille.run, on=START - timedelta(days=30))
    assert (found.phase, found.status) == ("Before the first day", "starts in 30 days")
    assert (found.done, found.total, found.percent, found.late) == (0, 33, 0, 0)
    assert found.next_review == due(camille, "review-day-30")


def test_the_eve_and_the_first_day(camille: Walk) -> None:
    settle_until(camille, START + timedelta(days=7))
    assert standing(camille.run, on=START - timedelta(days=1)).status == "starts tomorrow"
    assert standing(camille.run, on=START).status == "on track"


def test_what_is_late_is_named_from_the_day_after(camille: Walk) -> None:
    first = min(step.due_on for step in camille.run.steps)
    assert standing(camille.run, on=first).course is not Course.LATE
    found = standing(camille.run, on=first + timedelta(days=1))
    assert (found.course, found.late) == (Course.LATE, 1)
    assert found.status == f"late: Mentor and backup named (since {first})"


def test_the_others_that_are_late_are_counted(camille: Walk) -> None:
    found = standing(camille.run, on=START)
    assert found.late == 4
    assert found.status.endswith(") and 3 more")


def test_the_phase_is_that_of_the_first_open_step(camille: Walk) -> None:
    before = camille.run.phases[0].key
    settle(camille, *(step.key for step in camille.run.steps if step.asked.phase == before))
    assert standing(camille.run, on=START).phase == "First week"


def test_reviews_come_one_after_the_other(camille: Walk) -> None:
    reviews = [step.key for step in camille.run.steps if step.key.startswith("review-")]
    assert len(reviews) == 4
    for done, following in pairwise(reviews):
        settle(camille, done)
        assert standing(camille.run, on=START).next_review == due(camille, following)
    settle(camille, reviews[-1])
    assert standing(camille.run, on=START).next_review is None


def test_whoever_has_finished_is_done_and_never_late(camille: Walk) -> None:
    settle(camille)
    found = standing(camille.run, on=date(2030, 1, 1))
    assert (found.phase, found.status, found.late) == ("finished", "done", 0)
    assert (found.done, found.percent) == (33, 100)


def test_a_signature_that_does_not_come_is_a_risk(camille: Walk) -> None:
    settle_until(camille, START + timedelta(days=14))
    step = camille.run.steps[-1]
    step.state, step.answered_at = State.SUBMITTED, AT
    found = standing(camille.run, on=START)
    assert (found.course, found.status) == (
        Course.AT_RISK,
        "at risk: waiting for a signature: 1",
    )


@pytest.mark.parametrize(
    ("about", "course", "status"),
    [
        ({"is_paused": True}, Course.PAUSED, "paused"),
        ({"has_mentor": False}, Course.AT_RISK, "at risk: the mentor has left"),
        (
            {"probation_until": START + timedelta(days=14)},
            Course.AT_RISK,
            "at risk: the probation ends on 2027-02-15",
        ),
        ({"probation_until": START + timedelta(days=15)}, Course.ON_TRACK, "on track"),
        ({"mentor_is_away": True}, Course.ON_TRACK, "on track"),
    ],
)
def test_what_is_known_beside_the_steps(
    about: dict[str, object], course: Course, status: str
) -> None:
    tally = Tally(1, 2, 0, 0, 0, None, FIRST, None, None)
    here = replace(Circumstances(START), **about)  # type: ignore[arg-type]
    found = standing_of(tally, PHASES, here, on=START)
    assert (found.course, found.status) == (course, status)


def test_late_counts_before_every_risk_but_not_in_a_pause() -> None:
    tally = Tally(0, 2, 1, 1, 1, None, FIRST, FIRST, START)
    late = standing_of(tally, PHASES, Circumstances(START, has_mentor=False), on=START)
    assert late.course is Course.LATE
    rests = standing_of(tally, PHASES, Circumstances(START, is_paused=True), on=START)
    assert rests.course is Course.PAUSED


@given(total=st.integers(0, 60), data=st.data())
def test_progress_never_leaves_0_to_100(total: int, data: st.DataObject) -> None:
    done = data.draw(st.integers(0, total))
    tally = Tally(done, total, 0, 0, 0, None, FIRST, None, None)
    assert 0 <= tally.percent <= 100
    assert (tally.percent == 100) == (done == total)


def test_the_database_counts_as_the_steps_do(session: Session, camille: Walk) -> None:
    """Every state at every place, on days from before the path to after it."""
    states = list(State)
    for at, step in enumerate(camille.run.steps):
        step.state = states[at % len(states)]
        step.answered_at = AT if step.state == State.SUBMITTED else None
    session.flush()
    for offset in range(-20, 200, 11):
        on = START + timedelta(days=offset)
        counted = tallies(session, on=on)[camille.run.id]
        assert counted == tally_of(camille.run, on=on)
