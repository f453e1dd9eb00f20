"""Consultants on paths, as the tests of boards, charts, reports and privacy need them."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from onboarding.models import Consultant, ConsultantState
from onboarding.paths import load_path
from onboarding.services import KIND, LETTER, Walk
from opskit.checklists import services as checklists
from opskit.core.business_days import PUBLIC
from opskit.core.identity import ROLES, Identity
from opskit.staff import services as staff
from opskit.staff.models import Person

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
START = date(2027, 2, 1)  # a Monday
ADMIN = Identity("e-alice", "alice", frozenset(ROLES))


def person(session: Session, login: str, name: str, role: str = "agent") -> Person:
    """Somebody of the staff, known to the safe."""
    found = staff.ensure_person(
        session, login=login, name=name, role=role, email=f"{login}@example.ch", at=AT, actor=ADMIN
    )
    found.entity_id = f"e-{login}"
    session.flush()
    return found


def walk(
    session: Session,
    who: Person,
    mentor: Person,
    *,
    path: str = "back-office",
    start_on: date = START,
    state: ConsultantState = ConsultantState.ACTIVE,
) -> Walk:
    """That person on that path."""
    run = checklists.start(
        session,
        checklists.Beginning(
            subject=who.name,
            facts={"path": path},
            anchor_on=start_on,
            canton="BE",
            prepared_by=who.entity_id,
        ),
        kind=KIND,
        letter=LETTER,
        template=load_path(path),
        calendar=PUBLIC,
        at=AT,
        actor=ADMIN,
    )
    consultant = Consultant(
        person_id=who.id,
        mentor_id=mentor.id,
        path=path,
        pole=path,
        start_on=start_on,
        run_number=run.number,
        state=state,
        created_at=AT,
    )
    session.add(consultant)
    session.flush()
    return Walk(consultant, who, mentor, run)


def settle(walked: Walk, *keys: str, on: date | None = None) -> None:
    """Settle these steps, or all of them."""
    day = on or walked.consultant.start_on
    for step in walked.run.steps:
        if not keys or step.key in keys:
            step.state = "done"
            step.settled_at = datetime.combine(day, time(12), tzinfo=UTC)


def settle_until(walked: Walk, day: date) -> None:
    """As if everything that was due were done on its day."""
    for step in walked.run.steps:
        if step.due_on <= day:
            settle(walked, step.key, on=step.due_on)


def days(count: int) -> timedelta:
    return timedelta(days=count)
