"""How it stands with a probation: until when, and whether somebody confirmed the newcomer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from onboarding.models import Consultant
from onboarding.probation import probation_end
from onboarding.reviews.models import Review, Verdict
from opskit.core.i18n import _


@dataclass(frozen=True, slots=True)
class Probation:
    """`until` is its last day; `confirmed_on` the day on which a review ended it."""

    until: date
    confirmed_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide about it."""
        return self.confirmed_on is None

    def in_words(self, *, on: date) -> str:
        if self.confirmed_on is not None:
            return _("confirmed on {day}").format(day=self.confirmed_on)
        if self.until < on:
            return _("ended on {day}, nothing decided").format(day=self.until)
        return _("until {day}").format(day=self.until)


def probation_of(consultant: Consultant, reviews: Iterable[Review]) -> Probation:
    """How it stands for one consultant, from the decisions of the reviews on that path."""
    confirmed = [each.held_on for each in reviews if each.decision == Verdict.CONFIRM]
    until = consultant.probation_until or probation_end(consultant.start_on)
    return Probation(until, min(confirmed, default=None))
