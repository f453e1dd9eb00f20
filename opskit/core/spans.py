"""Spans of time as people type them: `60d`, `8w` or `3m` from a day."""

import re
from calendar import monthrange
from datetime import date, timedelta

from opskit.core.errors import InvalidError
from opskit.core.i18n import _

MONTHS_A_YEAR = 12
MOST_MONTHS = 600
_SPAN = re.compile(r"([1-9][0-9]{0,3})([dwm])")


def parse_window(text: str, *, today: date) -> date:
    """The last day of `60d`, `8w` or `3m` from today.

    Raises:
        InvalidError: it is no such span.
    """
    span = _SPAN.fullmatch(text.strip().lower())
    if span is None:
        raise InvalidError(
            _("{text} is no span of time").format(text=repr(text)),
            hint=_("days, weeks or months: 60d, 8w, 3m"),
        )
    count = int(span[1])
    if span[2] == "m":
        return months_after(today, count)
    return today + timedelta(days=count * (7 if span[2] == "w" else 1))


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last day: 2027-01-31 and 1 is 2027-02-28.

    Raises:
        InvalidError: more than fifty years.
    """
    if months > MOST_MONTHS:
        raise InvalidError(
            _("{months} months are too many").format(months=months),
            hint=_("at most {most} months").format(most=MOST_MONTHS),
        )
    years, month = divmod(day.month - 1 + months, MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
