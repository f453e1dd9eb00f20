"""Why somebody is reminded: once before, once when it is late, once when it has been for a week."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.todo.reasons import Reason, reason_for
from tests.todo.samples import DAY, TODAY, item

DAYS = st.integers(-400, 400)
NOTICES = st.integers(0, 90)


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        (4, None),
        (3, Reason.DUE_SOON),
        (0, Reason.DUE_SOON),
        (-1, Reason.LATE),
        (-6, Reason.LATE),
        (-7, Reason.LATE_BY_A_WEEK),
        (-700, Reason.LATE_BY_A_WEEK),
    ],
)
def test_by_the_day(days: int, reason: Reason | None) -> None:
    assert reason_for(item("L1", TODAY + days * DAY), today=TODAY) is reason


def test_without_a_day_it_is_open() -> None:
    assert reason_for(item("L1", None), today=TODAY) is Reason.OPEN


def test_a_longer_notice_is_the_items_own_or_asked_for() -> None:
    far = item("L1", TODAY + 20 * DAY, notice=30)
    assert reason_for(far, today=TODAY) is Reason.DUE_SOON
    assert reason_for(far, today=TODAY, within=10) is None


@given(DAYS, NOTICES)
def test_it_is_late_exactly_when_the_list_says_so(days: int, notice: int) -> None:
    due = item("L1", TODAY + timedelta(days=days), notice=notice)
    reason = reason_for(due, today=TODAY)
    assert (reason is not None and reason.is_late) == due.is_late(on=TODAY)


@given(DAYS, NOTICES, st.lists(st.integers(1, 30), max_size=30))
def test_as_time_goes_on_each_reason_comes_once_and_in_order(
    days: int, notice: int, steps: list[int]
) -> None:
    due = item("L1", TODAY + timedelta(days=days), notice=notice)
    moments: list[date] = [TODAY]
    for step in steps:
        moments.append(moments[-1] + timedelta(days=step))
    order = [None, Reason.DUE_SOON, Reason.LATE, Reason.LATE_BY_A_WEEK]
    found = [order.index(reason_for(due, today=moment)) for moment in moments]
    assert found == sorted(found)
