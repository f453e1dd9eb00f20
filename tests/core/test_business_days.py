from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.business_days import (
    CANTONS,
    add_business_days,
    is_business_day,
    parse_offset,
)
from opskit.core.errors import InvalidError

days = st.dates(date(2024, 1, 1), date(2035, 12, 31))
cantons = st.sampled_from([None, *CANTONS])


@pytest.mark.parametrize(
    ("day", "canton", "expected"),
    [
        ("2027-01-20", "BE", True),  # a Wednesday
        ("2027-01-23", "BE", False),  # Saturday
        ("2027-01-24", "BE", False),  # Sunday
        ("2027-03-01", "NE", False),  # Instauration de la République
        ("2027-03-01", "VD", True),
        ("2027-06-23", "JU", False),  # Commémoration du plébiscite jurassien
        ("2027-06-23", "BE", True),
        ("2027-09-20", "VD", False),  # lundi du Jeûne fédéral
        ("2027-09-09", "GE", False),  # Jeûne genevois
        ("2027-05-06", None, False),  # Ascension, everywhere
        ("2027-03-26", None, True),  # Good Friday, not in every canton
        ("2027-12-24", "BE", True),  # a half-day
    ],
)
def test_known_days(day: str, canton: str | None, expected: bool) -> None:
    assert is_business_day(date.fromisoformat(day), canton) is expected


@pytest.mark.parametrize(
    ("start", "n", "canton", "expected"),
    [
        ("2027-01-20", -20, "BE", "2026-12-21"),  # over Christmas, New Year and Berchtold
        ("2027-01-20", 3, "BE", "2027-01-25"),
        ("2027-01-23", 0, "BE", "2027-01-25"),  # a Saturday rolls to Monday
        ("2027-01-23", -1, "BE", "2027-01-22"),
        ("2027-01-23", 1, "BE", "2027-01-25"),
        ("2027-01-20", 0, "BE", "2027-01-20"),
        ("2027-03-25", 1, "BE", "2027-03-30"),  # over Easter
        ("2027-03-25", 1, "VS", "2027-03-26"),  # Valais works on Good Friday
        ("2027-12-31", 1, "VD", "2028-01-03"),
    ],
)
def test_known_steps(start: str, n: int, canton: str, expected: str) -> None:
    reached = add_business_days(date.fromisoformat(start), n, canton)
    assert reached == date.fromisoformat(expected)


@given(start=days, n=st.integers(-60, 60), canton=cantons)
def test_reaches_the_nth_business_day(start: date, n: int, canton: str | None) -> None:
    end = add_business_days(start, n, canton)
    assert is_business_day(end, canton)
    lower, upper = (start, end) if n >= 0 else (end, start)
    span = [lower + timedelta(days=i) for i in range((upper - lower).days + 1)]
    worked = [day for day in span if day != start and is_business_day(day, canton)]
    if n:
        assert len(worked) == abs(n)
    else:
        assert worked in ([], [end])


@given(start=days, n=st.integers(1, 60), canton=cantons)
def test_the_way_back(start: date, n: int, canton: str | None) -> None:
    first = add_business_days(start, 0, canton)
    assert add_business_days(add_business_days(first, n, canton), -n, canton) == first


@given(start=days, n=st.integers(-60, 59), canton=cantons)
def test_a_greater_number_is_never_earlier(start: date, n: int, canton: str | None) -> None:
    assert add_business_days(start, n, canton) <= add_business_days(start, n + 1, canton)


@pytest.mark.parametrize("canton", CANTONS)
def test_every_canton_has_its_calendar(canton: str) -> None:
    for year in range(2024, 2036):
        assert not is_business_day(date(year, 1, 1), canton)
        assert not is_business_day(date(year, 8, 1), canton)
        assert not is_business_day(date(year, 12, 25), canton)


def test_an_unknown_canton_is_named_with_the_nearest() -> None:
    with pytest.raises(InvalidError, match="'be' is no Swiss canton") as caught:
        is_business_day(date(2027, 1, 20), "be")
    assert "BE" in caught.value.hint


@pytest.mark.parametrize(("start", "n"), [(date.max, 1), (date.max, 400), (date.min, -1)])
def test_the_end_of_the_calendar(start: date, n: int) -> None:
    with pytest.raises(InvalidError, match="end of the calendar"):
        add_business_days(start, n, "BE")


@pytest.mark.parametrize(
    ("text", "n"), [("-10bd", -10), ("+3bd", 3), ("0bd", 0), ("+0bd", 0), ("-126bd", -126)]
)
def test_offsets(text: str, n: int) -> None:
    assert parse_offset(text) == n


@pytest.mark.parametrize("text", ["10bd", "-10", "-10d", "bd", "", "+1000bd", "-١bd", "- 1bd"])
def test_no_offsets(text: str) -> None:
    with pytest.raises(InvalidError, match="no number of business days"):
        parse_offset(text)
