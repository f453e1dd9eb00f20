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
    """The steps whose file is lost, or out of reach from here, each with the reason."""

    lost: Mapping[str, str]
    unseen: Mapping[str, str]


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
    return Looked(lost, unseen)


def share_of(answer: str | None) -> str | None:
    """The share that an answer names (`backups:2027/log.txt`); None for a file that is kept."""
    name, sign, _rest = (answer or "").partition(":")
    return name if sign else None


def enter_lost(
    session: Session, *, run: Run, lost: Mapping[str, str], at: datetime, actor: Identity
) -> list[Step]:
    """Turn the steps red whose evidence is lost; those that somebody changed meanwhile stay.

    Raises:
        RunClosedError: the run was closed or cancelled meanwhile.
    """
    if not lost:
        return []
    pen = Pen(session, run, at, actor)
    pen.lock()
    pen.require_open()
    turned = [step for step in _with_files(run) if step.key in lost]
    for step in turned:
        before = {"state": step.state, "evidence": step.evidence_digest}
        state = State(step.state)
        if state is State.SUBMITTED:
            state = after(state, Move.REOPEN)
        step.state = after(state, Move.FAIL)
        step.proof = lost[step.key]
        step.failures += 1
        pen.record(
            "evidence-lost",
            step,
            before=before,
            after={"state": step.state},
            personal={"reason": step.proof},
        )
    pen.settle()
    return turned


def _with_files(run: Run) -> Iterator[Step]:
    for step in run.steps:
        if step.state in PROVEN and step.evidence_digest is not None:
            yield step


def _changed_on_share(step: Step, shares: Shares) -> str | None:
    try:
        now = digest_on_share(step.answer or "", shares)
    except (NotFoundError, EvidenceError) as err:
        return err.message
    if now == step.evidence_digest:
        return None
    return _("{file} is another file by now").format(file=step.answer)
