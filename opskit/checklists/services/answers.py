"""What people do to the steps of a run. Every change is an event of the log.

A step with a check is answered by its check; by hand only where the check found nothing out.
A run closes by itself when its last step is settled, and opens again when a step is reopened.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from opskit.checklists.checks import Verdict
from opskit.checklists.errors import (
    ReasonMissingError,
    SecondPersonError,
    StepBlockedError,
    StepChecksItselfError,
)
from opskit.checklists.evidence import accept
from opskit.checklists.models import Run, Step
from opskit.checklists.services.changes import Pen, needs_of, states_of
from opskit.checklists.services.runs import find_step
from opskit.checklists.states import Move, State, after, blockers
from opskit.checklists.templates import Approval, Evidence
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import Identity


def tick(
    session: Session,
    *,
    run: Run,
    key: str,
    answer: str | None,
    ticket: str | None,
    on: date,
    at: datetime,
    actor: Identity,
) -> Step:
    """Mark a step as done, with the evidence that it demands.

    Raises:
        NotFoundError: no such step; or the file given as evidence cannot be read.
        ConflictError: the step is settled already.
        StepBlockedError: steps it needs are open, or rest on a finding that is out of date.
        StepChecksItselfError: its check answers it.
        SecondPersonError: it needs somebody else than the person whose run it is.
        EvidenceError: the evidence is missing.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    step = find_step(run, key)
    _refuse_blocked(run, step, on)
    _refuse_checked(step)
    state = after(State(step.state), Move.TICK)
    if step.approval == Approval.OTHER_PERSON:
        _demand_second_person(pen)
    given = accept(Evidence(step.evidence), answer)
    before = {"state": step.state}
    step.state, step.answer = state, given.answer
    step.proof = given.proof or step.proof
    step.fresh_until = on if step.same_day else None
    pen.sign(step)
    pen.record(
        "ticked",
        step,
        before=before,
        after={"state": state, "proof": given.proof},
        personal={"answer": given.answer},
    )
    pen.settle()
    return step


def waive(
    session: Session,
    *,
    run: Run,
    key: str,
    reason: str,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> Step:
    """Leave a step out, for a reason, on the word of a second person.

    Raises:
        NotFoundError: no such step.
        SecondPersonError: it is the person's own run.
        ReasonMissingError: no reason was given.
        ConflictError: the step is settled already.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    step = find_step(run, key)
    _demand_second_person(pen)
    return _leave_out(pen, step, Move.WAIVE, "waived", reason)


def not_applicable(
    session: Session,
    *,
    run: Run,
    key: str,
    reason: str,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> Step:
    """Mark a step that does not concern this run; a mandatory one needs a waiver instead.

    Raises:
        NotFoundError: no such step.
        ReasonMissingError: no reason was given.
        ConflictError: the step is mandatory, or settled already.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    step = find_step(run, key)
    if step.mandatory:
        raise ConflictError(
            _("the step {key} is mandatory").format(key=step.key),
            hint=_("a second person can waive it"),
        )
    return _leave_out(pen, step, Move.SKIP, "skipped", reason)


def reopen(
    session: Session,
    *,
    run: Run,
    key: str,
    reason: str,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> Step:
    """Open a settled step again, and the run with it. The old answer stays in the event log.

    Raises:
        NotFoundError: no such step.
        ReasonMissingError: no reason was given.
        ConflictError: the step is open.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    step = find_step(run, key)
    before = {"state": step.state}
    step.state = after(State(step.state), Move.REOPEN)
    personal = {"reason": _stated(reason)}
    step.answer = step.answered_by = step.answered_at = step.ticket = None
    step.verdict = step.proof = step.fresh_until = step.checked_at = None
    pen.record("reopened", step, before=before, after={"state": step.state}, personal=personal)
    pen.settle()
    return step


def _leave_out(pen: Pen, step: Step, move: Move, action: str, reason: str) -> Step:
    before = {"state": step.state}
    state = after(State(step.state), move)
    step.answer = _stated(reason)
    step.state = state
    pen.sign(step)
    personal = {"reason": step.answer}
    pen.record(action, step, before=before, after={"state": state}, personal=personal)
    pen.settle()
    return step


def _refuse_blocked(run: Run, step: Step, on: date) -> None:
    if step.state not in {State.BLOCKED, State.READY}:
        return
    waiting_for = blockers(step.key, states_of(run, on=on), needs_of(run))
    if waiting_for:
        raise StepBlockedError(
            _("{step} waits for {others}").format(step=step.key, others=", ".join(waiting_for)),
            hint=_("settle these first; where a finding is out of date, run the checks again"),
        )


def _refuse_checked(step: Step) -> None:
    if step.checks and step.verdict != Verdict.UNKNOWN:
        raise StepChecksItselfError(
            _("{step} is answered by its check: {checks}").format(
                step=step.key, checks=", ".join(step.checks)
            ),
            hint=_("run the checks; a second person can waive the step"),
        )


def _demand_second_person(pen: Pen) -> None:
    if pen.actor.entity_id == pen.run.prepared_by:
        raise SecondPersonError(
            _("{name} cannot decide this: {run} is their own").format(
                name=pen.actor.name, run=pen.run.name
            ),
            hint=_("ask another person of the team"),
        )


def _stated(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissingError(
            _("a reason is missing"),
            hint=_("say why in a few words, for example: no interface at this client"),
        )
    return reason.strip()
