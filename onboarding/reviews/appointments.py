"""The reviews of a path: steps of it whose keys begin with `review-`; the rest is the kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from onboarding.boards.tallies import REVIEW
from onboarding.reviews.models import Review
from opskit.checklists.models import Run, Step
from opskit.checklists.states import SETTLED
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.text import did_you_mean


@dataclass(frozen=True, slots=True)
class Appointment:
    """One review of a path, held or still to come."""

    step: Step
    review: Review | None

    @property
    def kind(self) -> str:
        return self.step.key.removeprefix(REVIEW)

    @property
    def due_on(self) -> date:
        return self.step.due_on

    @property
    def is_open(self) -> bool:
        """Neither decided nor left out of the path."""
        return self.review is None and self.step.state not in SETTLED


def appointments(run: Run, held: Mapping[str, Review]) -> list[Appointment]:
    """The reviews of a path by day; `held` are the decisions by kind."""
    steps = sorted(
        (step for step in run.steps if step.key.startswith(REVIEW)),
        key=lambda step: (step.due_on, step.position),
    )
    return [Appointment(step, held.get(step.key.removeprefix(REVIEW))) for step in steps]


def choose(known: Sequence[Appointment], kind: str | None) -> Appointment:
    """The review of that kind (`day-30`, or `review-day-30`); without one the next to be held.

    Raises:
        NotFoundError: the path has no such review, or none at all; or every one was held.
    """
    if kind is None:
        last = known[-1] if known else None  # where every one was held
        found = next((each for each in known if each.is_open), last)
    else:
        wanted = kind.strip().lower().removeprefix(REVIEW)
        found = next((each for each in known if each.kind == wanted), None)
    if found is not None:
        return found
    kinds = [each.kind for each in known]
    if kind is None or not kinds:
        raise NotFoundError(
            _("this path has no reviews"), hint=_("they are steps whose keys begin with review-")
        )
    raise NotFoundError(
        _("this path has no review {kind}").format(kind=repr(kind)),
        hint=did_you_mean(
            kind, kinds, otherwise=_("there are: {names}").format(names=", ".join(kinds))
        ),
    )
