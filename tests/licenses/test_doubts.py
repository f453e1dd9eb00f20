"""Where what is asked for disagrees with the contract, the calendar or the licence before it."""

from dataclasses import replace
from datetime import date

import pytest

from licenses.doubts import doubts, too_early
from licenses.terms import Terms, revocation
from tests.licenses.lifecycle import TERMS

TODAY = date(2026, 11, 24)
PAST, CONTRACT, LATER = date(2020, 1, 1), date(2027, 11, 4), date(2028, 1, 1)


@pytest.mark.parametrize(
    ("wanted", "contract", "said"),
    [
        (CONTRACT, CONTRACT, []),
        (TODAY, CONTRACT, []),
        (PAST, CONTRACT, ["maintenance until 2020-01-01 is over already"]),
        (
            LATER,
            CONTRACT,
            ["maintenance until 2028-01-01, but the client's contract ends on 2027-11-04"],
        ),
        (
            None,
            CONTRACT,
            ["maintenance without end, but the client's contract ends on 2027-11-04"],
        ),
        (LATER, None, ["the client has no maintenance contract"]),
    ],
)
def test_doubts(wanted: date | None, contract: date | None, said: list[str]) -> None:
    assert list(doubts(wanted, contract=contract, today=TODAY)) == said


@pytest.mark.parametrize(
    ("before", "begins", "said"),
    [
        (TERMS, LATER, [f"entered before {LATER} it stops the product, whose licence is in force"]),
        (TERMS, TODAY, []),
        (None, LATER, []),
        (replace(TERMS, last_day=PAST), LATER, []),
        (revocation(TERMS, today=TODAY), LATER, []),
    ],
)
def test_too_early(before: Terms | None, begins: date, said: list[str]) -> None:
    assert list(too_early(before, replace(TERMS, valid_from=begins), today=TODAY)) == said
