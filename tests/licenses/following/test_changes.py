"""The new terms after the old ones, and spans of time as they are typed."""

from dataclasses import replace
from datetime import date

import pytest

from licenses.following.changes import at_site, extended, renewed, widened
from opskit.core.errors import ConflictError, InvalidError
from opskit.core.spans import months_after, parse_window
from tests.licenses.lifecycle import CATALOG, TERMS

TODAY = date(2026, 11, 24)
LIMITED = replace(TERMS, last_day=date(2027, 1, 31))


def test_a_renewal_counts_each_end_from_its_own() -> None:
    new = renewed(LIMITED, "+1m", maintenance=None, today=TODAY)
    assert (new.last_day, new.maintenance_until) == (date(2027, 2, 28), date(2027, 12, 4))


def test_a_renewal_may_name_the_maintenance() -> None:
    new = renewed(TERMS, "+12m", maintenance="2030-01-01", today=TODAY)
    assert (new.last_day, new.maintenance_until) == (None, date(2030, 1, 1))


def test_an_end_may_be_lifted() -> None:
    assert extended(LIMITED, "none", today=TODAY).last_day is None
    new = renewed(LIMITED, "None", maintenance=None, today=TODAY)
    assert (new.last_day, new.maintenance_until) == (None, None)


def test_no_end_is_not_renewed() -> None:
    with pytest.raises(InvalidError, match="nothing to renew"):
        renewed(replace(TERMS, maintenance_until=None), "+12m", maintenance=None, today=TODAY)
    with pytest.raises(InvalidError, match="nothing to extend"):
        extended(TERMS, "+12m", today=TODAY)


def test_an_earlier_end_is_refused() -> None:
    with pytest.raises(InvalidError, match="--valid-until: 2027-01-31 is not after the old end"):
        extended(LIMITED, "2027-01-31", today=TODAY)


def test_modules_are_added_in_the_order_of_the_catalogue() -> None:
    assert widened(TERMS, ("PAY",), CATALOG).modules[:3] == ("FIN", "AP", "AR")
    with pytest.raises(ConflictError, match="already: FIN"):
        widened(TERMS, ("FIN",), CATALOG)


def test_the_same_site_is_no_move() -> None:
    with pytest.raises(ConflictError, match="bound to B already"):
        at_site(replace(TERMS, site="B"), "B")


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2027, 12, 31), 12, date(2028, 12, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_months(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


def test_windows() -> None:
    assert [parse_window(each, today=TODAY) for each in ("60d", "2w", "3M")] == [
        date(2027, 1, 23),
        date(2026, 12, 8),
        date(2027, 2, 24),
    ]
    with pytest.raises(InvalidError, match="no span of time"):
        parse_window("soon", today=TODAY)
