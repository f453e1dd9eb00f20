"""Dates as people type them."""

import re
from datetime import date, timedelta

from opskit.core.business_days import PUBLIC, Calendar, parse_offset
from opskit.core.errors import InvalidError
from opskit.core.i18n import _

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SWISS = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_NAMED = {"yesterday": -1, "today": 0, "tomorrow": 1}


def parse_date(
    text: str, *, today: date, canton: str | None = None, calendar: Calendar = PUBLIC
) -> date:
    """`2027-01-20`, `31.12.2027`, `today`, `tomorrow`, `yesterday`, `+10bd` or `-3bd`.

    Business days count from `today`, as the calendar has them in the canton.

    Raises:
        InvalidError: it is none of these, or no day of the calendar (31.02.2027).
    """
    typed = text.strip().lower()
    if typed in _NAMED:
        return today + timedelta(days=_NAMED[typed])
    if typed.endswith("bd"):
        return calendar.add(today, parse_offset(typed), canton)
    try:
        if _ISO.fullmatch(typed):
            return date.fromisoformat(typed)
        if swiss := _SWISS.fullmatch(typed):
            return date(int(swiss[3]), int(swiss[2]), int(swiss[1]))
    except ValueError as err:
        raise _no_date(text, _("{text} is no day of the calendar")) from err
    raise _no_date(text, _("{text} is no date"))


def _no_date(text: str, message: str) -> InvalidError:
    return InvalidError(
        message.format(text=repr(text)),
        hint=_("write 2027-01-20, 20.01.2027, today or +10bd"),
    )
