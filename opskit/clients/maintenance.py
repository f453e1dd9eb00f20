"""Whether a client's maintenance contract covers a day, in words and for scripts."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from opskit.core.i18n import _


class MaintenanceState(StrEnum):
    """`none` is a client who never had a contract."""

    ACTIVE = "active"
    LAPSED = "lapsed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Seen from one day. `days` counts from it to the last covered day; negative once lapsed."""

    until: date | None
    days: int | None

    @property
    def state(self) -> MaintenanceState:
        if self.days is None:
            return MaintenanceState.NONE
        return MaintenanceState.ACTIVE if self.days >= 0 else MaintenanceState.LAPSED

    def in_words(self) -> str:
        """`lapsed 20 days ago (2026-11-04)`."""
        match self.state:
            case MaintenanceState.NONE:
                return _("no maintenance contract")
            case MaintenanceState.LAPSED:
                return f"{_lapsed(-(self.days or 0))} ({self.until})"
            case MaintenanceState.ACTIVE:
                return f"{_active(self.days or 0)} ({self.until})"
            case _:
                assert_never(self.state)


def maintenance(until: date | None, *, on: date) -> Maintenance:
    """The last covered day is covered to its end."""
    return Maintenance(until, None if until is None else (until - on).days)


def _lapsed(days: int) -> str:
    return _("lapsed yesterday") if days == 1 else _("lapsed {days} days ago").format(days=days)


def _active(days: int) -> str:
    if days == 0:
        return _("active, ends today")
    if days == 1:
        return _("active, ends tomorrow")
    return _("active for {days} more days").format(days=days)
