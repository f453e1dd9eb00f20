"""Periods of whole days: from a first day to a last one, both among them."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from opskit.core.dates import parse_date
from opskit.core.errors import InvalidError
from opskit.core.i18n import _

LAST_OF_MONTH = 31


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From the first to the last day.

    Raises:
        InvalidError: it ends before it begins.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidError(
                _("{last} is before {first}").format(last=self.last, first=self.first),
                hint=_("give the first day with --from and the last one with --until"),
            )

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def overlaps(self, other: "Period") -> bool:
        return self.first <= other.last and other.first <= self.last

    def in_words(self) -> str:
        """`2027-01-25 to 2027-02-03`, or the one day."""
        if self.first == self.last:
            return str(self.first)
        return _("{first} to {last}").format(first=self.first, last=self.last)


@dataclass(frozen=True, slots=True)
class DaysOfMonth:
    """The same days of every month; from the 25th to the 3rd they go on into the next one.

    A month that is too short for the first of them begins with its last day.

    Raises:
        InvalidError: there is no such day, or no day of a month is left.
    """

    first: int
    last: int

    def __post_init__(self) -> None:
        days = range(1, LAST_OF_MONTH + 1)
        is_whole = (self.first - self.last) % LAST_OF_MONTH == 1
        if self.first not in days or self.last not in days or is_whole:
            raise no_days_of_month(f"{self.first}-{self.last}")

    def covers(self, day: date) -> bool:
        first = min(self.first, monthrange(day.year, day.month)[1])
        if self.first <= self.last:
            return first <= day.day <= self.last
        return day.day >= first or day.day <= self.last

    def in_words(self) -> str:
        return _("every month from day {first} to day {last}").format(
            first=self.first, last=self.last
        )


def parse_period(first: str, last: str, *, today: date) -> Period:
    """What `--from` and `--until` say.

    Raises:
        InvalidError: one of them is no date, or the last day is before the first.
    """
    return Period(parse_date(first, today=today), parse_date(last, today=today))


def parse_days_of_month(text: str) -> DaysOfMonth:
    """`25-3` is from the 25th of every month to the 3rd of the next.

    Raises:
        InvalidError: it is not, or it leaves no day free.
    """
    first, _dash, last = text.replace(" ", "").partition("-")
    try:
        return DaysOfMonth(int(first), int(last))
    except ValueError as err:
        raise no_days_of_month(text) from err


def no_days_of_month(text: str) -> InvalidError:
    return InvalidError(
        _("{text} are no days of every month").format(text=repr(text)),
        hint=_("write 25-3 for the 25th of a month to the 3rd of the next"),
    )
