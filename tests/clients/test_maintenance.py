"""Maintenance in words: the last covered day is covered to its end."""

from datetime import date

import pytest

from opskit.clients.maintenance import maintenance

UNTIL = date(2026, 11, 4)

SEEN = {
    date(2026, 10, 1): ("active", 34, "active for 34 more days (2026-11-04)"),
    date(2026, 11, 3): ("active", 1, "active, ends tomorrow (2026-11-04)"),
    date(2026, 11, 4): ("active", 0, "active, ends today (2026-11-04)"),
    date(2026, 11, 5): ("lapsed", -1, "lapsed yesterday (2026-11-04)"),
    date(2026, 11, 24): ("lapsed", -20, "lapsed 20 days ago (2026-11-04)"),
}


@pytest.mark.parametrize("day", SEEN)
def test_a_contract_seen_from_a_day(day: date) -> None:
    seen = maintenance(UNTIL, on=day)
    assert (seen.state, seen.days, seen.in_words()) == SEEN[day]


def test_a_client_without_a_contract() -> None:
    seen = maintenance(None, on=UNTIL)
    assert (seen.state, seen.days, seen.in_words()) == ("none", None, "no maintenance contract")
