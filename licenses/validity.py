"""Printed days on the clock (docs/spec/license-key-v1.md, section 2.1).

A day counts from where it begins first on Earth (UTC+14) to where it ends last (UTC-12), so that no
time zone, of the issuer or of the machine, takes a paid day away.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from licenses.payload import LicensePayload

_FIRST_BEGIN: Final = timedelta(hours=-14)
_LAST_END: Final = timedelta(days=1, hours=12)


class Standing(StrEnum):
    """Where a licence is in its life."""

    NOT_YET_VALID = "not-yet-valid"
    VALID = "valid"
    GRACE = "grace"
    EMERGENCY = "emergency"
    EXPIRED = "expired"


def begins_at(day: date) -> datetime:
    """The first instant at which it is this day somewhere on Earth."""
    return datetime.combine(day, time(), UTC) + _FIRST_BEGIN


def ends_at(day: date) -> datetime:
    """The first instant at which it is this day nowhere on Earth any more."""
    return datetime.combine(day, time(), UTC) + _LAST_END


def standing(
    payload: LicensePayload, *, at: datetime, emergency_until: datetime | None = None
) -> Standing:
    """Where the licence is at an instant; grace is the time after the last day that only warns.

    An emergency code puts the end off until `emergency_until`, which is excluded.

    Raises:
        ValueError: an instant has no time zone.
    """
    for instant in (at, emergency_until):
        if instant is not None and instant.tzinfo is None:
            raise ValueError("an instant without a time zone cannot be compared")
    if at < begins_at(payload.valid_from):
        return Standing.NOT_YET_VALID
    if payload.last_day is None or at < ends_at(payload.last_day):
        return Standing.VALID
    if at < ends_at(payload.last_day + timedelta(days=payload.grace_days)):
        return Standing.GRACE
    if emergency_until is not None and at < emergency_until:
        return Standing.EMERGENCY
    return Standing.EXPIRED
