"""What counts as evidence, by kind. An answer states the value, never just "checked"."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from opskit.checklists.errors import EvidenceError
from opskit.checklists.templates import Evidence
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _

LINK_STARTS = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Given:
    """An accepted answer, and for a file the digest that proves which one it was."""

    answer: str | None
    proof: str | None = None


def accept(evidence: Evidence, answer: str | None) -> Given:
    """Take an answer that fits the kind of evidence; without demand a note may be given.

    For a file the answer is its path: the file is read once, its name and digest are kept.

    Raises:
        EvidenceError: nothing was given, or a link that is none.
        NotFoundError: the file cannot be read.
    """
    text = (answer or "").strip()
    if not text and evidence is not Evidence.NONE:
        raise EvidenceError(
            _("the step demands evidence: {kind}").format(kind=evidence.value),
            hint=_hint(evidence),
        )
    if evidence is Evidence.FILE:
        return _digested(Path(text))
    if evidence is Evidence.LINK and not text.startswith(LINK_STARTS):
        raise EvidenceError(
            _("{text} is no link").format(text=repr(text)), hint=_hint(Evidence.LINK)
        )
    return Given(text or None)


def _digested(path: Path) -> Given:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as err:
        raise NotFoundError(
            _("cannot read {file}: {reason}").format(file=path, reason=err.strerror),
            hint=_hint(Evidence.FILE),
        ) from err
    return Given(path.name, f"sha256:{digest}")


def _hint(evidence: Evidence) -> str:
    match evidence:
        case Evidence.NONE | Evidence.TEXT:
            return _('say what was done: --answer "agreed by phone with Ms Beguin"')
        case Evidence.VALUE:
            return _('give the value that you read: --answer "240 GB free"')
        case Evidence.FILE:
            return _("give the path of a readable file: --answer backup.log")
        case Evidence.LINK:
            return _("give an address: --answer https://...")
        case _:
            assert_never(evidence)
