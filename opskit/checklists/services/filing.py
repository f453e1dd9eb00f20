"""The files that were given as evidence, got out again."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists.errors import EvidenceAlteredError
from opskit.checklists.models import EvidenceFile, Run, Step
from opskit.checklists.services.runs import find_step
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it was given."""

    step: Step
    name: str
    digest: str
    content: bytes


def get_out(session: Session, *, run: Run, key: str) -> KeptFile:
    """The file of a step, proved to be the one that was given.

    Raises:
        NotFoundError: no such step; it has no file; the file stays on a share, or is gone.
        EvidenceAlteredError: the database holds other bytes than those that were given.
    """
    step = find_step(run, key)
    if step.evidence_digest is None:
        raise NotFoundError(
            _("{step} has no file").format(step=step.key),
            hint=f"opskit {run.kind} show {run.name}",
        )
    kept = session.get(EvidenceFile, step.evidence_digest)
    if kept is None:
        raise NotFoundError(
            _("the file of {step} is not kept here: {place}").format(
                step=step.key, place=step.answer
            ),
            hint=_(
                "look there; opskit {kind} check {run} says whether it still is the same"
            ).format(kind=run.kind, run=run.name),
        )
    if hashlib.sha256(kept.content).hexdigest() != kept.digest:
        raise EvidenceAlteredError(
            _("the file of {step} was altered in the database").format(step=step.key),
            hint=_("keep a copy of the database and call the auditor"),
        )
    return KeptFile(step, step.answer or step.key, kept.digest, kept.content)


def file_sizes(session: Session, run: Run) -> Mapping[str, int]:
    """How many bytes the kept files of a run have, by digest."""
    digests = {step.evidence_digest for step in run.steps if step.evidence_digest}
    if not digests:
        return {}
    query = select(EvidenceFile.digest, EvidenceFile.size).where(EvidenceFile.digest.in_(digests))
    return {row.digest: row.size for row in session.execute(query)}
