"""The days of a period on which people do not work, or only for half of the day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from opskit.calendar import services
from opskit.core.business_days import holiday_names
from opskit.core.periods import Period


class Source(StrEnum):
    """Who says so: the law, or somebody of the team."""

    PUBLIC = "public"
    TEAM = "team"


@dataclass(frozen=True, slots=True, order=True)
class DayOff:
    """One day, whole or half. Without a canton it counts everywhere."""

    day: date
    canton: str
    half: bool
    name: str
    source: Source

    def facts(self) -> dict[str, Any]:
        """Keys: `date`, `canton` (null is everywhere), `part` (full, half), `name`, `source`
        (public is a holiday by law, team was recorded).
        """
        return {
            "date": self.day.isoformat(),
            "canton": self.canton or None,
            "part": "half" if self.half else "full",
            "name": self.name,
            "source": self.source.value,
        }


def days_off(session: Session, *, period: Period, canton: str | None) -> list[DayOff]:
    """By day. Without a canton: the holidays that all cantons have, and whatever was recorded.

    Raises:
        InvalidError: there is no such canton.
    """
    recorded = services.closures(session, first=period.first, last=period.last, canton=canton)
    of_team = [
        DayOff(each.day, each.canton or "", each.half, each.name, Source.TEAM) for each in recorded
    ]
    return sorted([*_holidays(period, canton), *of_team])


def _holidays(period: Period, canton: str | None) -> Iterator[DayOff]:
    for year in range(period.first.year, period.last.year + 1):
        everywhere = holiday_names(None, year)
        for day, name in holiday_names(canton, year).items():
            if period.covers(day):
                where = "" if day in everywhere else canton or ""
                yield DayOff(day, where, half=False, name=name, source=Source.PUBLIC)
