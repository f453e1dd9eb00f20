"""Days that move: the first one, a pause, the end of the probation."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from onboarding import services
from onboarding.errors import WalkEndedError
from onboarding.models import Pause
from onboarding.probation import probation_end
from onboarding.services import Walk
from onboarding.services.pausing import plan_resume
from opskit.checklists import services as checklists
from opskit.checklists.errors import ReasonMissingError
from opskit.core.business_days import PUBLIC
from opskit.core.errors import ConflictError, InvalidError
from tests.onboarding.walking import AT, BOSS, SIGNED, START, begin, dates, last_event, settle

TODAY = date(2027, 2, 10)


@pytest.fixture
def walk(session: Session) -> Walk:
    return begin(session)


def pause(session: Session, walk: Walk, on: date, *, today: date | None = None) -> Pause:
    words = {"on": on, "today": today or on, "reason": "ill", "at": AT, "actor": BOSS}
    return services.pause(session, walk=walk, **words)  # type: ignore[arg-type]


def resume(session: Session, walk: Walk, on: date) -> int:
    moved = services.resume(session, walk=walk, on=on, calendar=PUBLIC, at=AT, actor=BOSS)
    return len(moved)


def move(session: Session, walk: Walk, to: date) -> None:
    """As the command does."""
    anchor = services.anchor_of(session, walk.run, to, PUBLIC)
    checklists.move_run(session, run=walk.run, to=anchor, calendar=PUBLIC, at=AT, actor=BOSS)
    services.enter_first_day(session, walk.run, to=to)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.dates(date(2026, 6, 1), date(2027, 6, 1)), rest=st.integers(0, 60))
def test_open_dates_move_by_the_business_days_of_the_pause(
    session: Session, first: date, rest: int
) -> None:
    """Also in pieces, and whatever holidays lie in it."""
    with session.begin_nested() as nested:
        start = PUBLIC.add(first, 0, "BE")
        walk = begin(session, start_on=start)
        before = dates(walk)
        settle(walk, "mentor")
        begun = start + timedelta(days=7)
        pause(session, walk, begun)
        ended = begun + timedelta(days=rest)
        resume(session, walk, ended)
        days = len(PUBLIC.between(begun, ended - timedelta(days=1), "BE")) if rest else 0
        for key, day in dates(walk).items():
            moved = before[key] if key == "mentor" else PUBLIC.add(before[key], days, "BE")
            assert day == moved, key
        assert walk.consultant.probation_until == probation_end(start) + timedelta(days=rest)
        nested.rollback()
    session.expunge_all()


def test_a_pause_is_told_and_counted(session: Session, walk: Walk) -> None:
    made = pause(session, walk, date(2027, 2, 8), today=TODAY)
    assert (walk.consultant.state, made.days) == ("paused", 0)
    event = last_event(session)
    assert (event.action, event.subject) == ("onboarding.paused", walk.run.name)
    assert event.after == {"on": "2027-02-08"}
    assert (event.personal or {})["reason"] == "ill"
    planned = plan_resume(session, walk, on=date(2027, 2, 15), calendar=PUBLIC)
    assert len(planned) == resume(session, walk, date(2027, 2, 15)) == len(walk.run.steps)
    assert (walk.consultant.state, made.days, made.resumed_on) == (
        "active", 5, date(2027, 2, 15),
    )  # fmt: skip
    assert walk.consultant.start_on == START  # the first day was what it was
    assert walk.run.anchor_on == date(2027, 2, 8)


def test_a_pause_within_a_weekend_moves_nothing(session: Session, walk: Walk) -> None:
    pause(session, walk, date(2027, 2, 6))
    assert resume(session, walk, date(2027, 2, 8)) == 0
    assert walk.run.anchor_on == START


def test_what_a_pause_refuses(session: Session, walk: Walk) -> None:
    with pytest.raises(ConflictError, match="does not rest"):
        resume(session, walk, TODAY)
    with pytest.raises(InvalidError, match="lies ahead"):
        pause(session, walk, date(2027, 3, 1), today=TODAY)
    words = {"on": TODAY, "today": TODAY, "reason": " ", "at": AT, "actor": BOSS}
    with session.begin_nested(), pytest.raises(ReasonMissingError):
        services.pause(session, walk=walk, **words)  # type: ignore[arg-type]


def test_pauses_one_after_the_other(session: Session, walk: Walk) -> None:
    pause(session, walk, date(2027, 2, 8))
    with pytest.raises(ConflictError, match="rests already"):
        pause(session, walk, date(2027, 2, 9))
    with pytest.raises(InvalidError, match="is before the pause"):
        resume(session, walk, date(2027, 2, 5))
    resume(session, walk, date(2027, 2, 15))
    with pytest.raises(InvalidError, match="before the end of the last pause"):
        pause(session, walk, date(2027, 2, 10), today=date(2027, 2, 20))
    pause(session, walk, date(2027, 2, 15))
    resume(session, walk, date(2027, 2, 17))
    assert walk.run.anchor_on == date(2027, 2, 10)  # five days, and two


@pytest.mark.parametrize("twice", [False, True])
def test_another_first_day_moves_the_dates_and_the_probation(
    session: Session, walk: Walk, twice: bool
) -> None:
    first = dates(walk)
    move(session, walk, date(2027, 3, 1))
    if twice:
        move(session, walk, START)
        assert dates(walk) == first
    expected = START if twice else date(2027, 3, 1)
    assert (walk.consultant.start_on, walk.run.anchor_on) == (expected, expected)
    assert walk.consultant.probation_until == probation_end(expected)


def test_another_first_day_keeps_what_the_pauses_took(session: Session, walk: Walk) -> None:
    pause(session, walk, date(2027, 2, 8))
    resume(session, walk, date(2027, 2, 15))
    move(session, walk, date(2027, 2, 2))
    assert walk.consultant.start_on == date(2027, 2, 2)
    assert walk.run.anchor_on == date(2027, 2, 9)
    assert walk.consultant.probation_until == probation_end(date(2027, 2, 2)) + timedelta(days=7)


def test_a_probation_that_was_agreed_stays(session: Session, walk: Walk) -> None:
    before = services.extend(
        session, walk=walk, until=date(2027, 6, 30), reason="agreed", at=AT, actor=BOSS
    )
    assert (before, walk.consultant.probation_until) == (date(2027, 4, 30), date(2027, 6, 30))
    assert last_event(session).before == {"until": "2027-04-30"}
    move(session, walk, date(2027, 2, 15))
    assert walk.consultant.probation_until == date(2027, 6, 30)
    with pytest.raises(InvalidError, match="lasts until 2027-06-30 already") as caught:
        services.extend(
            session, walk=walk, until=date(2027, 6, 30), reason="again", at=AT, actor=BOSS
        )
    assert "--until 2027-07-30" in caught.value.hint


def test_a_walk_that_is_over_neither_rests_nor_lasts(session: Session, walk: Walk) -> None:
    services.undo(session, walk=walk, reason="wrong", **SIGNED)  # type: ignore[arg-type]
    with pytest.raises(WalkEndedError, match=r"O[0-9]+ of Zoé Kern is over: undone"):
        pause(session, walk, TODAY)
    with pytest.raises(WalkEndedError):
        services.extend(session, walk=walk, until=date(2028, 1, 1), reason="x", at=AT, actor=BOSS)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2027, 2, 1), date(2027, 4, 30)),
        (date(2026, 12, 1), date(2027, 2, 28)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 1, 15), date(2027, 4, 14)),
        (date(2027, 10, 31), date(2028, 1, 30)),
    ],
)
def test_a_probation_of_three_months(first: date, last: date) -> None:
    assert probation_end(first) == last


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_probation_is_about_a_quarter(first: date) -> None:
    assert timedelta(days=88) <= probation_end(first) - first <= timedelta(days=92)
