"""Where the maintenance asked for disagrees with the contract or the calendar."""

from datetime import date

import pytest

from licenses.doubts import doubts

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
