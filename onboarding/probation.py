"""When a probation ends: pure, in calendar months as the law counts them (CO art. 335b)."""

from calendar import monthrange
from datetime import date, timedelta

MONTHS = 3  # the longest that may be agreed; an absence prolongs it
FAR = 6  # months: who prolongs it by more has perhaps mistyped the year


def probation_end(first_day: date) -> date:
    """The last day of the probation of somebody who begins on that day."""
    same_day = _months_later(first_day, MONTHS)
    return same_day if same_day.day < first_day.day else same_day - timedelta(days=1)


def is_far(end: date, until: date) -> bool:
    """Whether that is a day to ask about, after a probation that ended on the other."""
    return until > _months_later(end, FAR)


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
