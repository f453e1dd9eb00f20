from dataclasses import replace
from datetime import date

import pytest

from opskit.core.business_days import PUBLIC
from opskit.patches.campaigns.forecasting import Forecast, Outlook, Standing, forecast

NOW = Standing(
    on=date(2027, 3, 1),
    steps=190,
    settled=90,
    due=100,
    recent=40,
    days=20,
    planned_end=date(2027, 4, 9),
)


def told(**changes: object) -> Forecast:
    return forecast(replace(NOW, **changes), calendar=PUBLIC)  # type: ignore[arg-type]


def test_late() -> None:
    """A hundred steps at two a day are fifty business days, Ascension Day among them."""
    assert told() == Forecast(
        Outlook.LATE,
        date(2027, 5, 11),
        date(2027, 4, 9),
        10.0,
        "steps behind: 10; with 10 steps a week, as of late, the 100 open ones last until "
        "2027-05-11, planned was 2027-04-09",
    )


@pytest.mark.parametrize(
    ("changes", "outlook", "text"),
    [
        ({"settled": 190}, Outlook.DONE, "every step is settled"),
        (
            {"due": 90},
            Outlook.PLANNED,
            "nothing is behind; the end is 2027-04-09, as planned",
        ),
        (
            {"recent": 90},
            Outlook.CATCHING_UP,
            (
                "steps behind: 10; with 22.5 steps a week, as of late, the planned end still "
                "holds: 2027-04-09"
            ),
        ),
        (
            {"recent": 9},
            Outlook.UNKNOWN,
            "steps behind: 10; too few were settled of late to tell the end, planned is 2027-04-09",
        ),
        (
            {"days": 9},
            Outlook.UNKNOWN,
            (
                "steps behind: 10; it is too early to tell the end from the pace, "
                "planned is 2027-04-09"
            ),
        ),
        (
            {"days": 0, "recent": 0},
            Outlook.UNKNOWN,
            (
                "steps behind: 10; it is too early to tell the end from the pace, "
                "planned is 2027-04-09"
            ),
        ),
    ],
)
def test_outlooks(changes: dict[str, object], outlook: Outlook, text: str) -> None:
    found = told(**changes)
    assert (found.outlook, found.text) == (outlook, text)


def test_what_is_open_after_the_planned_end_is_late() -> None:
    found = told(on=date(2027, 4, 12), due=190, settled=188, recent=38)
    assert (found.outlook, found.end) == (Outlook.LATE, date(2027, 4, 14))
