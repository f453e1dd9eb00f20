"""When a campaign will end: what the plan says, and what the last weeks say.

As long as no fewer steps are settled than were due, the plan is believed. Once the campaign is
behind, the pace of the last four weeks is carried on until the last open step. A campaign that
has only begun has no pace yet, and then nothing is foretold.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import ceil
from typing import assert_never

from opskit.core.business_days import Calendar
from opskit.core.i18n import _

WINDOW = 20  # business days: the last four weeks
LEAST_DAYS = 10  # business days with a pace worth the name
LEAST_SETTLED = 10
WEEK = 5


class Outlook(StrEnum):
    """How sure the end is."""

    DONE = "done"
    PLANNED = "planned"
    CATCHING_UP = "catching-up"
    LATE = "late"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a campaign stands on a day. `recent` steps were settled in the last `days` business
    days; `due` steps were due until then, `settled` are settled.
    """

    on: date
    steps: int
    settled: int
    due: int
    recent: int
    days: int
    planned_end: date

    @property
    def open(self) -> int:
        return self.steps - self.settled


@dataclass(frozen=True, slots=True)
class Forecast:
    """`end` is None where nothing can be said; `per_week` is the pace of the last weeks."""

    outlook: Outlook
    end: date | None
    planned_end: date
    per_week: float
    text: str


def forecast(now: Standing, *, calendar: Calendar) -> Forecast:
    """What is to be expected, and a sentence that says why."""
    per_week = round(now.recent * WEEK / now.days, 1) if now.days else 0.0
    outlook, end = _expected(now, calendar)
    text = _text(outlook, now.days).format(
        open=now.open,
        per_week=f"{per_week:g}",
        end=end,
        planned=now.planned_end,
        behind=now.due - now.settled,
    )
    return Forecast(outlook, end, now.planned_end, per_week, text)


def _expected(now: Standing, calendar: Calendar) -> tuple[Outlook, date | None]:
    if now.open == 0:
        return Outlook.DONE, now.planned_end
    if now.settled >= now.due and now.on <= now.planned_end:
        return Outlook.PLANNED, now.planned_end
    if now.days < LEAST_DAYS or now.recent < LEAST_SETTLED:
        return Outlook.UNKNOWN, None
    end = calendar.add(now.on, ceil(now.open * now.days / now.recent), None)
    if end <= now.planned_end:
        return Outlook.CATCHING_UP, now.planned_end
    return Outlook.LATE, end


def _text(outlook: Outlook, days: int) -> str:
    match outlook:
        case Outlook.DONE:
            return _("every step is settled")
        case Outlook.PLANNED:
            return _("nothing is behind; the end is {planned}, as planned")
        case Outlook.CATCHING_UP:
            return _(
                "steps behind: {behind}; with {per_week} steps a week, as of late, the planned "
                "end still holds: {planned}"
            )
        case Outlook.LATE:
            return _(
                "steps behind: {behind}; with {per_week} steps a week, as of late, the {open} "
                "open ones last until {end}, planned was {planned}"
            )
        case Outlook.UNKNOWN if days < LEAST_DAYS:
            return _(
                "steps behind: {behind}; it is too early to tell the end from the pace, "
                "planned is {planned}"
            )
        case Outlook.UNKNOWN:
            return _(
                "steps behind: {behind}; too few were settled of late to tell the end, "
                "planned is {planned}"
            )
        case _:
            assert_never(outlook)
