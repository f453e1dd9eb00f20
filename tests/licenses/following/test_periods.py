"""Ends as people type them."""

from datetime import date

import pytest

from licenses.following.periods import parse_end
from opskit.core.errors import InvalidError

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("first", "end"),
    [
        (date(2027, 1, 1), date(2027, 12, 31)),
        (date(2027, 3, 1), date(2028, 2, 29)),
        (TODAY, date(2027, 11, 23)),
    ],
)
def test_months_of_a_first_licence_count_from_its_first_day(first: date, end: date) -> None:
    assert parse_end("+12m", today=TODAY, first=first) == end


def test_an_old_end_goes_before_the_first_day() -> None:
    old = date(2027, 11, 4)
    assert parse_end("+12m", today=TODAY, old=old, first=TODAY) == date(2028, 11, 4)


def test_nothing_to_count_from() -> None:
    with pytest.raises(InvalidError, match="there is no end to count from"):
        parse_end("+12m", today=TODAY)
