"""opskit onboarding: a table of commands, each module imported when its name is typed."""

from opskit.core.i18n import _
from opskit.core.rooms import rooms

COMMANDS = {
    "start": "onboarding.starting_cli",
    "list": "onboarding.reading_cli",
    "show": "onboarding.reading_cli",
    "paths": "onboarding.reading_cli",
    **dict.fromkeys(
        (
            *("tick", "waive", "skip", "reopen", "wait", "nudge", "assign", "comment"),
            *("move", "check", "upgrade", "history", "evidence"),
        ),
        "onboarding.step_cli",
    ),
    # paths and the life of a consultant:
    **dict.fromkeys(
        ("sign", "finish", "undo", "custom-step"),
        "onboarding.walking_cli",
    ),
    **dict.fromkeys(("pause", "resume", "extend"), "onboarding.days_cli"),
    "switch-pole": "onboarding.changing_cli",
    "hand-over": "onboarding.changing_cli",
    "path": "onboarding.path_cli",
    # skills and reviews:
    "skills": "onboarding.skills.skills_cli",
    "ratings": "onboarding.skills.skills_cli",
    "rate": "onboarding.skills.rating_cli",
    "withdraw-rating": "onboarding.skills.rating_cli",
    "sign-off": "onboarding.skills.sign_off_cli",
    "withdraw-sign-off": "onboarding.skills.sign_off_cli",
    "skill-tree": "onboarding.skills.tree_cli",
    "review": "onboarding.reviews.reviews_cli",
    # access and leaving:
    "access": "onboarding.access.cli",
    "leave": "onboarding.leaving.cli",
    "leavers": "onboarding.leaving.cli",
    # boards, reports, privacy:
    "board": "onboarding.boards.board_cli",
    "cohorts": "onboarding.boards.cohort_cli",
    "chart": "onboarding.charts.chart_cli",
    "report": "onboarding.reports.report_cli",
    "export": "onboarding.reports.export_cli",
    "calendar": "onboarding.reports.export_cli",
    "erase": "onboarding.privacy.erase_cli",
    "export-my-data": "onboarding.privacy.own_data_cli",
}

app = rooms(_("New consultants: their paths, their steps, and the board."), COMMANDS)
