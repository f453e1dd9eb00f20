"""The verbs of the engine."""

from opskit.checklists.services.answers import not_applicable, reopen, tick, waive
from opskit.checklists.services.checking import CheckResult, run_checks
from opskit.checklists.services.runs import find_run, find_step, list_runs, publish, start

__all__ = [
    "CheckResult",
    "find_run",
    "find_step",
    "list_runs",
    "not_applicable",
    "publish",
    "reopen",
    "run_checks",
    "start",
    "tick",
    "waive",
]
