"""Evidence that was given and is no more: a file that vanished, or is another one by now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists.errors import EvidenceError
from opskit.checklists.evidence import Shares, digest_on_share
from opskit.checklists.models import EvidenceFile, Run, Step
from opskit.checklists.services.changes import Pen
from opskit.checklists.states import Move, State, after
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity

PROVEN = frozenset({State.DONE, State.SUBMITTED})


@dataclass(frozen=True, slots=True)
class Looked:
    """The steps whose file is lost, or out of reach from here, each with the reason.

    `digests` are those of the files that were looked at, since they may be others by now; `seen`
    the steps whose file is there as it was given.
    """

    lost: Mapping[str, str]
    unseen: Mapping[str, str]
    digests: Mapping[str, str | None]
    seen: frozenset[str]


def look_at_evidence(session: Session, run: Run, shares: Shares) -> Looked:
    """Look again at every file that was given: those that are kept, and those on shares."""
    steps = list(_with_files(run))
    digests = {step.evidence_digest for step in steps}
    query = select(EvidenceFile.digest).where(EvidenceFile.digest.in_(digests))
    kept = set(session.scalars(query)) if steps else set()
    lost, unseen = dict[str, str](), dict[str, str]()
    for step in steps:
        share = share_of(step.answer)
        if share is not None and share in shares and shares[share].is_dir():
            if reason := _changed_on_share(step, shares):
                lost[step.key] = reason
        elif step.evidence_digest not in kept:
            if share is None:
                lost[step.key] = _("{file} is no longer kept").format(file=step.answer)
            else:
                unseen[step.key] = _("the share {share} is out of reach").format(share=share)
    looked_at = {step.key: step.evidence_digest for step in steps}
    return Looked(lost, unseen, looked_at, frozenset(looked_at) - lost.keys() - unseen.keys())


def share_of(answer: str | None) -> str | None:
    """The share that an answer names (`backups:2027/log.txt`); None for a file that is kept."""
    name, sign, _rest = (answer or "").partition(":")
    return name if sign else None


def enter_looked(
    session: Session, *, run: Run, looked: Looked, at: datetime, actor: Identity
) -> list[Step]:
    """Turn the steps red whose evidence is lost, and green again those whose file is back.

    What somebody changed meanwhile stays as it is.

    Raises:
        RunClosedError: the run was closed or cancelled meanwhile.
    """
    if not looked.digests:
        return []
    pen = Pen(session, run, at, actor)
    pen.lock()
    pen.require_open()
    turned = []
    for step in list(_with_files(run)):
        is_the_same = step.evidence_digest == looked.digests.get(step.key)
        if is_the_same and step.key in looked.lost and step.state in PROVEN:
            _lose(pen, step, looked.lost[step.key])
            turned.append(step)
        elif is_the_same and step.key in looked.seen and step.state == State.FAILED:
            _regain(pen, step)
            turned.append(step)
    if turned:
        pen.settle()
    return turned


def _lose(pen: Pen, step: Step, reason: str) -> None:
    before, state = step.state, State(step.state)
    if state is State.SUBMITTED:
        state = after(state, Move.REOPEN)
    step.state, step.proof = after(state, Move.FAIL), reason
    step.failures += 1
    pen.record(
        "evidence-lost",
        step,
        before={"state": before, "evidence": step.evidence_digest},
        after={"state": step.state},
        personal={"reason": reason},
    )


def _regain(pen: Pen, step: Step) -> None:
    before = step.state
    step.state, step.proof = after(State(step.state), Move.PASS), None
    pen.record(
        "evidence-back",
        step,
        before={"state": before},
        after={"state": step.state, "evidence": step.evidence_digest},
    )


def _with_files(run: Run) -> Iterator[Step]:
    """Those that stand on a file, and the red ones whose file was lost: it may be back."""
    for step in run.steps:
        may_be_back = step.state == State.FAILED and not step.asked.checks
        if step.evidence_digest is not None and (step.state in PROVEN or may_be_back):
            yield step


def _changed_on_share(step: Step, shares: Shares) -> str | None:
    try:
        now = digest_on_share(step.answer or "", shares)
    except (NotFoundError, EvidenceError) as err:
        return err.message
    if now == step.evidence_digest:
        return None
    return _("{file} is another file by now").format(file=step.answer)
