"""What people do to the steps of a run. Every change is an event of the log.

A step with a check is answered by its check; by hand only where the check found nothing out.
A step that wants a second person is submitted by the person whose run it is, and done when
another ticks it. So is every step of another owner, where a feature says which role the person of
the run has (`own_role`): nobody does alone what is somebody else's. A run closes by itself when
its last step is settled, and opens again when a step is reopened.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from opskit.checklists.checks import Verdict
from opskit.checklists.errors import (
    ReasonMissingError,
    StepBlockedError,
    StepChecksItselfError,
    StepDecidesError,
)
from opskit.checklists.evidence import Given, Shares, accept
from opskit.checklists.models import EvidenceFile, Run, Step
from opskit.checklists.services.changes import Pen, moved, needs_of, states_of
from opskit.checklists.services.runs import find_step
from opskit.checklists.states import SETTLED, Move, State, blockers
from opskit.checklists.templates import Evidence, Gate, Recheck
from opskit.core.db import ensure_row
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import Identity

NO_SHARES: Shares = {}


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
    shares: Shares = NO_SHARES,
    seen: Given | None = None,
    own_role: str | None = None,
) -> Step:
    """Mark a step as done, with the evidence that it demands; or submit it to a second person.

    Who ticks a submitted step without an answer accepts the one that is there. `seen` is the file
    of the answer, where the caller has looked at it already: it may be huge, and nobody should
    wait for that behind a lock. `own_role` is whose steps the person of the run does alone;
    without it, all that want no second person.

    Raises:
        NotFoundError: no such step; or the file given as evidence cannot be read.
        ConflictError: the step is settled already.
        StepBlockedError: steps it needs are open, or rest on a finding that is out of date.
        StepChecksItselfError: its check answers it.
        StepDecidesError: it is the go/no-go or the closing, with commands of their own.
        SecondPersonError: the person of the run has submitted it already.
        EvidenceError: the evidence is missing.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    step = find_step(run, key)
    refuse_decision(run, step)
    _refuse_blocked(run, step, on)
    return answer_step(pen, step, answer=answer, on=on, shares=shares, seen=seen, own_role=own_role)


def answer_step(
    pen: Pen,
    step: Step,
    *,
    answer: str | None,
    on: date,
    shares: Shares = NO_SHARES,
    seen: Given | None = None,
    own_role: str | None = None,
) -> Step:
    """What a tick does once its turn has come, also the one in a decision. Raises as `tick`."""
    _refuse_checked(pen.run, step)
    move = _move_of(pen, step, own_role)
    state = moved(pen.run, step, move)
    before = {"state": step.state}
    if not (step.state == State.SUBMITTED and not (answer or "").strip()):
        given = seen if step.asked.evidence is Evidence.FILE else None
        _keep(pen, step, given or accept(step.asked.evidence, answer, shares=shares))
    step.state = state
    step.stop_waiting()
    step.fresh_until = on if step.asked.recheck is Recheck.BEFORE_GO else None
    pen.sign(step)
    pen.record(
        "ticked" if move is Move.TICK else "submitted",
        step,
        before=before,
        after={"state": state, "evidence": step.evidence_digest},
        personal={"answer": step.answer},
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
    until: date | None = None,
    ticket: str | None = None,
) -> Step:
    """Leave a step out, for a reason, on the word of a second person; `until` is the last day on
    which that counts.

    Raises:
        NotFoundError: no such step.
        SecondPersonError: it is the person's own run.
        ReasonMissingError: no reason was given.
        StepDecidesError: it is the go/no-go or the closing: nobody goes round these.
        ConflictError: the step is settled already.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    step = find_step(run, key)
    refuse_decision(run, step)
    pen.demand_second_person()
    return _leave_out(pen, step, _Leaving(Move.WAIVE, "waived", reason, until))


def not_applicable(
    session: Session,
    *,
    run: Run,
    key: str,
    reason: str,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
    own_role: str | None = None,
) -> Step:
    """Mark a step that does not concern this run; a mandatory one needs a waiver instead.

    Raises:
        NotFoundError: no such step.
        SecondPersonError: it is the person's own run, and the step wants somebody else's word.
        ReasonMissingError: no reason was given.
        ConflictError: the step is mandatory, or settled already.
    """
    pen = Pen(session, run, at, actor, ticket)
    pen.lock()
    step = find_step(run, key)
    if step.asked.mandatory:
        raise ConflictError(
            _("the step {key} is mandatory").format(key=step.key),
            hint=_("a second person can waive it: {command}").format(
                command=f"opskit {run.kind} waive {run.name} {step.position} --reason TEXT"
            ),
        )
    if _needs_another(pen, step, own_role):
        pen.demand_second_person()
    return _leave_out(pen, step, _Leaving(Move.SKIP, "skipped", reason))


def stated(reason: str) -> str:
    """Raises ReasonMissingError where nothing is said."""
    if not reason.strip():
        raise ReasonMissingError(
            _("a reason is missing"),
            hint=_("say why in a few words, for example: no interface at this client"),
        )
    return reason.strip()


@dataclass(frozen=True, slots=True)
class _Leaving:
    """How a step is left out."""

    move: Move
    action: str
    reason: str
    until: date | None = None


def _leave_out(pen: Pen, step: Step, leaving: _Leaving) -> Step:
    before = {"state": step.state}
    state = moved(pen.run, step, leaving.move)
    step.answer = stated(leaving.reason)
    step.state, step.waived_until = state, leaving.until
    step.stop_waiting()
    pen.sign(step)
    until = leaving.until and leaving.until.isoformat()
    pen.record(
        leaving.action,
        step,
        before=before,
        after={"state": state, **({"until": until} if until else {})},
        personal={"reason": step.answer},
    )
    pen.settle()
    return step


def _move_of(pen: Pen, step: Step, own_role: str | None) -> Move:
    if not _needs_another(pen, step, own_role):
        return Move.TICK
    if step.state == State.SUBMITTED:
        pen.demand_second_person()
    return Move.SUBMIT


def _needs_another(pen: Pen, step: Step, own_role: str | None) -> bool:
    """Whether this is the person of the run, and the step wants somebody else's word."""
    is_others = own_role is not None and step.asked.owner != own_role
    return pen.is_own and (step.asked.by_other_person or is_others)


def _keep(pen: Pen, step: Step, given: Given) -> None:
    if given.content is not None and given.digest is not None:
        file = EvidenceFile(
            digest=given.digest, size=len(given.content), content=given.content, kept_at=pen.at
        )
        if pen.session.get(EvidenceFile, given.digest) is None:
            ensure_row(pen.session, file)
    step.answer, step.evidence_digest = given.answer, given.digest
    if not step.asked.checks:
        step.proof = None  # what spoke against the answer before this one


def refuse_decision(run: Run, step: Step) -> None:
    if step.asked.gate is not Gate.NONE:
        raise StepDecidesError(
            _("{step} is a decision of its own").format(step=step.key),
            hint=_decision_command(run, step),
        )


def _decision_command(run: Run, step: Step) -> str:
    words = "--reason TEXT" if step.asked.gate is Gate.GO else "--answer TEXT"
    return f"opskit {run.kind} {step.asked.gate.value} {run.name} {words}"


def _refuse_blocked(run: Run, step: Step, on: date) -> None:
    """Also what was begun in its turn: what it needs may be open again."""
    if step.state in SETTLED:
        return
    waiting_for = blockers(step.key, states_of(run, on=on), needs_of(run))
    if waiting_for:
        raise StepBlockedError(
            _("{step} waits for {others}").format(step=step.key, others=", ".join(waiting_for)),
            hint=_("settle these first; what is out of date is asked again by: {command}").format(
                command=f"opskit {run.kind} check {run.name}"
            ),
        )


def _refuse_checked(run: Run, step: Step) -> None:
    if step.asked.checks and step.verdict != Verdict.UNKNOWN:
        raise StepChecksItselfError(
            _("{step} is answered by its check: {checks}").format(
                step=step.key, checks=", ".join(step.asked.checks)
            ),
            hint=f"opskit {run.kind} check {run.name}",
        )
