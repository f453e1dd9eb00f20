"""Steps that answer themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from opskit.checklists.checks import Check, CheckSubject, Finding, Verdict, ask, missing, together
from opskit.checklists.errors import RunClosedError
from opskit.checklists.models import CLOSED, Run, Step
from opskit.checklists.services.changes import Pen, needs_of
from opskit.checklists.states import Move, State, after, in_order
from opskit.core.i18n import _
from opskit.core.identity import Identity

MOVES = {Verdict.OK: Move.PASS, Verdict.FAILED: Move.FAIL, Verdict.UNKNOWN: Move.DOUBT}
UNCHECKED = frozenset({State.BLOCKED, State.WAIVED, State.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the checks of one step found, and whether that is news."""

    key: str
    verdict: Verdict
    proof: str
    state: State
    changed: bool


def run_checks(
    session: Session,
    *,
    run: Run,
    checks: Mapping[str, Check],
    on: date,
    at: datetime,
    actor: Identity,
) -> list[CheckResult]:
    """Ask every check of the run, except for steps that are blocked, waived or not applicable.

    A green step turns red when its fact no longer holds, and the other way. A step that has just
    turned green may free others, whose checks are then asked too. A result that changes nothing
    writes no event.

    Raises:
        RunClosedError: the run is closed; what was proved stays as it was then.
    """
    pen = Pen(session, run, at, actor)
    pen.lock()
    if run.state == CLOSED:
        raise RunClosedError(
            _("{run} is closed").format(run=run.name), hint=_("reopen a step to check it again")
        )
    about = CheckSubject(subject=run.subject, facts=dict(run.facts), on=on)
    return [
        _take(pen, step, _find_out(session, step, checks, about)) for step in _to_be_checked(run)
    ]


def _to_be_checked(run: Run) -> Iterator[Step]:
    """Needs first; whether a step is free is only asked when its turn has come."""
    steps = {step.key: step for step in run.steps}
    for key in in_order(needs_of(run)):
        if steps[key].checks and steps[key].state not in UNCHECKED:
            yield steps[key]


def _find_out(
    session: Session, step: Step, checks: Mapping[str, Check], about: CheckSubject
) -> Finding:
    findings = [
        _ask_apart(session, checks[name], about) if name in checks else missing(name)
        for name in step.checks
    ]
    finding = together(findings)
    return replace(finding, fresh_until=about.on) if step.same_day else finding


def _ask_apart(session: Session, check: Check, about: CheckSubject) -> Finding:
    # In a savepoint: a query that fails inside a check must not spoil the whole transaction.
    savepoint = session.begin_nested()
    finding = ask(check, about)
    savepoint.rollback()
    return finding


def _take(pen: Pen, step: Step, finding: Finding) -> CheckResult:
    before = {"state": step.state, "verdict": step.verdict}
    if not (finding.verdict is Verdict.UNKNOWN and _was_answered(step)):
        step.state = after(State(step.state), MOVES[finding.verdict])
        step.proof, step.fresh_until = finding.proof, finding.fresh_until
    step.verdict, step.checked_at = finding.verdict, pen.at
    now = {"state": step.state, "verdict": step.verdict}
    changed = now != before
    if changed:
        pen.record("checked", step, before=before, after={**now, "proof": finding.proof})
        pen.settle()
    return CheckResult(step.key, finding.verdict, finding.proof, State(step.state), changed)


def _was_answered(step: Step) -> bool:
    """What a person answered and proved outlives a check that could not find out."""
    return step.state == State.DONE and step.answered_by is not None
