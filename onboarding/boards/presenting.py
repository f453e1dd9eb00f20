"""Lines of the board as rows for tables and JSON."""

from dataclasses import asdict
from typing import Any

from onboarding.boards.board import BoardLine, MentorLoad
from onboarding.boards.standing import Standing
from opskit.core.i18n import _


def board_row(line: BoardLine) -> dict[str, Any]:
    """Keys: `number`, `name`, `login`, `path`, `pole`, `start_on`, `mentor`, `mentor_login`,
    `mentor_load`, `phase`, `done`, `total`, `percent`, `late`, `next_review`, `course` (upcoming,
    on-track, at-risk, late, paused, done), `status` (the same in words, with the reason).
    """
    row = asdict(line)
    del row["standing"]
    return {**row, **standing_facts(line.standing)}


def standing_facts(standing: Standing) -> dict[str, Any]:
    """Keys: `phase`, `done`, `total`, `percent`, `late`, `next_review`, `course`, `status`."""
    facts = asdict(standing)
    del facts["risks"]  # they are in the status, in words
    return facts


def board_columns() -> dict[str, str]:
    return {
        "name": _("Name"),
        "pole": _("Pole"),
        "phase": _("Phase"),
        "percent": "%",
        "status": _("Status"),
        "next_review": _("Next review"),
        "mentor": _("Mentor"),
    }


def export_columns() -> dict[str, str]:
    """Everything that a line knows, for other tools."""
    return {
        "number": _("Number"),
        "name": _("Name"),
        "login": _("Login"),
        "path": _("Path"),
        "pole": _("Pole"),
        "start_on": _("First day"),
        "mentor": _("Mentor"),
        "mentor_load": _("Load of the mentor"),
        "phase": _("Phase"),
        "done": _("Done"),
        "total": _("Steps"),
        "percent": "%",
        "late": _("Late"),
        "next_review": _("Next review"),
        "course": _("Course"),
        "status": _("Status"),
    }


SPARED = ("pole", "phase", "next_review")  # on a narrow terminal, from the first on


def load_line(load: MentorLoad) -> str:
    """What a mentor carries, as a sentence."""
    text = _("{name} goes along with {count}, of whom late or at risk: {behind}").format(
        name=load.name, count=load.consultants, behind=load.behind
    )
    return _("{text}; away today").format(text=text) if load.is_away else text
