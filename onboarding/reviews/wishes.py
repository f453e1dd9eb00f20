"""What somebody wants of a review, as typed: a decision, notes, or both."""

from dataclasses import dataclass
from datetime import date

from onboarding.reviews.models import Circle, Verdict
from opskit.core.choosing import one_of
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _


@dataclass(frozen=True, slots=True)
class Wish:
    """Something to record; `kind` is the review."""

    kind: str
    verdict: Verdict | None
    until: date | None
    text: str | None
    circle: Circle


def read_wish(
    *,
    kind: str | None,
    decision: str | None,
    until: date | None,
    text: str | None,
    visible: str | None,
) -> Wish | None:
    """What to record; None where the person only looks.

    Raises:
        UsageProblemError: the options do not go together.
        InvalidError: a word is none of those to choose from.
    """
    if visible is not None and text is None:
        raise UsageProblemError(_("--visible is for notes"), hint=_("--notes FILE, or - for stdin"))
    circle = (
        Circle.MENTOR
        if visible is None
        else one_of(Circle, visible, otherwise=_("{text} is nobody who reads notes"))
    )
    verdict = (
        None
        if decision is None
        else one_of(Verdict, decision, otherwise=_("{text} is no decision of a review"))
    )
    _require_until(verdict, until)
    if verdict is None and text is None:
        return None
    if kind is None:
        raise UsageProblemError(
            _("say which review"), hint=_("--kind day-30; without more words it shows the agenda")
        )
    return Wish(kind, verdict, until, text, circle)


def _require_until(verdict: Verdict | None, until: date | None) -> None:
    if (verdict is Verdict.EXTEND) != (until is not None):
        raise UsageProblemError(
            _("an extended probation needs its last day")
            if until is None
            else _("--until is for --decision extend"),
            hint="--decision extend --until 2027-06-30",
        )
