"""Preparations that do not get into each other's way: each has a day of its own."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from tests.support.home import House

FIRST = date(2035, 1, 22)  # a Monday, and a working day everywhere


def _mondays() -> Iterator[date]:
    yield from (FIRST + timedelta(weeks=week) for week in count(1))


_days = _mondays()


def prepared(house: House, client: str = "BETSCH", *, as_user: str = "bob") -> str:
    """The number of a new run, such as `P7`; that person is logged in afterwards."""
    words = (client, "--to", "12.4", "--on", next(_days).isoformat())
    return house.done("patch", "prepare", *words, as_user=as_user).out.strip()
