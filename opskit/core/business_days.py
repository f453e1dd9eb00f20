"""Business days in Switzerland: Monday to Friday, without holidays and without local closures.

`PUBLIC` knows the public holidays of each canton. A team's own `Calendar` adds the days on which
the team, or a whole canton, is closed, and the days of which only half is worked.

- Without a canton only the holidays of all cantons count, and the closures that count everywhere.
- A half day is a business day: something may be due on it. It is no day for a patch.
- 24 and 31 December, Sechseläuten and the customary days off that no law of the canton names, such
  as Easter Monday in Neuchâtel, are whole business days until somebody records them.

Source of the holidays: the `holidays` package, which follows the list of the Federal Office of
Justice. It is imported late, because most commands never ask for a business day.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from opskit.core.errors import InvalidError
from opskit.core.i18n import _, language
from opskit.core.text import did_you_mean

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CANTONS = (
    *("AG", "AI", "AR", "BE", "BL", "BS", "FR", "GE", "GL", "GR", "JU", "LU", "NE"),
    *("NW", "OW", "SG", "SH", "SO", "SZ", "TG", "TI", "UR", "VD", "VS", "ZG", "ZH"),
)

SATURDAY = 5
_ENGLISH = "en_US"  # as the `holidays` package calls it
_OFFSET = re.compile(r"(?:[+-][0-9]{1,3}|0)bd")


@dataclass(frozen=True, slots=True)
class Closure:
    """A day off, or half of one, that no law names; without a canton it counts everywhere."""

    day: date
    name: str
    canton: str | None = None

    def counts_in(self, canton: str | None) -> bool:
        return self.canton is None or self.canton == canton


@dataclass(frozen=True, slots=True)
class Calendar:
    """On which days people work, by canton.

    Every question raises InvalidError where there is no such canton.
    """

    closures: frozenset[Closure] = frozenset()
    halves: frozenset[Closure] = frozenset()
    _years: dict[tuple[str | None, int], tuple[date, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def is_business_day(self, day: date, canton: str | None) -> bool:
        """Whether people work on that day, be it for half of it."""
        days = self._business_days(day.year, canton)
        at = bisect_left(days, day)
        return at < len(days) and days[at] == day

    def is_half_day(self, day: date, canton: str | None) -> bool:
        """Whether people work on that day, and only for half of it."""
        if not self.is_business_day(day, canton):
            return False
        return _name_on(self.halves, day, canton) is not None

    def why_closed(self, day: date, canton: str | None) -> str | None:
        """The holiday or the closure in the person's language; None for a business day."""
        named = holiday_names(canton, day.year).get(day) or _name_on(self.closures, day, canton)
        return named or (_("weekend") if day.weekday() >= SATURDAY else None)

    def add(self, start: date, n: int, canton: str | None) -> date:
        """The n-th business day after `start`, or before it where n is negative.

        `start` itself need not be a business day: a patch on a Saturday has its -1bd on Friday
        and its +1bd on Monday. With n = 0 a day off rolls forward to the next business day.

        Raises:
            InvalidError: there is no such canton, or the calendar ends before the day is reached.
        """
        try:
            return self._nth(start, n, canton)
        except ValueError as err:  # of a year that no date has
            raise InvalidError(
                _("{date} is too near the end of the calendar").format(date=start),
                hint=_("give a date such as 2027-01-20"),
            ) from err

    def between(self, first: date, last: date, canton: str | None) -> list[date]:
        """The business days from the first to the last, both among them."""
        years = range(first.year, last.year + 1)
        days = [day for year in years for day in self._business_days(year, canton)]
        return days[bisect_left(days, first) : bisect_right(days, last)]

    def _nth(self, start: date, n: int, canton: str | None) -> date:
        year = start.year
        days = self._business_days(year, canton)
        at = bisect_right(days, start) + n - 1 if n > 0 else bisect_left(days, start) + n
        while at < 0:
            year -= 1
            days = self._business_days(year, canton)
            at += len(days)
        while at >= len(days):
            at -= len(days)
            year += 1
            days = self._business_days(year, canton)
        return days[at]

    def _business_days(self, year: int, canton: str | None) -> tuple[date, ...]:
        """In order; reckoned once a year and canton, for whoever plans asks a thousand times."""
        known = self._years.get((canton, year))
        if known is None:
            closed = {each.day for each in self.closures if each.counts_in(canton)}
            off = closed.union(holiday_names(canton, year))
            known = tuple(day for day in _working_week(year) if day not in off)
            self._years[canton, year] = known
        return known


PUBLIC = Calendar()
"""The public holidays alone."""


class CalendarSource(Protocol):
    """Whoever keeps the closures and half days of the team: `run.plug(CalendarSource)`."""

    def load(self, session: "Session") -> Calendar: ...


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


def parse_canton(text: str) -> str:
    """A canton as typed, in either case.

    Raises:
        InvalidError: there is no such canton; the hint names the nearest.
    """
    canton = text.strip().upper()
    _require_canton(canton)
    return canton


def holiday_names(canton: str | None, year: int) -> Mapping[date, str]:
    """The public holidays of a year in the person's language; without a canton, those of all.

    Raises:
        InvalidError: there is no such canton.
    """
    return _holidays(canton, year, _ENGLISH if language() == "en" else language())


@cache
def _holidays(canton: str | None, year: int, spoken: str) -> Mapping[date, str]:
    _require_canton(canton)
    from holidays import country_holidays

    found = country_holidays("CH", subdiv=canton, years=year, language=spoken)
    return MappingProxyType(dict(sorted(found.items())))


def _require_canton(canton: str | None) -> None:
    if canton is not None and canton not in CANTONS:
        raise InvalidError(
            _("{canton} is no Swiss canton").format(canton=repr(canton)),
            hint=did_you_mean(canton, CANTONS, otherwise=" ".join(CANTONS)),
        )


@cache
def _working_week(year: int) -> tuple[date, ...]:
    """Every Monday to Friday of a year."""
    first = date(year, 1, 1)
    days = (date(year, 12, 31) - first).days + 1
    every = (first + timedelta(days=i) for i in range(days))
    return tuple(day for day in every if day.weekday() < SATURDAY)


def _name_on(closures: frozenset[Closure], day: date, canton: str | None) -> str | None:
    """Several may fall on one day; it is the same one each time."""
    names = [each.name for each in _by_day(closures).get(day, ()) if each.counts_in(canton)]
    return min(names, default=None)


@lru_cache(maxsize=8)
def _by_day(closures: frozenset[Closure]) -> Mapping[date, list[Closure]]:
    found: dict[date, list[Closure]] = {}
    for each in closures:
        found.setdefault(each.day, []).append(each)
    return found
