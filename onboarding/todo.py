"""What waits for somebody on the paths of new consultants: steps, sign-offs, reviews."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from onboarding.boards.tallies import REVIEW
from onboarding.models import UNDER_WAY, Consultant, ConsultantState
from onboarding.services import KIND, LETTER, NEWCOMER
from opskit.checklists.states import State
from opskit.checklists.todo import OpenStep, open_steps
from opskit.core.i18n import _
from opskit.core.refs import format_number
from opskit.core.todo import CONFIDENTIAL, TodoItem
from opskit.staff.models import Person, PersonState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MENTOR = "mentor"  # a relation, and no role that the safe knows
REVIEW_NOTICE = 7  # days: it has to find its hour in two diaries


@dataclass(frozen=True, slots=True)
class _Pair:
    """A newcomer and the mentor, by login; whether the walk goes on, and the mentor is there."""

    name: str
    newcomer: str
    mentor: str
    pole: str
    rests: bool
    is_alone: bool

    @property
    def readers(self) -> frozenset[str]:
        return frozenset({self.newcomer, self.mentor})


class OnboardingTodo:
    """The newcomer's steps are the newcomer's, the mentor's are the mentor's."""

    @property
    def label(self) -> str:
        return _("the onboarding")

    def items(
        self, session: "Session", *, today: date, until: date | None = None
    ) -> Sequence[TodoItem]:
        pairs = _pairs(session)
        resting = {number for number, pair in pairs.items() if pair.rests}
        steps = open_steps(session, kind=KIND, today=today, until=until)
        placed = [_placed(each, pairs) for each in steps if each.run_number not in resting]
        return [*placed, *_without_mentor(pairs)]


def _placed(step: OpenStep, pairs: Mapping[int, _Pair]) -> TodoItem:
    """What a newcomer submits is for the mentor to sign."""
    item, pair = step.item, pairs.get(step.run_number)
    is_review = (item.step or "").startswith(REVIEW)
    person = item.person
    is_submitted = step.state is State.SUBMITTED
    if pair is not None and person is None:
        of_role = {MENTOR: pair.mentor, NEWCOMER: pair.mentor if is_submitted else pair.newcomer}
        person = of_role.get(item.role or "")
    return replace(
        item,
        kind="onboarding-review" if is_review else item.kind,
        person=person,
        pole=None if pair is None else pair.pole or None,
        title=_("Onboarding of {name}").format(name=step.subject),
        readers=CONFIDENTIAL if pair is None else pair.readers,
        notice=REVIEW_NOTICE if is_review else item.notice,
        command=_command(step, is_review=is_review),
    )


def _command(step: OpenStep, *, is_review: bool) -> str:
    """A review is held, what a newcomer submitted is signed; anything else as it is everywhere."""
    path, key = format_number(LETTER, step.run_number), step.item.step or ""
    if is_review:
        return f"opskit onboarding review {path} --kind {key.removeprefix(REVIEW)}"
    is_submitted = step.state is State.SUBMITTED
    return f"opskit onboarding sign {path} {key}" if is_submitted else step.item.command


def _without_mentor(pairs: Mapping[int, _Pair]) -> Iterator[TodoItem]:
    """Somebody whose mentor has left needs another one, at once."""
    for run_number, pair in pairs.items():
        if pair.is_alone:
            path = format_number(LETTER, run_number)
            yield TodoItem(
                kind="onboarding-mentor",
                subject=path,
                title=_("Onboarding of {name}").format(name=pair.name),
                what=_("the mentor {login} has left: name another").format(login=pair.mentor),
                role="manager",
                pole=pair.pole or None,
                command=f"opskit onboarding hand-over {pair.mentor} NEWMENTOR {path}",
                readers=pair.readers,
            )


def _pairs(session: "Session") -> dict[int, _Pair]:
    """By the number of the run."""
    mentor = aliased(Person)
    query = (
        select(
            *(Consultant.run_number, Consultant.state, Person.name, Person.login, Person.pole),
            *(mentor.login.label("mentor"), mentor.state.label("mentor_state")),
        )
        .join(Person, Person.id == Consultant.person_id)
        .join(mentor, mentor.id == Consultant.mentor_id)
        .where(Consultant.state.in_(UNDER_WAY))
    )
    return {
        row.run_number: _Pair(
            name=row.name,
            newcomer=row.login,
            mentor=row.mentor,
            pole=row.pole,
            rests=row.state == ConsultantState.PAUSED,
            is_alone=row.mentor_state != PersonState.ACTIVE,
        )
        for row in session.execute(query)
    }
