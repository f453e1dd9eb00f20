"""Consultants as rows for tables and JSON."""

from dataclasses import asdict
from datetime import date
from typing import Any

from onboarding.board import standing
from onboarding.services import Walk
from opskit.core.i18n import _


def walk_row(walk: Walk, *, on: date) -> dict[str, Any]:
    """JSON keys of a consultant on the board."""
    return {
        "number": walk.run.name,
        "name": walk.person.name,
        "login": walk.person.login,
        "path": walk.consultant.path,
        "start_on": walk.consultant.start_on,
        "mentor": walk.mentor.name,
        **asdict(standing(walk.run, on=on)),
    }


def board_columns() -> dict[str, str]:
    return {
        "name": _("Name"),
        "path": _("Path"),
        "phase": _("Phase"),
        "percent": "%",
        "status": _("Status"),
        "next_review": _("Next review"),
        "mentor": _("Mentor"),
    }


def list_columns() -> dict[str, str]:
    return {
        "number": _("Number"),
        "name": _("Name"),
        "path": _("Path"),
        "start_on": _("First day"),
        "mentor": _("Mentor"),
    }
