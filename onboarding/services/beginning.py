"""A walk begins: of one person, or of all who start on the same day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from onboarding.models import UNDER_WAY, Consultant, ConsultantState
from onboarding.paths import Path, Wish, choose_path
from onboarding.probation import probation_end
from onboarding.services.mentoring import refuse_mentor
from onboarding.services.walks import KIND, LETTER, STARTERS, Walk, walk_of
from opskit.checklists import services as checklists
from opskit.checklists.models import OPEN, Run
from opskit.core import events
from opskit.core.business_days import Calendar
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.staff.models import Person, PersonState


@dataclass(frozen=True, slots=True)
class Entrant:
    """Who begins which path, when, with whom."""

    person: Person
    mentor: Person
    path: Path
    start_on: date


def start(
    session: Session,
    *,
    person: Person,
    mentor: Person,
    path: str,
    start_on: date,
    canton: str,
    calendar: Calendar,
    at: datetime,
    actor: Identity,
) -> Walk:
    """Put a person on a path. Raises as `start_many`.

    Raises:
        NotFoundError: there is no such path.
    """
    require_role(actor, *STARTERS)
    entrant = Entrant(person, mentor, choose_path(session, Wish(path=path)), start_on)
    (made,) = start_many(session, [entrant], canton=canton, calendar=calendar, at=at, actor=actor)
    return walk_of(session, made)


def start_many(
    session: Session,
    entrants: Sequence[Entrant],
    *,
    canton: str,
    calendar: Calendar,
    at: datetime,
    actor: Identity,
) -> list[Consultant]:
    """Put people on their paths, in a few statements for each path; in the order given.

    Raises:
        DeniedError: only managers and admins do this.
        ConflictError: somebody is on a path already, or would be their own mentor, or has left.
    """
    require_role(actor, *STARTERS)
    walking = _walking(session, [each.person.id for each in entrants])
    for each in entrants:
        _refuse(session, each.person, each.mentor, walking.get(each.person.id))
    numbers = dict[int, int]()
    for template in {each.path.template.digest: each.path.template for each in entrants}.values():
        group = [each for each in entrants if each.path.template.digest == template.digest]
        ids = checklists.start_many(
            session,
            [_beginning(each, canton) for each in group],
            kind=KIND,
            letter=LETTER,
            template=template,
            calendar=calendar,
            at=at,
            actor=actor,
        )
        found = _numbers(session, ids)
        numbers |= {each.person.id: found[run_id] for each, run_id in zip(group, ids, strict=True)}
    rows = [_row(each, numbers[each.person.id], at) for each in entrants]
    inserting = insert(Consultant).returning(Consultant, sort_by_parameter_order=True)
    made = list(session.scalars(inserting, rows))
    _tell(session, entrants, made, at=at, actor=actor)
    return made


def refuse_second_path(session: Session, *, person: Person, mentor: Person) -> None:
    """Raises ConflictError where the person walks already or has left, or the mentor cannot be one.

    A path of before that is over but for its name ends here.
    """
    _refuse(session, person, mentor, _walking(session, [person.id]).get(person.id))


def _refuse(session: Session, person: Person, mentor: Person, other: Consultant | None) -> None:
    """Raises as `refuse_second_path`; `other` is the path that the person walks."""
    refuse_mentor(mentor=mentor, person=person)
    if person.state != PersonState.ACTIVE:
        raise ConflictError(
            _("{name} has left the team").format(name=person.name),
            hint=_("first let the person back: {command}").format(
                command=f"opskit user enable {person.login}"
            ),
        )
    if other is not None and _is_walked(session, other):
        other.state, other = ConsultantState.FINISHED.value, None
        session.flush()  # before a second path begins: a person walks one at a time
    if other is not None:
        raise ConflictError(
            _("{name} is on the path {path} already").format(name=person.name, path=other.path),
            hint=f'opskit onboarding show "{person.name}"',
        )


def _walking(session: Session, person_ids: Sequence[int]) -> Mapping[int, Consultant]:
    query = select(Consultant).where(
        Consultant.person_id.in_(person_ids), Consultant.state.in_(UNDER_WAY)
    )
    return {each.person_id: each for each in session.scalars(query)}


def _is_walked(session: Session, consultant: Consultant) -> bool:
    """A path ends with its last step, or when its run is given up."""
    query = select(Run.state).where(Run.kind == KIND, Run.number == consultant.run_number)
    return session.scalar(query) != OPEN


def _numbers(session: Session, ids: Sequence[int]) -> dict[int, int]:
    found = session.execute(select(Run.id, Run.number).where(Run.id.in_(ids)))
    return {row.id: row.number for row in found}


def _beginning(entrant: Entrant, canton: str) -> checklists.Beginning:
    return checklists.Beginning(
        subject=entrant.person.name,
        facts={"path": entrant.path.template.id},
        anchor_on=entrant.start_on,
        canton=entrant.path.canton or canton,
        prepared_by=entrant.person.entity_id,
    )


def _row(entrant: Entrant, number: int, at: datetime) -> dict[str, Any]:
    return {
        "person_id": entrant.person.id,
        "mentor_id": entrant.mentor.id,
        "path": entrant.path.template.id,
        "pole": entrant.path.pole,
        "site": entrant.path.site,
        "modules": list(entrant.path.modules),
        "start_on": entrant.start_on,
        "probation_until": probation_end(entrant.start_on),
        "run_number": number,
        "state": ConsultantState.ACTIVE.value,
        "created_at": at,
        "ended_at": None,
    }


def _tell(
    session: Session,
    entrants: Sequence[Entrant],
    made: Sequence[Consultant],
    *,
    at: datetime,
    actor: Identity,
) -> None:
    happenings = [
        events.Happening(
            subject=f"{LETTER}{row.run_number}",
            after={
                "path": row.path,
                "start_on": row.start_on.isoformat(),
                "mentor": each.mentor.subject,
            },
            personal={"login": each.person.login, "mentor": each.mentor.login},
        )
        for each, row in zip(entrants, made, strict=True)
    ]
    events.record_all(session, happenings, actor=actor, at=at, action=f"{KIND}.assigned")
