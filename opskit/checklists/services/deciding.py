"""Go, no-go, and the closing: decisions that rest on every step before them."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists.errors import StepsOpenError
from opskit.checklists.models import Decision, Run, Step
from opskit.checklists.services.answers import NO_SHARES, answer_step, stated
from opskit.checklists.services.changes import Pen, needs_of, states_of
from opskit.checklists.states import SETTLED, State, all_before, all_behind
from opskit.checklists.templates import Gate
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import Identity

GO = "go"
NO_GO = "no-go"


def go(
    session: Session,
    *,
    run: Run,
    reason: str,
    on: date,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> Decision:
    """Let it happen, on the word of a second person, and keep every proof that stood by it.

    The checks are to be asked just before: a finding that is out of date counts as open.

    Raises:
        SecondPersonError: it is the person's own run, or it was given to them.
        StepsOpenError: a mandatory step before the decision is open; it is named.
        RunClosedError: the run is closed or cancelled.
        ConflictError: the list has no such decision, or it was taken already.
        ReasonMissingError: no reason was given.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    gate, why = _gate(run, Gate.GO), stated(reason)
    pen.demand_second_person(even_of_assignee=True)
    _require_settled(run, gate, on=on)
    answer_step(pen, gate, answer=why, on=on)
    return _decide(pen, GO, gate.answer)


def no_go(
    session: Session,
    *,
    run: Run,
    reason: str,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> Decision:
    """Stop it, at any time until the closing; anybody of the team may, and says why.

    Raises:
        ReasonMissingError: no reason was given.
        RunClosedError: the run is closed or cancelled.
        ConflictError: the list has no such decision.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    pen.require_open()
    gate = _gate(run, Gate.GO)
    why = stated(reason)
    gate.state, gate.answer, gate.fresh_until = State.FAILED.value, why, None
    gate.failures += 1
    gate.stop_waiting()
    pen.sign(gate)
    decision = _decide(pen, NO_GO, why)
    pen.settle()
    return decision


def close(
    session: Session,
    *,
    run: Run,
    answer: str | None,
    on: date,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> Run:
    """End the run after the event: its closing step is done, optional steps are left out.

    Raises:
        StepsOpenError: a mandatory step is open, the go among them.
        RunClosedError: the run is closed or cancelled.
        ConflictError: the list has no closing step: it closes with its last one.
        EvidenceError: nothing was said, and the step asks for it.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    pen.require_open()
    gate = _gate(run, Gate.CLOSE)
    _require_settled(run, gate, on=None)
    for step in run.steps:
        if step is not gate and step.state not in SETTLED:
            step.state, step.answer = State.NOT_APPLICABLE.value, _("left open at the closing")
            pen.sign(step)
            pen.record("skipped", step, after={"state": step.state})
    pen.settle()
    answer_step(pen, gate, answer=answer, on=on, shares=NO_SHARES)
    return run


def last_decision(session: Session, run: Run) -> Decision | None:
    """The go or no-go that stands; none does once its step was opened again."""
    standing = {State.DONE.value: GO, State.FAILED.value: NO_GO}
    states = [step.state for step in run.steps if step.asked.gate is Gate.GO]
    query = select(Decision).where(Decision.run_id == run.id).order_by(Decision.id.desc())
    last = session.scalar(query.limit(1))
    return last if last and last.decision in map(standing.get, states) else None


def proofs_digest(proofs: list[dict[str, Any]]) -> str:
    """SHA-256 of the proofs in canonical JSON: what the event of a decision binds."""
    text = json.dumps(proofs, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _gate(run: Run, gate: Gate) -> Step:
    for step in run.steps:
        if step.asked.gate is gate:
            return step
    raise ConflictError(
        _("{run} has no step that decides this").format(run=run.name),
        hint=f"opskit {run.kind} show {run.name}",
    )


def _require_settled(run: Run, gate: Step, *, on: date | None) -> None:
    """What the decision rests on, and every mandatory step that does not come after it."""
    needs = needs_of(run)
    rested_on, later = all_before(gate.key, needs), all_behind(gate.key, needs)
    states = states_of(run, on=on)
    left = [
        step
        for step in run.steps
        if step is not gate
        and states[step.key] not in SETTLED
        and (step.key in rested_on or (step.asked.mandatory and step.key not in later))
    ]
    if left:
        raise StepsOpenError(
            _("{run}: still open ({count}): {steps}").format(
                run=run.name,
                count=len(left),
                steps=", ".join(f"{step.position} {step.key}" for step in left),
            ),
            hint=f"opskit {run.kind} show {run.name}",
        )


def _decide(pen: Pen, decision: str, reason: str | None) -> Decision:
    proofs = [_proof(step) for step in pen.run.steps]
    made = Decision(
        run_id=pen.run.id,
        decision=decision,
        reason=reason,
        ticket=pen.ticket,
        decided_by=pen.actor.entity_id,
        decided_at=pen.at,
        proofs=proofs,
    )
    pen.session.add(made)
    pen.record_run(decision, after={"proofs": proofs_digest(proofs)}, personal={"reason": reason})
    return made


def _proof(step: Step) -> dict[str, str]:
    """What is known of a step, as JSON has it; what is not known is left out."""
    facts = {
        "step": step.key,
        "state": step.state,
        "verdict": step.verdict,
        "proof": step.proof,
        "answer": step.answer,
        "evidence": step.evidence_digest,
        "by": step.answered_by,
        "at": step.answered_at or step.checked_at,
        "fresh_until": step.fresh_until,
    }
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in facts.items()
        if value is not None
    }
