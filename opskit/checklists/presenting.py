"""Runs and steps as rows for tables and JSON."""

from datetime import date
from typing import Any

from opskit.checklists.models import Run, Step
from opskit.checklists.page import in_language
from opskit.checklists.progress import is_late, progress
from opskit.checklists.services import CheckResult
from opskit.core.i18n import _


def run_row(run: Run, *, on: date) -> dict[str, Any]:
    """JSON keys of a run."""
    now = progress(run.steps, on=on)
    return {
        **run.facts,
        "number": run.name,
        "subject": run.subject,
        "state": run.state,
        "anchor_on": run.anchor_on,
        "done": now.done,
        "total": now.total,
        "late": now.late,
        "percent": now.percent,
    }


def run_page(run: Run, *, on: date) -> dict[str, Any]:
    """A run with its steps."""
    steps = [{**step_row(step), "late": is_late(step, on=on)} for step in run.steps]
    return {**run_row(run, on=on), "steps": steps}


def step_row(step: Step) -> dict[str, Any]:
    """JSON keys of a step."""
    return {
        "position": step.position,
        "step": step.key,
        "phase": step.phase,
        "text": in_language(step.text),
        "state": step.state,
        "due_on": step.due_on,
        "owner": step.owner,
        "checks": step.checks,
        "proof": step.proof,
        "answer": step.answer,
        "answered_at": step.answered_at,
        "checked_at": step.checked_at,
        "ticket": step.ticket,
    }


def check_rows(results: list[CheckResult]) -> list[dict[str, Any]]:
    """JSON keys of what the checks of a run found."""
    return [
        {
            "step": result.key,
            "verdict": result.verdict.value,
            "proof": result.proof,
            "state": result.state.value,
            "changed": result.changed,
        }
        for result in results
    ]


def check_columns() -> dict[str, str]:
    return {"step": _("Step"), "verdict": _("Verdict"), "proof": _("Proof")}
