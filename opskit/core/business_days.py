"""Business days in Switzerland: Monday to Friday, without the canton's public holidays.

Half-days (24 and 31 December, Sechseläuten) count as business days, and so do the customary
days off that a canton's law does not name, such as Easter Monday in Neuchâtel.

Source of the holidays: the `holidays` package, which follows the list of the Federal Office of
Justice. It is imported late, because most commands never ask for a business day.
"""

import re
from datetime import date, timedelta
from functools import cache

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.text import did_you_mean

CANTONS = (
    *("AG", "AI", "AR", "BE", "BL", "BS", "FR", "GE", "GL", "GR", "JU", "LU", "NE"),
    *("NW", "OW", "SG", "SH", "SO", "SZ", "TG", "TI", "UR", "VD", "VS", "ZG", "ZH"),
)

ONE_DAY = timedelta(days=1)
SATURDAY = 5
_OFFSET = re.compile(r"(?:[+-][0-9]{1,3}|0)bd")


def is_business_day(day: date, canton: str | None) -> bool:
    """Whether people work on that day; without a canton only the holidays of all cantons count.

    Raises:
        InvalidError: there is no such canton.
    """
    return day.weekday() < SATURDAY and day not in _holidays(canton, day.year)


def add_business_days(start: date, n: int, canton: str | None) -> date:
    """The n-th business day after `start`, or before it where n is negative.

    `start` itself need not be a business day: a patch on a Saturday has its -1bd on Friday and
    its +1bd on Monday. With n = 0 a day off rolls forward to the next business day.

    Raises:
        InvalidError: there is no such canton, or the calendar ends before the day is reached.
    """
    day = start
    try:
        if n == 0:
            while not is_business_day(day, canton):
                day += ONE_DAY
            return day
        step = ONE_DAY if n > 0 else -ONE_DAY
        for _count in range(abs(n)):
            day += step
            while not is_business_day(day, canton):
                day += step
    except OverflowError as err:
        raise InvalidError(
            _("{date} is too near the end of the calendar").format(date=start),
            hint=_("give a date such as 2027-01-20"),
        ) from err
    return day


def parse_offset(text: str) -> int:
    """`-10bd` is -10, `+3bd` is 3, `0bd` is 0; a number other than 0 carries its sign.

    Raises:
        InvalidError: it is no offset in business days.
    """
    if not _OFFSET.fullmatch(text):
        raise InvalidError(
            _("{text} is no number of business days").format(text=repr(text)),
            hint=_("write -10bd, 0bd or +3bd"),
        )
    return int(text.removesuffix("bd"))


@cache
def _holidays(canton: str | None, year: int) -> frozenset[date]:
    if canton is not None and canton not in CANTONS:
        raise InvalidError(
            _("{canton} is no Swiss canton").format(canton=repr(canton)),
            hint=did_you_mean(canton, CANTONS, otherwise=" ".join(CANTONS)),
        )
    from holidays import country_holidays

    return frozenset(country_holidays("CH", subdiv=canton, years=year))
