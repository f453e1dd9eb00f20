from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenses.keyformat import LicensePayload
from licenses.validity import Standing, standing
from tests.licenses.samples import SAMPLE
from tests.licenses.strategies import days, payloads

zones = st.integers(-12 * 4, 14 * 4).map(
    lambda quarters: timezone(timedelta(minutes=15 * quarters))
)
times = st.times()


@given(payloads(), zones, times, st.data())
def test_every_printed_day_is_usable_in_every_time_zone(
    payload: LicensePayload, zone: timezone, clock: time, data: st.DataObject
) -> None:
    last = payload.last_day or payload.valid_from + timedelta(days=400)
    day = data.draw(st.dates(payload.valid_from, last))
    at = datetime.combine(day, clock, zone)
    assert standing(payload, at=at) is Standing.VALID


@given(days, zones, st.integers(0, 255))
def test_grace_follows_the_last_day_and_ends(last: date, zone: timezone, grace: int) -> None:
    payload = replace(SAMPLE, valid_from=last, last_day=last, grace_days=grace)
    noon = datetime.combine(last, time(), UTC) + timedelta(days=1, hours=12)
    just_before = timedelta(seconds=1)
    assert standing(payload, at=(noon - just_before).astimezone(zone)) is Standing.VALID
    ends = noon + timedelta(days=grace)
    after = Standing.GRACE if grace else Standing.EXPIRED
    assert standing(payload, at=noon.astimezone(zone)) is after
    assert standing(payload, at=(ends - just_before).astimezone(zone)) in (
        Standing.VALID,
        Standing.GRACE,
    )
    assert standing(payload, at=ends.astimezone(zone)) is Standing.EXPIRED


def test_an_instant_without_a_time_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="time zone"):
        standing(SAMPLE, at=datetime(2027, 1, 1))  # noqa: DTZ001 -- the point of the test
