"""Spans of time as people type them: `+12m` after a day, `60d` from today."""

import re
from calendar import monthrange
from datetime import date, timedelta

from opskit.core.dates import parse_date
from opskit.core.errors import InvalidError
from opskit.core.i18n import _

NO_END = "none"
MONTHS_A_YEAR = 12
MOST_MONTHS = 600
_MONTHS = re.compile(r"\+([1-9][0-9]{0,2})m")
_SPAN = re.compile(r"([1-9][0-9]{0,3})([dwm])")


def parse_end(
    text: str, *, today: date, old: date | None = None, first: date | None = None
) -> date | None:
    """A day, months after the old end (`+12m` of 2027-11-04 is 2028-11-04), or the word `none`.

    Without an old end they are the months from the `first` day on: `+12m` from 2027-01-01 ends on
    2027-12-31.

    Raises:
        InvalidError: it is none of these, or there is nothing to count from.
    """
    if text.strip().lower() == NO_END:
        return None
    months = _MONTHS.fullmatch(text.strip().lower())
    if months is None:
        return parse_date(text, today=today)
    if old is None and first is not None:
        return months_after(first, int(months[1])) - timedelta(days=1)
    if old is None:
        raise InvalidError(
            _("{text}: there is no end to count from").format(text=text),
            hint=_("give a day, such as 2027-12-31"),
        )
    return months_after(old, int(months[1]))


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
