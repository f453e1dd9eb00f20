"""Steps that answer themselves: first everything is asked, then the answers are entered.

The registers are asked outside the transaction, since a safe may be slow and a change of a run
must not make others wait for it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from opskit.checklists.asking import ask_all
from opskit.checklists.checks import Check, CheckSubject, Finding, Verdict, missing, together
from opskit.checklists.models import CLOSED, Run, Step
from opskit.checklists.services.changes import Pen, needs_of, run_closed
from opskit.checklists.states import Move, State, after, in_order
from opskit.checklists.templates import Recheck
from opskit.core.identity import Identity

MOVES = {Verdict.OK: Move.PASS, Verdict.FAILED: Move.FAIL, Verdict.UNKNOWN: Move.DOUBT}
UNASKED = frozenset({State.WAIVED, State.NOT_APPLICABLE, State.SUBMITTED})

Findings = Mapping[str, Finding]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the checks of one step found, and whether that is news."""

    key: str
    verdict: Verdict
    proof: str
    fresh_until: date | None
    state: State
    changed: bool


def ask_checks(run: Run, *, checks: Mapping[str, Check], on: date) -> dict[str, Finding]:
    """What the run's checks find now, by name; blocked steps are asked too, they may get free.

    Raises:
        RunClosedError: the run is closed; what was proved stays as it was then.
    """
    if run.state == CLOSED:
        raise run_closed(run)
    about = CheckSubject(subject=run.subject, facts=dict(run.facts), anchor_on=run.anchor_on, on=on)
    names = {name for step in run.steps if step.state not in UNASKED for name in step.asked.checks}
    found = ask_all({name: checks[name] for name in sorted(names) if name in checks}, about)
    return {**found, **{name: missing(name) for name in names if name not in checks}}


def enter_findings(
    session: Session,
    *,
    run: Run,
    findings: Findings,
    on: date,
    at: datetime,
    actor: Identity,
) -> list[CheckResult]:
    """Turn steps green and red. A step that has just turned green may free others.

    A step is left alone where one of its checks was not asked. A result that changes nothing
    writes no event.

    Raises:
        RunClosedError: the run was closed or cancelled meanwhile.
    """
    pen = Pen(session, run, at, actor)
    pen.lock()
    pen.require_open()
    return [
        _enter(pen, step, _of_step(step, findings, on))
        for step in _to_be_entered(run, findings.keys())
    ]


def _to_be_entered(run: Run, asked: Collection[str]) -> Iterator[Step]:
    """Needs first; whether a step is free is only seen when its turn has come."""
    steps = {step.key: step for step in run.steps}
    for key in in_order(needs_of(run)):
        step = steps[key]
        names = step.asked.checks
        if names and step.state not in UNASKED | {State.BLOCKED} and set(names) <= set(asked):
            yield step


def _of_step(step: Step, findings: Findings, on: date) -> Finding:
    finding = together([findings[name] for name in step.asked.checks])
    if step.asked.recheck is Recheck.BEFORE_GO:
        return replace(finding, fresh_until=on)
    return finding


def _enter(pen: Pen, step: Step, finding: Finding) -> CheckResult:
    before = {"state": step.state, "verdict": step.verdict}
    if not (finding.verdict is Verdict.UNKNOWN and _was_answered(step)):
        step.state = after(State(step.state), MOVES[finding.verdict])
        step.proof, step.fresh_until = finding.proof, finding.fresh_until
    if before["state"] == State.WAITING and step.state == State.DONE:
        step.answer = step.ticket = None  # what was asked meanwhile
        step.stop_waiting()
    step.verdict, step.checked_at = finding.verdict, pen.at
    now = {"state": step.state, "verdict": step.verdict}
    changed = now != before
    if changed:
        step.failures += finding.verdict is Verdict.FAILED
        pen.record("checked", step, before=before, after=now, personal={"proof": finding.proof})
        pen.settle()
    return CheckResult(
        step.key,
        finding.verdict,
        finding.proof,
        finding.fresh_until,
        State(step.state),
        changed=changed,
    )


def _was_answered(step: Step) -> bool:
    """What a person answered and proved outlives a check that could not find out."""
    return step.state == State.DONE and step.answered_by is not None
