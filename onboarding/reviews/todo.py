"""What waits on the way to a review: a self-rating, steps that hold it up, the probation's end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from onboarding.boards.tallies import REVIEW
from onboarding.models import Consultant, ConsultantState
from onboarding.reviews.models import Review
from onboarding.reviews.probation import probation_of
from onboarding.reviews.words import kind_in_words
from onboarding.skills.models import Rating, RatingKind
from opskit.checklists.models import OPEN, Run, Step
from opskit.checklists.states import State
from opskit.core.business_days import PUBLIC
from opskit.core.i18n import _
from opskit.core.todo import CONFIDENTIAL, TodoItem
from opskit.staff.models import Person

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

KIND = "onboarding"  # of the runs that are paths
LEADER = "manager"
AHEAD = 10  # business days
RATED_BEFORE = 5  # days before a review the self-rating is to be there
RATED_WITHIN = 21  # days before a review a self-rating counts as made for it
PROBATION_AHEAD = 30  # days: a decision takes talks
REVIEW_NOTICE = 7
PROBATION_NOTICE = 14


@dataclass(frozen=True, slots=True)
class _Walked:
    """One path under way, with what its reviews need."""

    consultant: Consultant
    person: Person
    mentor: str
    run_name: str
    rated_on: date | None
    steps: list[Step] = field(default_factory=list)  # the open reviews, by day
    reviews: list[Review] = field(default_factory=list)

    @property
    def readers(self) -> frozenset[str]:
        return frozenset({self.person.login, self.mentor})


class ReviewTodo:
    """Beside the steps of the paths."""

    @property
    def label(self) -> str:
        return _("the reviews of new consultants")

    def items(
        self, session: "Session", *, today: date, until: date | None = None
    ) -> Sequence[TodoItem]:
        last = until or PUBLIC.add(today, AHEAD, None)
        found: list[TodoItem] = []
        for walked in _walked(session):
            found += _before_reviews(walked, last=last)
            found += _probation(walked, today=today, last=last)
        return found


def _before_reviews(walked: _Walked, *, last: date) -> Iterator[TodoItem]:
    """Only the next review: the later ones come in their turn."""
    if not walked.steps:
        return
    step = walked.steps[0]
    kind, login = step.key.removeprefix(REVIEW), walked.person.login
    rate_by = step.due_on - timedelta(days=RATED_BEFORE)
    since = step.due_on - timedelta(days=RATED_WITHIN)
    if rate_by <= last and (walked.rated_on is None or walked.rated_on < since):
        yield TodoItem(
            kind="onboarding-self-rating",
            subject=walked.run_name,
            step=step.key,
            what=_("rate yourself before the {review}").format(review=kind_in_words(kind)),
            command=f"opskit onboarding rate {login}",
            due=rate_by,
            person=login,
            pole=walked.person.pole or None,
            title=_title(walked),
            readers=walked.readers,
        )
    if step.state == State.BLOCKED and step.due_on <= last:
        yield TodoItem(
            kind="onboarding-review",
            subject=walked.run_name,
            step=step.key,
            what=_("{review}: open steps hold it up").format(review=kind_in_words(kind)),
            command=f"opskit onboarding review {login} --kind {kind}",
            due=step.due_on,
            role=LEADER,
            pole=walked.person.pole or None,
            title=_title(walked),
            notice=REVIEW_NOTICE,
            readers=walked.readers,
        )


def _probation(walked: _Walked, *, today: date, last: date) -> Iterator[TodoItem]:
    """From a month before its end on, until somebody decides."""
    probation = probation_of(walked.consultant, walked.reviews)
    seen_until = max(last, today + timedelta(days=PROBATION_AHEAD))
    if probation.is_open and probation.until <= seen_until:
        yield TodoItem(
            kind="onboarding-probation",
            subject=walked.run_name,
            what=_("probation ends: confirm or extend it at a review"),
            command=f"opskit onboarding review {walked.person.login}",
            due=probation.until,
            role=LEADER,
            pole=walked.person.pole or None,
            title=_title(walked),
            notice=PROBATION_NOTICE,
            readers=CONFIDENTIAL,
        )


def _title(walked: _Walked) -> str:
    return _("Onboarding of {name}").format(name=walked.person.name)


def _walked(session: "Session") -> list[_Walked]:
    """Every path under way, in four queries."""
    rated = _last_self_ratings(session)
    mentor = aliased(Person)
    query = (
        select(Consultant, Person, mentor.login)
        .join(Person, Person.id == Consultant.person_id)
        .join(mentor, mentor.id == Consultant.mentor_id)
        .where(Consultant.state == ConsultantState.ACTIVE.value)
        .order_by(Consultant.id)
    )
    found = {
        consultant.run_number: _Walked(
            consultant, person, mentored_by, f"O{consultant.run_number}", rated.get(person.id)
        )
        for consultant, person, mentored_by in session.execute(query)
    }
    for number, step in _open_reviews(session):
        if number in found:
            found[number].steps.append(step)
    for review in session.scalars(select(Review)):
        if review.run_number in found:
            found[review.run_number].reviews.append(review)
    return list(found.values())


def _open_reviews(session: "Session") -> Sequence[tuple[int, Step]]:
    settled = (State.DONE.value, State.WAIVED.value, State.NOT_APPLICABLE.value)
    query = (
        select(Run.number, Step)
        .join(Step, Step.run_id == Run.id)
        .where(
            Run.kind == KIND,
            Run.state == OPEN,
            Step.key.startswith(REVIEW),
            Step.dropped_at.is_(None),
            Step.state.not_in(settled),
        )
        .order_by(Step.due_on, Step.position)
    )
    return [(number, step) for number, step in session.execute(query)]


def _last_self_ratings(session: "Session") -> Mapping[int, date]:
    query = (
        select(Rating.person_id, func.max(Rating.rated_on))
        .where(Rating.kind == RatingKind.SELF.value, Rating.withdraws.is_(None))
        .group_by(Rating.person_id)
    )
    return {person: day for person, day in session.execute(query)}  # noqa: C416 (a Row is no pair)
