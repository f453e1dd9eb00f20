"""What can be wrong with the register, each case with a name of its own."""

from dataclasses import dataclass
from enum import StrEnum

from opskit.core.i18n import _


class Flaw(StrEnum):
    """For scripts; `in_words` is for people."""

    UNREADABLE = "unreadable"
    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown-key"
    KIND_NOT_ALLOWED = "kind-not-allowed"
    BAD_SIGNATURE = "bad-signature"
    OTHER_TERMS = "other-terms"
    NO_CLIENT = "no-client"
    NO_REQUEST = "no-request"
    OTHER_REQUEST = "other-request"
    NOT_MARKED_ISSUED = "not-marked-issued"
    NOT_APPROVED = "not-approved"
    OWN_APPROVAL = "own-approval"
    BAD_APPROVAL = "bad-approval"
    OTHER_REQUESTER = "other-requester"
    NOT_LOGGED = "not-logged"
    OTHER_DIGEST = "other-digest"
    OTHER_ISSUER = "other-issuer"
    OTHER_ISSUE = "other-issue"
    SEQUENCE_TWICE = "sequence-twice"
    MISSING = "missing"
    LOGGED_TWICE = "logged-twice"
    NO_LICENSE = "no-license"
    ALTERED_EVENT = "altered-event"

    def in_words(self) -> str:
        return {
            Flaw.UNREADABLE: _("the row holds what no licence can hold"),
            Flaw.MALFORMED: _("what was signed is no licence"),
            Flaw.UNKNOWN_KEY: _("signed with a key that the safe does not have"),
            Flaw.KIND_NOT_ALLOWED: _("its key may not sign this kind"),
            Flaw.BAD_SIGNATURE: _("the signature does not fit: altered, or not signed in the safe"),
            Flaw.OTHER_TERMS: _("the row says something else than what was signed"),
            Flaw.NO_CLIENT: _("its client is missing"),
            Flaw.NO_REQUEST: _("its request is missing"),
            Flaw.OTHER_REQUEST: _("its request says something else"),
            Flaw.NOT_MARKED_ISSUED: _("its request does not say that it was issued"),
            Flaw.NOT_APPROVED: _("nobody approved it"),
            Flaw.OWN_APPROVAL: _("approved by the person who asked for it"),
            Flaw.BAD_APPROVAL: _("the approval is not the approver's signature over it"),
            Flaw.OTHER_REQUESTER: _("the request names another requester than the event log"),
            Flaw.NOT_LOGGED: _("the event log does not know that it was issued"),
            Flaw.OTHER_DIGEST: _("the event log knows another key by this number"),
            Flaw.OTHER_ISSUER: _("the event log names another issuer"),
            Flaw.OTHER_ISSUE: _("the event log knows another time, purpose or predecessor"),
            Flaw.SEQUENCE_TWICE: _("another licence of this client and kind has its sequence"),
            Flaw.MISSING: _("issued according to the event log, but missing in the register"),
            Flaw.LOGGED_TWICE: _("the event log says more than once that it was issued"),
            Flaw.NO_LICENSE: _("marked as issued, but the register has no licence for it"),
            Flaw.ALTERED_EVENT: _("the event log was altered"),
        }[self]


@dataclass(frozen=True, slots=True)
class Fault:
    """`L1042`, `R12` or `event 7`, and what is wrong with it."""

    subject: str
    flaw: Flaw
    detail: str | None = None

    def in_words(self) -> str:
        return f"{self.subject}: {self.detail or self.flaw.in_words()}"


@dataclass(slots=True)
class Tally:
    """What was looked at."""

    licenses: int = 0
    approvals: int = 0
    without_second_person: int = 0
    offline: int = 0  # issued without the safe, taken over later
    events: int = 0
