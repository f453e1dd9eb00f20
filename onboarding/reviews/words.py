"""Reviews as people read them; `day-30` and `continue` are what they type."""

import re
from datetime import date
from typing import assert_never

from onboarding.reviews.models import Circle, Verdict
from opskit.core.i18n import _

_SPAN = re.compile(r"(day|month)-([0-9]+)")


def kind_in_words(kind: str) -> str:
    """The review of that kind: `day-30 review`, `bilan à 30 jours`."""
    found = _SPAN.fullmatch(kind)
    if found is None:
        return _("{kind} review").format(kind=kind)
    unit, count = found.groups()
    if unit == "day":
        return _("day-{count} review").format(count=count)
    return _("month-{count} review").format(count=count)


def verdict_in_words(decision: str, until: date | None) -> str:
    match Verdict(decision):
        case Verdict.CONTINUE:
            return _("goes on as planned")
        case Verdict.EXTEND:
            return _("probation extended until {day}").format(day=until)
        case Verdict.CONFIRM:
            return _("confirmed, the probation is over")
        case _ as never:
            assert_never(never)


def circle_in_words(circle: Circle) -> str:
    match circle:
        case Circle.NEWCOMER:
            return _("for the newcomer too")
        case Circle.MENTOR:
            return _("for mentor and managers")
        case Circle.MANAGER:
            return _("for managers only")
        case _:
            assert_never(circle)
