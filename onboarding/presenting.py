"""Consultants as rows for tables and JSON. Scripts depend on the keys."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from onboarding.boards.circumstances import standing_with
from onboarding.boards.presenting import standing_facts
from onboarding.roll import RollLine
from onboarding.services import Walk
from onboarding.week import Week
from opskit.checklists.page import in_language
from opskit.checklists.services import Change, Shift
from opskit.core.i18n import _
from opskit.core.words import in_words


def walk_facts(walk: Walk) -> dict[str, Any]:
    """JSON keys of a walk: who, on which path, since when, with whom, and whether it goes on."""
    consultant = walk.consultant
    return {
        "number": walk.run.name,
        "name": walk.person.name,
        "login": walk.person.login,
        "path": consultant.path,
        "pole": consultant.pole,
        "site": consultant.site,
        "modules": list(consultant.modules or ()),
        "start_on": consultant.start_on,
        "probation_until": consultant.probation_until,
        "mentor": walk.mentor.name,
        "walk": consultant.state,
    }


def walk_row(session: Session, walk: Walk, *, on: date) -> dict[str, Any]:
    """JSON keys of a walk, and how it goes on a day."""
    found = standing_with(session, walk.consultant, walk.mentor, walk.run, on=on)
    return {**walk_facts(walk), **standing_facts(found)}


def week_facts(week: Week) -> dict[str, Any]:
    """JSON keys of a week: its first and last day, and the keys of its steps."""
    return {
        "from": week.first,
        "until": week.last,
        "own": [each.step.key for each in week.own],
        "others": [each.step.key for each in week.others],
    }


def roll_row(line: RollLine) -> dict[str, Any]:
    """JSON keys of a line of the list."""
    return {**asdict(line), "modules": list(line.modules)}


def roll_table(lines: Sequence[RollLine]) -> list[dict[str, Any]]:
    """The lines for people: how a walk stands in words, and only where it does not just go on."""
    return [{**roll_row(each), "walk": in_words(each.walk)} for each in lines]


def roll_columns(lines: Sequence[RollLine]) -> dict[str, str]:
    """A column for how a walk stands only where they do not all just go on."""
    columns = {
        "number": _("Number"),
        "name": _("Name"),
        "path": _("Path"),
        "start_on": _("First day"),
        "mentor": _("Mentor"),
        "percent": "%",
    }
    is_uniform = all(each.walk == "active" for each in lines)
    return columns if is_uniform else {**columns, "walk": _("State")}


def shift_rows(shifts: Sequence[Shift]) -> list[dict[str, Any]]:
    """What moves from which day to which."""
    return [
        {
            "position": shift.position,
            "step": shift.key,
            "text": in_language(shift.text),
            "before": shift.before,
            "after": shift.after,
        }
        for shift in shifts
    ]


def shift_columns() -> dict[str, str]:
    return {
        "position": _("No."),
        "text": _("Step"),
        "before": _("Before"),
        "after": _("After"),
    }


def change_rows(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """What becomes of each step on another path."""
    return [
        {
            "change": each.kind.value,
            "position": each.position,
            "step": each.key,
            "text": in_language(each.text),
        }
        for each in changes
    ]
