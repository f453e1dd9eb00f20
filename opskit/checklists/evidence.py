"""What counts as evidence, by kind. An answer states the value, never just "checked"."""

import errno
import hashlib
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from opskit.checklists.errors import EvidenceError
from opskit.checklists.templates import Evidence
from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.system_errors import reason_of

LINK_STARTS = ("https://", "http://")
LARGEST = 10 * 1024 * 1024  # bytes of a file that the database keeps

Shares = Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class Given:
    """An accepted answer; of a file its SHA-256, and its content where the database keeps it."""

    answer: str | None
    digest: str | None = None
    content: bytes | None = None


def shares_of(setting: str) -> dict[str, Path]:
    """Read `backups=/mnt/backups; documents=/mnt/documents`: the places that files may stay in.

    Raises:
        InvalidError: it is written in another way.
    """
    shares = {}
    for part in filter(str.strip, setting.split(";")):
        name, sign, folder = (piece.strip() for piece in part.partition("="))
        if not (name.isalnum() and sign and Path(folder).is_absolute()):
            raise InvalidError(
                _("{part} is no named share").format(part=repr(part.strip())),
                hint='evidence_shares = "backups=/mnt/backups"',
            )
        shares[name] = Path(folder)
    return shares


def accept(evidence: Evidence, answer: str | None, *, shares: Shares) -> Given:
    """Take an answer that fits the kind of evidence; without demand a note may be given.

    For a file the answer is its path, or `share:path` for one that stays on a named share.

    Raises:
        EvidenceError: nothing was given, a link that is none, a file that is too large.
        NotFoundError: the file cannot be read.
    """
    text = (answer or "").strip()
    if not text and evidence is not Evidence.NONE:
        raise EvidenceError(
            _("the step demands evidence: {kind}").format(kind=evidence.value),
            hint=_hint(evidence),
        )
    if evidence is Evidence.FILE:
        return _on_share(text, shares) or _kept(Path(text), shares)
    if evidence is Evidence.LINK and not text.startswith(LINK_STARTS):
        raise EvidenceError(
            _("{text} is no link").format(text=repr(text)), hint=_hint(Evidence.LINK)
        )
    return Given(text or None)


def digest_on_share(answer: str, shares: Shares) -> str | None:
    """The SHA-256 of a file on a named share as it is now; None for any other answer.

    Raises:
        NotFoundError: the share or the file is not there.
        EvidenceError: the path leads out of the share.
    """
    given = _on_share(answer, shares)
    return given.digest if given else None


def _on_share(text: str, shares: Shares) -> Given | None:
    name, sign, rest = text.partition(":")
    if not sign or name not in shares:
        return None
    root = shares[name].resolve()
    path = (root / rest.strip().replace("\\", "/").lstrip("/")).resolve()
    if not path.is_relative_to(root):
        raise EvidenceError(
            _("{text} leads out of the share").format(text=repr(text)),
            hint=_("give a path inside it: --answer {share}:2027/backup.log").format(share=name),
        )
    try:
        _require_file(path)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as err:
        raise _unreadable(path, err) from err
    return Given(f"{name}:{path.relative_to(root).as_posix()}", digest)


def _kept(path: Path, shares: Shares) -> Given:
    try:
        _require_file(path)
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as err:
        raise _unreadable(path, err) from err
    if len(content) > LARGEST:
        raise EvidenceError(
            _("{file} is larger than 10 MB").format(file=path),
            hint=_("leave it on a share and say where: --answer {share}:PATH").format(
                share=next(iter(shares), "backups")
            )
            if shares
            else _("name a share in the settings: docs/settings.md, evidence_shares"),
        )
    return Given(path.name, hashlib.sha256(content).hexdigest(), content)


def _require_file(path: Path) -> None:
    """Raises OSError; also for a pipe or a device, since whoever reads it might wait for ever."""
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):  # of a folder the system says it itself
        raise OSError(errno.EINVAL, _("it is no ordinary file"))


def _unreadable(path: Path, err: OSError) -> NotFoundError:
    return NotFoundError(
        _("cannot read {file}: {reason}").format(file=path, reason=reason_of(err)),
        hint=_hint(Evidence.FILE),
    )


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
