"""What the audit log knows and the register does not, or the other way round."""

from dataclasses import dataclass
from enum import StrEnum

from opskit.core.i18n import _
from opskit.core.signings import KeyUse


class Doubt(StrEnum):
    """For scripts; `in_words` is for people."""

    NOT_REGISTERED = "not-registered"
    NOT_ISSUED = "not-issued"
    EXPORTED = "exported"
    UNREADABLE = "unreadable"
    NO_TRACE = "no-trace"

    def in_words(self) -> str:
        return {
            Doubt.NOT_REGISTERED: _("signed, and no licence of the register says that"),
            Doubt.NOT_ISSUED: _("signed, and its request was not issued"),
            Doubt.EXPORTED: _("the key was taken out of the safe"),
            Doubt.UNREADABLE: _("a signature was asked for in a line too long to be read"),
            Doubt.NO_TRACE: _("in the register, and the log does not have its signature"),
        }[self]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit: `subject` is R12 or L1042 where there is one.

    `count` is how many signatures of one and the same use of a key are meant.
    """

    doubt: Doubt
    subject: str = ""
    use: KeyUse | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared. Of a batch each signature counts, and a repeated one again."""

    signatures: int
    explained: int
    licenses: int
    findings: tuple[Finding, ...]
