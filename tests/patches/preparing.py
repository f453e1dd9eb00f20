"""Preparations that do not get into each other's way: each has a day of its own."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from opskit.core.business_days import CANTONS, PUBLIC
from tests.support.home import House

FIRST = date(2035, 1, 22)  # a Monday, and a working day everywhere


def _mondays() -> Iterator[date]:
    """On which people work everywhere."""
    for week in count(1):
        day = FIRST + timedelta(weeks=week)
        if all(PUBLIC.is_business_day(day, canton) for canton in CANTONS):
            yield day


_days = _mondays()


def prepared(house: House, client: str = "BETSCH", *, as_user: str = "bob") -> str:
    """The number of a new run, such as `P7`; that person is logged in afterwards."""
    words = (client, "--to", "12.4", "--on", next(_days).isoformat())
    return house.done("patch", "prepare", *words, as_user=as_user).out.strip()
