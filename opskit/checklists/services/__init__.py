"""The verbs of the engine."""

from opskit.checklists.services.adding import add_step, free_key
from opskit.checklists.services.answers import not_applicable, tick, waive
from opskit.checklists.services.checking import CheckResult, ask_checks, enter_findings
from opskit.checklists.services.confirming import confirm
from opskit.checklists.services.deciding import close, go, last_decision, no_go
from opskit.checklists.services.ending import cancel, resume
from opskit.checklists.services.filing import KeptFile, file_sizes, get_out
from opskit.checklists.services.history import history
from opskit.checklists.services.moving import Shift, move_run, pin, plan_move, plan_pin
from opskit.checklists.services.noting import assign, comment, comments_of
from opskit.checklists.services.overview import RunLine, overview
from opskit.checklists.services.proving import Looked, enter_looked, look_at_evidence
from opskit.checklists.services.publishing import publish
from opskit.checklists.services.reopening import reopen
from opskit.checklists.services.runs import find_run, find_step, list_runs, read_number
from opskit.checklists.services.starting import Beginning, start, start_many
from opskit.checklists.services.upgrading import (
    Change,
    ChangeKind,
    plan_switch,
    plan_upgrade,
    switch,
    upgrade,
)
from opskit.checklists.services.waiting import Awaited, nudge, wait

__all__ = [
    "Awaited",
    "Beginning",
    "Change",
    "ChangeKind",
    "CheckResult",
    "KeptFile",
    "Looked",
    "RunLine",
    "Shift",
    "add_step",
    "ask_checks",
    "assign",
    "cancel",
    "close",
    "comment",
    "comments_of",
    "confirm",
    "enter_findings",
    "enter_looked",
    "file_sizes",
    "find_run",
    "find_step",
    "free_key",
    "get_out",
    "go",
    "history",
    "last_decision",
    "list_runs",
    "look_at_evidence",
    "move_run",
    "no_go",
    "not_applicable",
    "nudge",
    "overview",
    "pin",
    "plan_move",
    "plan_pin",
    "plan_switch",
    "plan_upgrade",
    "publish",
    "read_number",
    "reopen",
    "resume",
    "start",
    "start_many",
    "switch",
    "tick",
    "upgrade",
    "wait",
    "waive",
]
