"""The words that scripts read, as people read them: in their language, with a colour.

The database, JSON and pipes know `lapsed`; a page in French says « échu ».
"""

from opskit.core.i18n import _
from opskit.core.screen import Tone

GOOD = frozenset({"ok", "sent", "done", "active", "issued", "works"})
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
        "altered": _("altered"),
        "answers": _("answers"),
        "approved": _("approved"),
        "assigned": _("assigned"),
        "blocked": _("blocked"),
        "breached": _("breached"),
        "broken": _("broken"),
        "cancelled": _("cancelled"),
        "changed": _("changed"),
        "checked": _("checked"),
        "closed": _("closed"),
        "commented": _("commented"),
        "current": _("current"),
        "delivered": _("delivered"),
        "delivery-failed": _("delivery failed"),
        "delivery-unknown": _("delivery unknown"),
        "destroyed": _("destroyed"),
        "disabled": _("disabled"),
        "done": _("done"),
        "dropped": _("dropped from the list"),
        "emergency": _("emergency code"),
        "evidence-back": _("evidence is back"),
        "evidence-lost": _("evidence lost"),
        "expired": _("expired"),
        "extended": _("probation extended"),
        "failed": _("failed"),
        "finished": _("finished"),
        "full": _("whole day"),
        "go": _("go"),
        "half": _("half day"),
        "handed-over": _("handed over"),
        "holiday": _("holiday"),
        "illness": _("illness"),
        "in-use": _("in use"),
        "issued": _("issued"),
        "kept": _("kept"),
        "lapsed": _("lapsed"),
        "left": _("left"),
        "missing": _("missing"),
        "moved": _("moved"),
        "no-go": _("no-go"),
        "none": _("none"),
        "not-applicable": _("not applicable"),
        "nudged": _("asked again"),
        "offline": _("offline"),
        "ok": _("ok"),
        "open": _("open"),
        "opened": _("opened"),
        "other": _("other"),
        "own-step": _("step for one person"),
        "path-changed": _("another path"),
        "paused": _("paused"),
        "pending": _("pending"),
        "pinned": _("pinned"),
        "public": _("public holiday"),
        "published": _("published"),
        "ready": _("ready"),
        "refused": _("refused"),
        "rejected": _("rejected"),
        "removed": _("removed"),
        "reopened": _("reopened"),
        "requested": _("requested"),
        "resumed": _("taken up again"),
        "retired": _("retired"),
        "reused": _("reused"),
        "shipped": _("shipped"),
        "skipped": _("not applicable"),
        "sent": _("sent"),
        "spare": _("spare"),
        "stale": _("stale"),
        "started": _("started"),
        "stranger": _("stranger"),
        "submitted": _("submitted"),
        "switched": _("another list"),
        "team": _("team"),
        "ticked": _("done"),
        "training": _("training"),
        "unaskable": _("unaskable"),
        "undone": _("undone"),
        "unknown": _("unknown"),
        "unpinned": _("unpinned"),
        "unreachable": _("unreachable"),
        "upgraded": _("upgraded"),
        "waiting": _("waiting"),
        "waived": _("waived"),
        "warning": _("warning"),
        "weak": _("weak"),
        "withdrawn": _("withdrawn"),
        "works": _("works"),
    }
