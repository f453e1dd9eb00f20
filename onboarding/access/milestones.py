"""What the milestones of a path have earned, and what of it nobody has given yet.

A step counts when it is done on the word of the mentor, or of somebody who is no newcomer: the
sign-off. A proposal is no row of its own: it stands as long as the steps do, and goes when one is
reopened. What was taken away is proposed again only after a sign-off that came later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from onboarding.access.level import Level
from onboarding.access.levels import Levels
from onboarding.access.models import AccessChange
from onboarding.models import Consultant, ConsultantState
from onboarding.services import KIND, LETTER, NEWCOMER
from opskit.checklists.models import Run, Step
from opskit.checklists.states import State
from opskit.core.refs import format_number
from opskit.staff.models import Person, PersonState

WALKED = (ConsultantState.ACTIVE, ConsultantState.PAUSED, ConsultantState.FINISHED)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Access that a newcomer has earned and does not have yet."""

    person: Person
    mentor: Person
    run: str
    held: Level
    level: Level
    signed_by: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class _Held:
    """What somebody has, and when last something was taken away."""

    level: Level = Level.NONE
    taken_at: datetime | None = None


@dataclass(slots=True)
class _Walk:
    """The signed milestones of one path, by key: when, and by whom."""

    run_number: int
    mentor_id: int
    signed: dict[str, tuple[datetime, str]] = field(default_factory=dict)


def proposals(session: Session, levels: Levels, *, person_id: int | None = None) -> list[Proposal]:
    """Everybody whose access may grow, by the day of the last sign-off."""
    held = _held(session, person_id)
    found = [
        proposal
        for walker, walk in _walks(session, levels, person_id).items()
        if (proposal := _proposal(session, walker, walk, held.get(walker, _Held()), levels))
    ]
    return sorted(found, key=lambda each: (each.signed_at, each.run))


def changes_of(session: Session, person: Person) -> list[AccessChange]:
    """How one person's access grew, the oldest first."""
    query = select(AccessChange).where(AccessChange.person_id == person.id)
    return list(session.scalars(query.order_by(AccessChange.id)))


def held_by(session: Session, person: Person) -> Level:
    """The level that was given last, as opskit recorded it."""
    return _held(session, person.id).get(person.id, _Held()).level


def _held(session: Session, person_id: int | None) -> dict[int, _Held]:
    query = select(
        AccessChange.person_id, AccessChange.before, AccessChange.level, AccessChange.changed_at
    ).order_by(AccessChange.id)
    if person_id is not None:
        query = query.where(AccessChange.person_id == person_id)
    held: dict[int, _Held] = {}
    for walker, before, level, at in session.execute(query):
        is_taken = Level(before).rank > Level(level).rank
        held[walker] = _Held(Level(level), at if is_taken else held.get(walker, _Held()).taken_at)
    return held


def _proposal(
    session: Session, walker: int, walk: _Walk, held: _Held, levels: Levels
) -> Proposal | None:
    counting = {
        key: sign
        for key, sign in walk.signed.items()
        if held.taken_at is None or sign[0] > held.taken_at
    }
    level = levels.earned(counting.keys() | _keys(levels, Level.NONE, held.level))
    if level.rank <= held.level.rank:
        return None
    signed_at, signed_by = max(counting[key] for key in _keys(levels, held.level, level))
    person = session.get_one(Person, walker)
    number = format_number(LETTER, walk.run_number)
    mentor = session.get_one(Person, walk.mentor_id)
    return Proposal(person, mentor, number, held.level, level, signed_by, signed_at)


def _keys(levels: Levels, above: Level, upto: Level) -> set[str]:
    """The milestones of the levels between; what somebody has needs no sign-off any more."""
    return {
        key
        for level, keys in levels.steps.items()
        if above.rank < level.rank <= upto.rank
        for key in keys
    }


def _walks(session: Session, levels: Levels, person_id: int | None) -> Mapping[int, _Walk]:
    """Each person's newest path with its signed milestones, by person."""
    newest = (
        select(func.max(Consultant.id))
        .where(Consultant.state != ConsultantState.UNDONE)
        .group_by(Consultant.person_id)
    )
    signer = aliased(Person)
    query = (
        select(
            *(Person.id, Person.entity_id, Consultant.run_number, Consultant.mentor_id),
            *(Step.key, Step.answered_at, Step.answered_by),
        )
        .join(Consultant, Consultant.person_id == Person.id)
        .join(Run, (Run.number == Consultant.run_number) & (Run.kind == KIND))
        .join(Step, Step.run_id == Run.id)
        .outerjoin(signer, signer.entity_id == Step.answered_by)
        .where(
            Consultant.id.in_(newest),
            Consultant.state.in_(WALKED),
            Person.state == PersonState.ACTIVE.value,
            Person.role == NEWCOMER,
            Step.key.in_(sorted(levels.keys)),
            Step.state == State.DONE.value,
            Step.dropped_at.is_(None),
            Step.answered_by.is_not(None),
            or_(signer.id.is_(None), signer.role != NEWCOMER, signer.id == Consultant.mentor_id),
        )
    )
    if person_id is not None:
        query = query.where(Person.id == person_id)
    walks: dict[int, _Walk] = {}
    for walker, entity_id, run_number, mentor_id, key, at, by in session.execute(query):
        walk = walks.setdefault(walker, _Walk(run_number, mentor_id))
        if at and by and by != entity_id:
            walk.signed[key] = (at, by)
    return walks


def walker_of(session: Session, run: Run) -> int | None:
    """The person whose path the run is."""
    query = select(Consultant.person_id).where(Consultant.run_number == run.number)
    return session.scalar(query)
