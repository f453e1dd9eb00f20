import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.business_days import (
    CANTONS,
    PUBLIC,
    Calendar,
    Closure,
    holiday_names,
    parse_canton,
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
    assert PUBLIC.is_business_day(date.fromisoformat(day), canton) is expected


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
    reached = PUBLIC.add(date.fromisoformat(start), n, canton)
    assert reached == date.fromisoformat(expected)


@given(start=days, n=st.integers(-60, 60), canton=cantons)
def test_reaches_the_nth_business_day(start: date, n: int, canton: str | None) -> None:
    end = PUBLIC.add(start, n, canton)
    assert PUBLIC.is_business_day(end, canton)
    lower, upper = (start, end) if n >= 0 else (end, start)
    span = [lower + timedelta(days=i) for i in range((upper - lower).days + 1)]
    worked = [day for day in span if day != start and PUBLIC.is_business_day(day, canton)]
    if n:
        assert len(worked) == abs(n)
    else:
        assert worked in ([], [end])


@given(start=days, n=st.integers(1, 60), canton=cantons)
def test_the_way_back(start: date, n: int, canton: str | None) -> None:
    first = PUBLIC.add(start, 0, canton)
    assert PUBLIC.add(PUBLIC.add(first, n, canton), -n, canton) == first


@given(start=days, n=st.integers(-60, 59), canton=cantons)
def test_a_greater_number_is_never_earlier(start: date, n: int, canton: str | None) -> None:
    assert PUBLIC.add(start, n, canton) <= PUBLIC.add(start, n + 1, canton)


@pytest.mark.parametrize("canton", CANTONS)
def test_every_canton_has_its_calendar(canton: str) -> None:
    for year in range(2024, 2036):
        assert not PUBLIC.is_business_day(date(year, 1, 1), canton)
        assert not PUBLIC.is_business_day(date(year, 8, 1), canton)
        assert not PUBLIC.is_business_day(date(year, 12, 25), canton)


@given(day=days, canton=cantons)
def test_nobody_works_at_the_weekend(day: date, canton: str | None) -> None:
    if day.weekday() >= 5:
        assert not PUBLIC.is_business_day(day, canton)
        assert PUBLIC.why_closed(day, canton) is not None
    assert PUBLIC.is_business_day(day, canton) is (PUBLIC.why_closed(day, canton) is None)


@given(start=days, n=st.integers(0, 40), canton=cantons)
def test_a_closure_on_the_way_moves_the_date_by_one_business_day(
    start: date, n: int, canton: str | None
) -> None:
    reached = PUBLIC.add(start, n, canton)
    closed = Calendar(closures=frozenset({Closure(reached, "inventaire", canton)}))
    assert not closed.is_business_day(reached, canton)
    assert closed.why_closed(reached, canton) == "inventaire"
    assert closed.add(start, n, canton) == PUBLIC.add(reached, 1, canton)


@given(first=days, length=st.integers(0, 400), canton=cantons)
def test_the_business_days_of_a_period(first: date, length: int, canton: str | None) -> None:
    last = first + timedelta(days=length)
    every = [first + timedelta(days=i) for i in range(length + 1)]
    worked = [day for day in every if PUBLIC.is_business_day(day, canton)]
    assert PUBLIC.between(first, last, canton) == worked


CHRISTMAS_EVE = date(2027, 12, 24)  # a Friday
BRIDGE = date(2027, 5, 7)  # the day after Ascension
TEAM = Calendar(
    closures=frozenset({Closure(BRIDGE, "pont"), Closure(date(2027, 3, 1), "fermé", "BE")}),
    halves=frozenset({Closure(CHRISTMAS_EVE, "veille de Noël", "VD"), Closure(BRIDGE, "pont")}),
)


def test_a_closure_counts_where_it_was_recorded() -> None:
    assert not TEAM.is_business_day(BRIDGE, "ZH")
    assert not TEAM.is_business_day(BRIDGE, None)
    assert not TEAM.is_business_day(date(2027, 3, 1), "BE")
    assert TEAM.is_business_day(date(2027, 3, 1), "VD")
    assert TEAM.is_business_day(date(2027, 3, 1), None)


def test_a_half_day_is_a_business_day() -> None:
    assert TEAM.is_business_day(CHRISTMAS_EVE, "VD")
    assert TEAM.is_half_day(CHRISTMAS_EVE, "VD")
    assert not TEAM.is_half_day(CHRISTMAS_EVE, "BE")
    assert TEAM.add(date(2027, 12, 23), 1, "VD") == CHRISTMAS_EVE
    assert TEAM.why_closed(CHRISTMAS_EVE, "VD") is None


def test_a_day_that_is_closed_is_no_half_day() -> None:
    assert not TEAM.is_half_day(BRIDGE, "VD")
    sunday = Calendar(halves=frozenset({Closure(date(2027, 12, 26), "demi")}))
    assert not sunday.is_half_day(date(2027, 12, 26), None)


def test_why_nobody_works() -> None:
    assert TEAM.why_closed(date(2027, 3, 1), "NE") == "Republic Day"
    assert TEAM.why_closed(date(2027, 3, 1), "BE") == "fermé"
    assert TEAM.why_closed(date(2027, 8, 1), "BE") == "National Day"  # a Sunday
    assert TEAM.why_closed(date(2027, 8, 7), "BE") == "weekend"
    assert TEAM.why_closed(date(2027, 8, 6), "BE") is None


def test_calendars_with_the_same_days_are_equal() -> None:
    TEAM.add(BRIDGE, 3, "BE")  # and what it reckoned before does not count
    assert Calendar(closures=TEAM.closures, halves=TEAM.halves) == TEAM
    assert hash(Calendar()) == hash(PUBLIC)
    assert Calendar() != TEAM


def test_holidays_have_the_names_of_the_persons_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opskit.core.business_days.language", lambda: "fr")
    assert holiday_names("NE", 2027)[date(2027, 3, 1)] == "Instauration de la République"
    monkeypatch.setattr("opskit.core.business_days.language", lambda: "en")
    assert holiday_names("NE", 2027)[date(2027, 3, 1)] == "Republic Day"


def test_ten_thousand_additions_take_a_moment() -> None:
    starts = [date(2027, 1, 1) + timedelta(days=i % 365) for i in range(10_000)]
    begin = time.perf_counter()
    for i, start in enumerate(starts):
        TEAM.add(start, i % 41 - 20, CANTONS[i % len(CANTONS)])
    assert time.perf_counter() - begin < 0.5  # 0.05 s on a quiet machine


def test_a_canton_is_read_in_either_case() -> None:
    assert parse_canton(" be ") == "BE"
    with pytest.raises(InvalidError, match="'XX' is no Swiss canton"):
        parse_canton("xx")


def test_an_unknown_canton_is_named_with_the_nearest() -> None:
    with pytest.raises(InvalidError, match="'be' is no Swiss canton") as caught:
        PUBLIC.is_business_day(date(2027, 1, 20), "be")
    assert "BE" in caught.value.hint


@pytest.mark.parametrize(
    ("start", "n"), [(date.max, 1), (date.max, 400), (date.min, -1), (date.min, -400)]
)
def test_the_end_of_the_calendar(start: date, n: int) -> None:
    with pytest.raises(InvalidError, match="end of the calendar"):
        PUBLIC.add(start, n, "BE")


@pytest.mark.parametrize(
    ("text", "n"), [("-10bd", -10), ("+3bd", 3), ("0bd", 0), ("+0bd", 0), ("-126bd", -126)]
)
def test_offsets(text: str, n: int) -> None:
    assert parse_offset(text) == n


@pytest.mark.parametrize("text", ["10bd", "-10", "-10d", "bd", "", "+1000bd", "-١bd", "- 1bd"])
def test_no_offsets(text: str) -> None:
    with pytest.raises(InvalidError, match="no number of business days"):
        parse_offset(text)
