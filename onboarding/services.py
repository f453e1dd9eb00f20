"""A consultant is a person of the staff on a path; the path is a checklist run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.models import Consultant, ConsultantState
from onboarding.paths import load_path
from opskit.checklists import services as checklists
from opskit.checklists.models import CLOSED, Run
from opskit.checklists.services.publishing import choose
from opskit.core import events
from opskit.core.business_days import Calendar
from opskit.core.errors import ConflictError, DeniedError, NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import ROLES, Identity, require_role
from opskit.core.refs import parse_number
from opskit.core.text import did_you_mean
from opskit.staff import services as staff
from opskit.staff.models import Person, PersonState

KIND = "onboarding"
LETTER = "O"
STARTERS = ("manager", "admin")
NEWCOMER = "consultant"
WALKERS = tuple(role for role in ROLES if role != "auditor")  # an auditor only reads


@dataclass(frozen=True, slots=True)
class Walk:
    """A consultant with everything that a page or a board shows."""

    consultant: Consultant
    person: Person
    mentor: Person
    run: Run


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
    """Put a person on a path.

    Raises:
        DeniedError: only managers and admins do this.
        NotFoundError: there is no such path.
        ConflictError: the person is on a path already, or would be their own mentor.
    """
    require_role(actor, *STARTERS)
    template = choose(session, load_path(path))
    refuse_second_path(session, person=person, mentor=mentor)
    run = checklists.start(
        session,
        checklists.Beginning(
            subject=person.name,
            facts={"path": path},
            anchor_on=start_on,
            canton=canton,
            prepared_by=person.entity_id,
        ),
        kind=KIND,
        letter=LETTER,
        template=template,
        calendar=calendar,
        at=at,
        actor=actor,
    )
    consultant = Consultant(
        person_id=person.id,
        mentor_id=mentor.id,
        path=path,
        start_on=start_on,
        run_number=run.number,
        state=ConsultantState.ACTIVE,
        created_at=at,
    )
    session.add(consultant)
    events.record(
        session,
        actor=actor,
        at=at,
        action="onboarding.assigned",
        subject=run.name,
        after={"path": path, "start_on": start_on.isoformat(), "mentor": mentor.subject},
        personal={"login": person.login, "mentor": mentor.login},
    )
    return Walk(consultant, person, mentor, run)


def refuse_second_path(session: Session, *, person: Person, mentor: Person) -> None:
    """Raises ConflictError where the person walks already, or the mentor cannot be one."""
    if person.id == mentor.id:
        raise ConflictError(
            _("nobody is their own mentor"), hint=_("name somebody else: opskit staff list")
        )
    if mentor.state != PersonState.ACTIVE:
        raise ConflictError(
            _("{name} is {state} and can be no mentor").format(
                name=mentor.name, state=mentor.state
            ),
            hint=_("name somebody else: opskit staff list"),
        )
    other = session.scalar(
        select(Consultant).where(
            Consultant.person_id == person.id, Consultant.state == ConsultantState.ACTIVE
        )
    )
    if other is not None and _is_walked(session, other):
        other.state, other = ConsultantState.FINISHED, None
        session.flush()  # before a second path begins: a person walks one at a time
    if other is not None:
        raise ConflictError(
            _("{name} is on the path {path} already").format(name=person.name, path=other.path),
            hint=f'opskit onboarding show "{person.name}"',
        )


def _is_walked(session: Session, consultant: Consultant) -> bool:
    """A path ends with its last step."""
    run = checklists.find_run(session, kind=KIND, number=consultant.run_number)
    return run.state == CLOSED


def walks(session: Session) -> list[Walk]:
    """Everybody who is on a path now, by the day they started."""
    consultants = session.scalars(
        select(Consultant)
        .where(Consultant.state == ConsultantState.ACTIVE)
        .order_by(Consultant.start_on, Consultant.id)
    ).all()
    people = {person.id: person for person in session.scalars(select(Person))}
    runs = {run.number: run for run in checklists.list_runs(session, kind=KIND)}
    return [
        Walk(each, people[each.person_id], people[each.mentor_id], runs[each.run_number])
        for each in consultants
    ]


def find(session: Session, text: str) -> Walk:
    """A consultant by name (accents and case aside), login, or the run's number such as `O3`.

    Raises:
        NotFoundError: nobody on a path is called so; the hint names the nearest.
        ConflictError: several people are called so.
    """
    known = walks(session)
    by_number = [walk for walk in known if walk.run.name == text.strip().upper()]
    if by_number:
        return by_number[0]
    names = [walk.person.name for walk in known]
    try:
        person = staff.find(session, text)
    except NotFoundError as err:
        raise _nobody(text, names) from err
    for walk in known:
        if walk.person.id == person.id:
            return walk
    raise _nobody(text, names)


def find_run(session: Session, text: str) -> Run:
    """The run behind a name or number. Raises as `find`."""
    if text.strip().upper().startswith(LETTER) and text.strip()[1:].isdecimal():
        return checklists.find_run(session, kind=KIND, number=parse_number(LETTER, text))
    return find(session, text).run


def find_to_change(session: Session, text: str, actor: Identity) -> Run:
    """The run, for somebody who may tick, waive and reopen its steps. Raises as `find`.

    Raises:
        DeniedError: an auditor changes nothing, a newcomer nothing on another's path.
    """
    require_role(actor, *WALKERS)
    run = find_run(session, text)
    if actor.roles <= {NEWCOMER} and run.prepared_by != actor.entity_id:
        raise DeniedError(
            _("{run} is not {name}'s own path").format(run=run.name, name=actor.name),
            hint=_("the mentor or a manager can do this"),
        )
    return run


def enter_first_day(session: Session, run: Run) -> None:
    """The consultant begins on the day to which the path was moved."""
    consultant = session.scalar(select(Consultant).where(Consultant.run_number == run.number))
    if consultant is not None:
        consultant.start_on = run.anchor_on


def _nobody(text: str, names: Sequence[str]) -> NotFoundError:
    return NotFoundError(
        _("no consultant is called {name}").format(name=repr(text)),
        hint=did_you_mean(text, names, otherwise="opskit onboarding board"),
    )
