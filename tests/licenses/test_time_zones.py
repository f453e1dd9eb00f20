"""A printed day is usable wherever one is, from UTC-12 to UTC+14, leap days included."""

from datetime import date, datetime, time, timedelta, timezone

import pytest

from licenses.validity import Standing, standing
from tests.licenses.samples import sample

ZONES = [timezone(timedelta(minutes=minutes)) for minutes in range(-12 * 60, 14 * 60 + 1, 15)]
LAST_DAYS = (date(2028, 2, 29), date(2027, 2, 28), date(2027, 12, 31), date(2028, 3, 26))


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_the_first_and_the_last_minute_on_the_wall(zone: timezone) -> None:
    for day in LAST_DAYS:
        payload = sample(valid_from=day, last_day=day, grace_days=0)
        for wall in (time(0, 0), time(12, 0), time(23, 59, 59)):
            at = datetime.combine(day, wall, zone)
            assert standing(payload, at=at) is Standing.VALID


@pytest.mark.parametrize("day", LAST_DAYS, ids=str)
def test_it_ends_when_the_day_is_over_everywhere(day: date) -> None:
    payload = sample(valid_from=day, last_day=day, grace_days=0)
    west = timezone(timedelta(hours=-12))
    midnight = datetime.combine(day + timedelta(days=1), time(), west)
    assert standing(payload, at=midnight - timedelta(microseconds=1)) is Standing.VALID
    assert standing(payload, at=midnight) is Standing.EXPIRED
