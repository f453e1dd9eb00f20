"""Days as letters write them."""

from datetime import date

import pytest

from opskit.core.long_dates import long_date


@pytest.mark.parametrize(
    ("language", "first", "later"),
    [
        ("fr", "1er janvier 2027", "31 décembre 2027"),
        ("de", "1. Januar 2027", "31. Dezember 2027"),
        ("it", "1º gennaio 2027", "31 dicembre 2027"),
        ("en", "1 January 2027", "31 December 2027"),
        ("rm", "1 January 2027", "31 December 2027"),
    ],
)
def test_the_first_and_the_last_day_of_a_year(language: str, first: str, later: str) -> None:
    assert long_date(date(2027, 1, 1), language) == first
    assert long_date(date(2027, 12, 31), language) == later


@pytest.mark.parametrize("language", ["fr", "de", "it", "en"])
def test_every_month_has_its_own_name(language: str) -> None:
    days = {long_date(date(2027, month, 5), language) for month in range(1, 13)}
    assert len(days) == 12
    assert all(day.endswith(" 2027") for day in days)
