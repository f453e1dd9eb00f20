"""Steps for one person alone."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from onboarding import services
from onboarding.errors import WalkEndedError
from onboarding.services import OwnStep, Walk
from onboarding.services.own_steps import phase_on
from opskit.checklists import services as checklists
from opskit.checklists.models import Step
from opskit.core.business_days import PUBLIC
from opskit.core.errors import InvalidError, NotFoundError
from tests.onboarding.walking import SIGNED, START, ZOE, answer, begin

WORDS: dict[str, Any] = {"calendar": PUBLIC, **SIGNED}


@pytest.fixture
def walk(session: Session) -> Walk:
    return begin(session)


def add(session: Session, walk: Walk, text: str, on: date, **more: Any) -> Step:
    return services.add_own_step(session, walk=walk, wish=OwnStep(text, on, **more), **WORDS)


def test_it_is_the_newcomers_unless_said_otherwise(session: Session, walk: Walk) -> None:
    step = add(session, walk, "Cours d'allemand, niveau B1", date(2027, 3, 1))
    assert (step.key, step.position, step.due_on) == (
        "own-step", 36, date(2027, 3, 1),
    )  # fmt: skip
    assert (step.asked.owner, step.asked.phase, step.asked.mandatory) == (
        "consultant", "weeks-2-4", False,
    )  # fmt: skip
    second = add(session, walk, "Cours d'allemand, niveau B1", date(2027, 4, 1), owner="mentor")
    assert (second.key, second.asked.owner) == ("own-step-2", "mentor")


def test_it_is_on_this_path_alone(session: Session, walk: Walk) -> None:
    other = begin(session, login="ann", name="Ann Kern")
    add(session, walk, "German course", START)
    assert len(walk.run.steps) == 36
    session.refresh(other.run, ["steps"])
    assert len(other.run.steps) == 35


def test_one_that_is_signed_waits_for_the_mentor(session: Session, walk: Walk) -> None:
    step = add(session, walk, "German course", START, is_signed=True)
    answer(session, walk, step.key, ZOE)
    assert step.state == "submitted"


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start_on=st.dates(date(2027, 1, 1), date(2027, 2, 28)),
    on=st.dates(date(2026, 11, 1), date(2027, 9, 1)),
)
def test_it_is_due_on_that_day_and_moves_along(session: Session, start_on: date, on: date) -> None:
    """On a day off the next business day counts; before the first day the one before."""
    with session.begin_nested() as nested:
        walk = begin(session, start_on=start_on)
        step = add(session, walk, "German course", on)
        if PUBLIC.is_business_day(on, "BE"):
            assert step.due_on == on
        elif on > start_on:
            assert step.due_on == PUBLIC.add(on, 0, "BE")
        before, to = step.due_on, PUBLIC.add(PUBLIC.add(start_on, 0, "BE"), 10, "BE")
        checklists.move_run(session, run=walk.run, to=to, **WORDS)
        assert step.due_on > before
        nested.rollback()
    session.expunge_all()


@pytest.mark.parametrize(
    ("more", "error", "message"),
    [
        ({"owner": "boss"}, NotFoundError, "nobody on a path is called 'boss'"),
        ({"phase": "month-9"}, NotFoundError, "has no phase 'month-9'"),
        ({"text": "  "}, InvalidError, "is empty"),
        ({"text": "Evil\x07"}, InvalidError, "cannot be seen"),
        ({"text": "x" * 500}, InvalidError, "is longer than"),
    ],
)
def test_what_is_refused(
    session: Session, walk: Walk, more: dict[str, str], error: type[Exception], message: str
) -> None:
    words = {"text": "German course", **more}
    with pytest.raises(error, match=message):
        add(session, walk, words.pop("text"), START, **words)
    assert len(walk.run.steps) == 35


def test_a_day_years_away_is_refused(session: Session, walk: Walk) -> None:
    for day in (date(2020, 1, 6), date(2035, 1, 8)):
        with pytest.raises(InvalidError, match=f"{day} is too far from the first day"):
            add(session, walk, "German course", day)


def test_nothing_is_added_to_a_path_that_is_over(session: Session, walk: Walk) -> None:
    services.undo(session, walk=walk, reason="wrong", **SIGNED)  # type: ignore[arg-type]
    with pytest.raises(WalkEndedError):
        add(session, walk, "German course", START)


def test_a_day_long_before_stands_in_the_first_phase(walk: Walk) -> None:
    assert phase_on(walk.run, date(2020, 1, 1)) == "before"
    assert phase_on(walk.run, date(2030, 1, 1)) == "months-4-6"
