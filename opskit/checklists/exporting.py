"""Runs with their steps as a table for others, one row a step; there may be ten thousand runs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import Session

from opskit.checklists.models import OPEN, Definition, PublishedTemplate, Run, Step
from opskit.checklists.page import in_language
from opskit.checklists.page.text import NOBODY
from opskit.checklists.progress import is_late
from opskit.checklists.templates import step_of
from opskit.core.i18n import _
from opskit.core.refs import format_number

KEPT_AS_THEY_ARE = (
    *("position", "state", "due_on", "assignee"),
    *("waiting_for", "waiting_since", "nudge_on", "answer", "answered_at", "ticket"),
    *("waived_until", "verdict", "proof", "checked_at", "fresh_until"),
)


@dataclass(frozen=True, slots=True)
class StepTable:
    """The rows, and the columns from key to heading, in their order."""

    rows: Sequence[Mapping[str, Any]]
    columns: Mapping[str, str]


def step_table(
    session: Session,
    *,
    kind: str,
    on: date,
    run: Run | None = None,
    names: Mapping[str, str] = NOBODY,
    without: Collection[int] = (),
) -> StepTable:
    """Every step of one run, or of all runs of the kind but those that are not for whoever asks.
    `names` are people's by entity.

    What the feature put into a run's facts has a column of its own, under its own name.
    """
    is_meant = Run.id.not_in(without) if run is None else Run.id == run.id
    runs = _runs(session, kind, is_meant)
    facts = [key for key in _fact_keys(runs.values()) if key not in _columns()]
    rows = [
        {**runs[row.run_id].told(facts), **_step(row, runs[row.run_id], on=on, names=names)}
        for row in session.execute(_steps(kind, is_meant))
    ]
    return StepTable(rows, _with_facts(_columns(), facts))


@dataclass(frozen=True, slots=True)
class _RunFacts:
    """What all rows of a run have in common."""

    facts: Mapping[str, Any]
    columns: Mapping[str, Any]

    @property
    def is_open(self) -> bool:
        return bool(self.columns["run_state"] == OPEN)

    def told(self, keys: Sequence[str]) -> dict[str, Any]:
        return {**{key: self.facts.get(key) for key in keys}, **self.columns}


def _runs(session: Session, kind: str, is_meant: ColumnElement[bool]) -> dict[int, _RunFacts]:
    query = (
        select(
            *(Run.id, Run.letter, Run.number, Run.subject, Run.client, Run.facts, Run.anchor_on),
            *(Run.state, Run.assignee),
            *(PublishedTemplate.id.label("template_id"), PublishedTemplate.version),
        )
        .join(PublishedTemplate, PublishedTemplate.digest == Run.template_digest)
        .where(Run.kind == kind, is_meant)
        .order_by(Run.number)
    )
    return {
        row.id: _RunFacts(
            row.facts,
            {
                "number": format_number(row.letter, row.number),
                "subject": row.subject,
                "client": row.client,
                "anchor_on": row.anchor_on,
                "run_state": row.state,
                "run_assignee": row.assignee,
                "template": f"{row.template_id}/{row.version}",
            },
        )
        for row in session.execute(query)
    }


def _steps(kind: str, is_meant: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(Step.run_id, Step.key, *(getattr(Step, name) for name in KEPT_AS_THEY_ARE)),
            *(Step.is_pinned, Step.answered_by, Step.evidence_digest, Definition.body),
        )
        .join(Run, Run.id == Step.run_id)
        .join(Definition, Definition.digest == Step.digest)
        .where(Run.kind == kind, Step.dropped_at.is_(None), is_meant)
        .order_by(Run.number, Step.position)
    )


def _step(
    row: Row[*tuple[Any, ...]], run: _RunFacts, *, on: date, names: Mapping[str, str]
) -> dict[str, Any]:
    asked = step_of(row.body)
    return {
        **{name: getattr(row, name) for name in KEPT_AS_THEY_ARE},
        "step": row.key,
        "phase": asked.phase,
        "text": in_language(asked.text),
        "owner": asked.owner,
        "pinned": row.is_pinned,
        "late": run.is_open and is_late(row, on=on),
        "answered_by": names.get(row.answered_by),
        "evidence": row.evidence_digest,
    }


def _fact_keys(runs: Iterable[_RunFacts]) -> list[str]:
    """In the order in which they come; a run may have facts that another lacks."""
    return list(dict.fromkeys(key for run in runs for key in run.facts))


def _with_facts(columns: Mapping[str, str], facts: Sequence[str]) -> dict[str, str]:
    """After what the run is about."""
    listed = list(columns.items())
    place = 1 + next(at for at, (key, _heading) in enumerate(listed) if key == "client")
    return dict([*listed[:place], *((key, key) for key in facts), *listed[place:]])


def _columns() -> dict[str, str]:
    return {
        "number": _("Run"),
        "subject": _("Subject"),
        "client": _("Client"),
        "anchor_on": _("On"),
        "run_state": _("State of the run"),
        "run_assignee": _("Looks after it"),
        "template": _("Template"),
        "position": _("No."),
        "step": _("Key"),
        "phase": _("Phase"),
        "text": _("Step"),
        "state": _("State"),
        "due_on": _("Due"),
        "pinned": _("Date set by hand"),
        "late": _("Late"),
        "owner": _("Role"),
        "assignee": _("Person"),
        "waiting_for": _("Waits for"),
        "waiting_since": _("Waits since"),
        "nudge_on": _("Ask again on"),
        "answer": _("Answer"),
        "answered_by": _("Answered by"),
        "answered_at": _("Answered"),
        "ticket": _("Ticket"),
        "evidence": _("SHA-256"),
        "waived_until": _("Waived until"),
        "verdict": _("Verdict"),
        "proof": _("Proof"),
        "checked_at": _("Checked"),
        "fresh_until": _("Counts until"),
    }
