"""When a probation ends: pure, in calendar months as the law counts them (CO art. 335b)."""

from calendar import monthrange
from datetime import date, timedelta

MONTHS = 3  # the longest that may be agreed; an absence prolongs it


def probation_end(first_day: date) -> date:
    """The last day of the probation of somebody who begins on that day."""
    month = first_day.month - 1 + MONTHS
    year, month = first_day.year + month // 12, month % 12 + 1
    day = min(first_day.day, monthrange(year, month)[1])
    same_day = date(year, month, day)
    return same_day if day < first_day.day else same_day - timedelta(days=1)
