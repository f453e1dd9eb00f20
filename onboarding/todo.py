"""What waits for somebody on the paths of new consultants: steps, sign-offs, reviews."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from onboarding.board import REVIEW
from onboarding.models import Consultant
from onboarding.services import KIND, NEWCOMER
from opskit.checklists.states import State
from opskit.checklists.todo import OpenStep, open_steps
from opskit.core.i18n import _
from opskit.core.todo import TodoItem
from opskit.staff.models import Person

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MENTOR = "mentor"  # a relation, and no role that the safe knows
REVIEW_NOTICE = 7  # days: it has to find its hour in two diaries


@dataclass(frozen=True, slots=True)
class _Pair:
    """A newcomer and the mentor, by login."""

    newcomer: str
    mentor: str
    pole: str


class OnboardingTodo:
    """The newcomer's steps are the newcomer's, the mentor's are the mentor's."""

    @property
    def label(self) -> str:
        return _("the onboarding")

    def items(
        self, session: "Session", *, today: date, until: date | None = None
    ) -> Sequence[TodoItem]:
        pairs = _pairs(session)
        return [
            _placed(each, pairs)
            for each in open_steps(session, kind=KIND, today=today, until=until)
        ]


def _placed(step: OpenStep, pairs: Mapping[int, _Pair]) -> TodoItem:
    """What a newcomer submits is for the mentor to sign."""
    item, pair = step.item, pairs.get(step.run_number)
    is_review = (item.step or "").startswith(REVIEW)
    person = item.person
    if pair is not None and person is None:
        is_signed = step.state is State.SUBMITTED and item.role == NEWCOMER
        of_role = {MENTOR: pair.mentor, NEWCOMER: pair.mentor if is_signed else pair.newcomer}
        person = of_role.get(item.role or "")
    return replace(
        item,
        kind="onboarding-review" if is_review else item.kind,
        person=person,
        pole=None if pair is None else pair.pole or None,
        title=_("Onboarding of {name}").format(name=step.subject),
        notice=REVIEW_NOTICE if is_review else item.notice,
    )


def _pairs(session: "Session") -> dict[int, _Pair]:
    """By the number of the run."""
    mentor = aliased(Person)
    query = (
        select(Consultant.run_number, Person.login, mentor.login, Person.pole)
        .join(Person, Person.id == Consultant.person_id)
        .join(mentor, mentor.id == Consultant.mentor_id)
    )
    return {
        number: _Pair(newcomer, guide, pole)
        for number, newcomer, guide, pole in session.execute(query)
    }
