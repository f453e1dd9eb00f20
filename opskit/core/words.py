"""The words that scripts read, as people read them: in their language, with a colour.

The database, JSON and pipes know `lapsed`; a page in French says « échu ».
"""

from opskit.core.i18n import _
from opskit.core.screen import Tone

GOOD = frozenset({"ok", "done", "active", "issued", "works"})
BAD = frozenset(
    {
        "failed",
        "broken",
        "lapsed",
        "breached",
        "expired",
        "weak",
        "refused",
        "unreachable",
        "stranger",
    }
)
DOUBTFUL = frozenset({"warning", "unknown"})


def in_words(value: str) -> str:
    """A state or a verdict in the person's language; any other text as it is."""
    return _words().get(value, value)


def tone_of(value: str) -> Tone | None:
    """Green for what is well, red for what is not, no colour for what is neither."""
    if value in GOOD:
        return Tone.GOOD
    if value in BAD:
        return Tone.BAD
    return Tone.DOUBT if value in DOUBTFUL else None


def yes_or_no(value: bool) -> str:
    return _("yes") if value else _("no")


def _words() -> dict[str, str]:
    return {
        "active": _("active"),
        "added": _("added"),
        "answers": _("answers"),
        "approved": _("approved"),
        "blocked": _("blocked"),
        "breached": _("breached"),
        "broken": _("broken"),
        "changed": _("changed"),
        "closed": _("closed"),
        "current": _("current"),
        "delivered": _("delivered"),
        "delivery-failed": _("delivery failed"),
        "delivery-unknown": _("delivery unknown"),
        "destroyed": _("destroyed"),
        "disabled": _("disabled"),
        "done": _("done"),
        "emergency": _("emergency code"),
        "expired": _("expired"),
        "failed": _("failed"),
        "in-use": _("in use"),
        "issued": _("issued"),
        "kept": _("kept"),
        "lapsed": _("lapsed"),
        "missing": _("missing"),
        "none": _("none"),
        "not-applicable": _("not applicable"),
        "offline": _("offline"),
        "ok": _("ok"),
        "open": _("open"),
        "pending": _("pending"),
        "ready": _("ready"),
        "refused": _("refused"),
        "rejected": _("rejected"),
        "removed": _("removed"),
        "requested": _("requested"),
        "retired": _("retired"),
        "reused": _("reused"),
        "spare": _("spare"),
        "stale": _("stale"),
        "stranger": _("stranger"),
        "unaskable": _("unaskable"),
        "unknown": _("unknown"),
        "unreachable": _("unreachable"),
        "waiting": _("waiting"),
        "waived": _("waived"),
        "warning": _("warning"),
        "weak": _("weak"),
        "withdrawn": _("withdrawn"),
        "works": _("works"),
    }
