"""The end of a period as people type it: a day, or `+12m` after another."""

import re
from datetime import date, timedelta

from opskit.core.dates import parse_date
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.spans import months_after

NO_END = "none"
_MONTHS = re.compile(r"\+([1-9][0-9]{0,2})m")


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
