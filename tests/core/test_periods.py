"""Periods of whole days, and days that come back every month."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.errors import InvalidError
from opskit.core.periods import DaysOfMonth, Period, parse_days_of_month, parse_period

TODAY = date(2026, 11, 24)
days = st.dates(date(2024, 1, 1), date(2035, 12, 31))


def test_both_ends_belong_to_a_period() -> None:
    period = parse_period("2027-01-25", "03.02.2027", today=TODAY)
    assert period == Period(date(2027, 1, 25), date(2027, 2, 3))
    assert period.covers(period.first)
    assert period.covers(period.last)
    assert not period.covers(date(2027, 1, 24))
    assert not period.covers(date(2027, 2, 4))
    assert period.in_words() == "2027-01-25 to 2027-02-03"
    assert Period(TODAY, TODAY).in_words() == "2026-11-24"


def test_a_period_ends_no_earlier_than_it_begins() -> None:
    with pytest.raises(InvalidError, match="2027-01-24 is before 2027-01-25") as caught:
        parse_period("2027-01-25", "2027-01-24", today=TODAY)
    assert "--from" in caught.value.hint


@given(days, days, days, days)
def test_periods_overlap_where_they_share_a_day(a: date, b: date, c: date, d: date) -> None:
    one, other = Period(min(a, b), max(a, b)), Period(min(c, d), max(c, d))
    shared = one.covers(other.first) or other.covers(one.first)
    assert one.overlaps(other) is other.overlaps(one) is shared


@pytest.mark.parametrize(
    ("text", "day", "covered"),
    [
        ("25-3", "2027-01-24", False),
        ("25-3", "2027-01-25", True),
        ("25-3", "2027-02-03", True),
        ("25-3", "2027-02-04", False),
        ("5-10", "2027-01-04", False),
        ("5-10", "2027-01-05", True),
        ("5-10", "2027-01-10", True),
        ("5-10", "2027-01-11", False),
        ("30-2", "2027-02-27", False),
        ("30-2", "2027-02-28", True),  # the 30th of a short month is its last day
        ("30-2", "2028-02-28", False),
        ("31-31", "2027-04-30", True),
        ("31-31", "2027-04-29", False),
        ("15 - 15", "2027-04-15", True),
    ],
)
def test_days_that_come_back_every_month(text: str, day: str, covered: bool) -> None:
    assert parse_days_of_month(text).covers(date.fromisoformat(day)) is covered


@given(first=st.integers(1, 31), last=st.integers(1, 31), day=days)
def test_every_month_has_its_days(first: int, last: int, day: date) -> None:
    if (first, last) == (1, 31) or last == first - 1:
        with pytest.raises(InvalidError):
            DaysOfMonth(first, last)
        return
    monthly = DaysOfMonth(first, last)
    month = [day.replace(day=1) + timedelta(days=i) for i in range(28)]
    assert any(monthly.covers(each) for each in [*month, *_rest(month[-1])])


def _rest(day: date) -> list[date]:
    after = [day + timedelta(days=i) for i in (1, 2, 3)]
    return [each for each in after if each.month == day.month]


@pytest.mark.parametrize(
    "text", ["", "25", "25-", "-3", "0-3", "25-32", "1-31", "4-3", "a-b", "²-3"]
)
def test_no_days_of_a_month(text: str) -> None:
    with pytest.raises(InvalidError, match="are no days of every month") as caught:
        parse_days_of_month(text)
    assert "25-3" in caught.value.hint
