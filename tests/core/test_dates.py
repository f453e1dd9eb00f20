from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.business_days import Calendar, Closure
from opskit.core.dates import parse_date
from opskit.core.errors import InvalidError

TODAY = date(2026, 12, 24)  # a Thursday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-01-20", date(2027, 1, 20)),
        ("31.12.2027", date(2027, 12, 31)),
        ("1.2.2027", date(2027, 2, 1)),
        ("today", TODAY),
        (" Today ", TODAY),
        ("tomorrow", date(2026, 12, 25)),
        ("yesterday", date(2026, 12, 23)),
        ("+1bd", date(2026, 12, 28)),
        ("-3bd", date(2026, 12, 21)),
        ("0bd", TODAY),
    ],
)
def test_what_people_type(text: str, expected: date) -> None:
    assert parse_date(text, today=TODAY, canton="BE") == expected


def test_business_days_follow_the_canton() -> None:
    eve = date(2027, 2, 26)
    assert parse_date("+1bd", today=eve, canton="NE") == date(2027, 3, 2)
    assert parse_date("+1bd", today=eve, canton="VD") == date(2027, 3, 1)
    assert parse_date("+1bd", today=eve) == date(2027, 3, 1)


def test_business_days_of_the_team() -> None:
    bridge = Calendar(closures=frozenset({Closure(date(2027, 5, 7), "pont")}))
    ascension = date(2027, 5, 6)
    assert parse_date("+1bd", today=ascension, calendar=bridge) == date(2027, 5, 10)
    assert parse_date("+1bd", today=ascension) == date(2027, 5, 7)


@pytest.mark.parametrize("text", ["2027-02-30", "31.02.2027", "2027-13-01", "0000-01-01"])
def test_days_that_do_not_exist(text: str) -> None:
    with pytest.raises(InvalidError, match="no day of the calendar") as caught:
        parse_date(text, today=TODAY)
    assert text in caught.value.message


@pytest.mark.parametrize(
    "text",
    ["", "20270120", "2027-W03-3", "01/20/2027", "20.1.27", "next week", "٢٠٢٧-٠١-٢٠", "2027-1-20"],
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_date(text, today=TODAY)
    assert "2027-01-20" in caught.value.hint


@pytest.mark.parametrize("text", ["10bd", "+10000bd", "bd"])
def test_no_offset(text: str) -> None:
    with pytest.raises(InvalidError, match="no number of business days"):
        parse_date(text, today=TODAY)


@given(day=st.dates())
def test_both_written_forms_come_back(day: date) -> None:
    assert parse_date(day.isoformat(), today=TODAY) == day
    assert parse_date(f"{day.day}.{day.month}.{day.year:04}", today=TODAY) == day


@given(text=st.text(max_size=12))
def test_anything_else_raises_nothing_but_invalid(text: str) -> None:
    with suppress(InvalidError):
        assert isinstance(parse_date(text, today=TODAY), date)
