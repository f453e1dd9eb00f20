"""Runs and steps as rows for tables and JSON. Scripts depend on the keys."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from opskit.checklists.models import OPEN, Run, Step
from opskit.checklists.page import in_language
from opskit.checklists.progress import Progress, progress
from opskit.checklists.services import CheckResult, RunLine
from opskit.checklists.standing import Standing, standings
from opskit.checklists.templates import Gate
from opskit.core.i18n import _


def run_row(run: Run, *, on: date) -> dict[str, Any]:
    """JSON keys of a run; the same as those of a line in a list."""
    return {
        **run.facts,
        **_common(run.name, run.subject, run.state, run.anchor_on, run.assignee),
        **_progress(progress(run.steps, on=on), is_open=run.state == OPEN),
    }


def line_row(line: RunLine) -> dict[str, Any]:
    """JSON keys of a run in a list, counted by the database."""
    return {
        **line.facts,
        **_common(line.name, line.subject, line.state, line.anchor_on, line.assignee),
        **_progress(line.progress, is_open=line.state == OPEN),
    }


def run_page(run: Run, *, on: date) -> dict[str, Any]:
    """A run with its steps, and the version of the template that it pins."""
    return {
        **run_row(run, on=on),
        "template": run.template.content.name,
        "steps": [standing_row(each) for each in standings(run, on=on)],
    }


def step_row(step: Step, *, run: Run, on: date) -> dict[str, Any]:
    """JSON keys of one step of a run."""
    return next(standing_row(each) for each in standings(run, on=on) if each.step.key == step.key)


def standing_row(stand: Standing) -> dict[str, Any]:
    """JSON keys of a step as it stands on a day."""
    step, asked = stand.step, stand.asked
    return {
        "position": step.position,
        "step": step.key,
        "phase": asked.phase,
        "text": in_language(asked.text),
        "state": step.state,
        "due_on": step.due_on,
        "pinned": step.is_pinned,
        "late": stand.is_late,
        "owner": asked.owner,
        "assignee": step.assignee,
        "mandatory": asked.mandatory,
        "gate": None if asked.gate is Gate.NONE else asked.gate.value,
        "needs": list(stand.needs),
        "waits_for": [each.key for each in stand.waits_for],
        **_found(step, asked.checks),
        **_answered(step),
        **_awaited(step),
    }


def check_rows(results: list[CheckResult]) -> list[dict[str, Any]]:
    """JSON keys of what the checks of a run found."""
    return [
        {
            "step": result.key,
            "verdict": result.verdict.value,
            "proof": result.proof,
            "fresh_until": result.fresh_until,
            "state": result.state.value,
            "changed": result.changed,
        }
        for result in results
    ]


def check_columns() -> dict[str, str]:
    return {"step": _("Step"), "verdict": _("Verdict"), "proof": _("Proof")}


def _common(
    number: str, subject: str, state: str, anchor_on: date, assignee: str | None
) -> Mapping[str, Any]:
    return {
        "number": number,
        "subject": subject,
        "state": state,
        "anchor_on": anchor_on,
        "assignee": assignee,
    }


def _progress(now: Progress, *, is_open: bool) -> Mapping[str, Any]:
    """Nothing is late in a run that is over."""
    late = now.late if is_open else 0
    return {"done": now.done, "total": now.total, "late": late, "percent": now.percent}


def _found(step: Step, checks: tuple[str, ...]) -> Mapping[str, Any]:
    return {
        "checks": list(checks),
        "verdict": step.verdict,
        "proof": step.proof,
        "checked_at": step.checked_at,
        "fresh_until": step.fresh_until,
    }


def _answered(step: Step) -> Mapping[str, Any]:
    return {
        "answer": step.answer,
        "answered_at": step.answered_at,
        "ticket": step.ticket,
        "evidence": step.evidence_digest,
        "waived_until": step.waived_until,
    }


def _awaited(step: Step) -> Mapping[str, Any]:
    return {
        "waiting_for": step.waiting_for,
        "waiting_since": step.waiting_since,
        "nudge_on": step.nudge_on,
    }
