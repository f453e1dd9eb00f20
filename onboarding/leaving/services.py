"""Who leaves when: recorded, found again, and what of the list of the last day is settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.leaving.models import Leaving, LeavingRead
from onboarding.leaving.template import leaving_template
from onboarding.leaving.words import LeaveReason, LeaveState
from opskit.checklists import projects
from opskit.checklists import services as checklists
from opskit.checklists.models import OPEN, Run
from opskit.checklists.services.publishing import choose
from opskit.checklists.states import SETTLED, State
from opskit.core.business_days import Calendar
from opskit.core.errors import ConflictError, NotFoundError, OpsError
from opskit.core.events import record
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.core.text import did_you_mean
from opskit.staff.models import Person, PersonState


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody typed; `mentor` is who goes along with the leaver's newcomers from now on."""

    leaves_on: date
    reason: LeaveReason
    mentor: str | None = None
    logs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """By whose calendar the dates of the list are counted."""

    calendar: Calendar
    canton: str


@dataclass(frozen=True, slots=True)
class LeaverLine:
    """One leaver, with how many entries they had read, and how many nobody rotated since."""

    leaving: Leaving
    person: Person
    reads: int
    open_reads: int


def parse_reason(text: str) -> LeaveReason:
    """Raises NotFoundError: it is no reason that opskit takes; the hint names the nearest."""
    typed = text.strip().lower()
    words = [each.value for each in LeaveReason]
    if typed not in words:
        raise NotFoundError(
            _("{reason} is no reason").format(reason=repr(text)),
            hint=did_you_mean(typed, words, otherwise=" ".join(words)),
        )
    return LeaveReason(typed)


def plan(
    session: Session, person: Person, wish: Wish, office: Office, *, at: datetime, actor: Identity
) -> Leaving:
    """Record that somebody leaves, and begin the list of the last day; again, with another day."""
    leaving = current(session, person)
    if leaving is None:
        leaving = _begun(session, person, wish, office, at=at, actor=actor)
    elif leaving.leaves_on == wish.leaves_on and leaving.reason == wish.reason:
        return leaving
    else:
        leaving.leaves_on, leaving.reason = wish.leaves_on, wish.reason.value
        run = run_of(session, leaving)
        if run is not None and run.state == OPEN:
            checklists.move_run(
                session, run=run, to=wish.leaves_on, calendar=office.calendar, at=at, actor=actor
            )
    tell(
        session,
        "leave-planned",
        person,
        after={"leaves_on": wish.leaves_on.isoformat()},
        personal={"reason": wish.reason.value},
        at=at,
        actor=actor,
    )
    return leaving


def _begun(
    session: Session, person: Person, wish: Wish, office: Office, *, at: datetime, actor: Identity
) -> Leaving:
    leaving = Leaving(
        person_id=person.id,
        leaves_on=wish.leaves_on,
        reason=wish.reason.value,
        state=LeaveState.PLANNED.value,
        roles=[],
        run_number=_list_of_the_day(session, person, wish, office, at=at, actor=actor),
        recorded_by=actor.entity_id,
        recorded_at=at,
    )
    session.add(leaving)
    session.flush()  # the intent names it by its id
    return leaving


def _list_of_the_day(
    session: Session, person: Person, wish: Wish, office: Office, *, at: datetime, actor: Identity
) -> int | None:
    """Its number; none where no version may begin: nobody stays in the safe for want of a list.

    It names somebody of whose leaving the team need not know before that day.
    """
    try:
        template = choose(session, leaving_template())
    except OpsError:
        return None
    run = checklists.start(
        session,
        checklists.Beginning(
            subject=person.name,
            anchor_on=wish.leaves_on,
            canton=office.canton,
            is_confidential=True,
        ),
        kind=projects.KIND,
        letter=projects.LETTER,
        template=template,
        calendar=office.calendar,
        at=at,
        actor=actor,
    )
    return run.number


def latest(session: Session, person: Person) -> Leaving | None:
    """The last time that somebody left, or will."""
    query = select(Leaving).where(Leaving.person_id == person.id).order_by(Leaving.id.desc())
    return session.scalars(query).first()


def current(session: Session, person: Person) -> Leaving | None:
    """The departure that goes on, none for who has come back since."""
    found = latest(session, person)
    if found is None or found.state == LeaveState.WITHDRAWN:
        return None
    came_back = found.state == LeaveState.LEFT and person.state == PersonState.ACTIVE
    return None if came_back else found


def withdraw(session: Session, person: Person, *, at: datetime, actor: Identity) -> Leaving:
    """Take back what was planned, or cut off: the person stays, and the list is given up.

    Raises:
        ConflictError: nothing is planned, or the person is out already.
    """
    found = current(session, person)
    if found is None or found.state == LeaveState.LEFT:
        raise ConflictError(
            _("no departure of {name} is planned").format(name=person.name),
            hint=f"opskit user enable {person.login}" if found else "opskit onboarding leavers",
        )
    if found.left_at is not None:  # they left before: what was typed again is off
        stop(found)
        return found
    found.state = LeaveState.WITHDRAWN.value
    run = run_of(session, found)
    if run is not None and run.state == OPEN:
        checklists.cancel(session, run=run, reason=_("stays after all"), at=at, actor=actor)
    tell(session, "leave-withdrawn", person, at=at, actor=actor)
    return found


def stop(leaving: Leaving) -> None:
    """What was under way stands as it stood before."""
    if leaving.state == LeaveState.UNDER_WAY:
        before = LeaveState.PLANNED if leaving.left_at is None else LeaveState.LEFT
        leaving.state = before.value


def mark_left(session: Session, leaving: Leaving, *, at: datetime) -> None:
    """The person is out, which everybody sees: the list is everybody's to read, too."""
    leaving.state, leaving.left_at = LeaveState.LEFT.value, at
    run = run_of(session, leaving)
    if run is not None:
        run.is_confidential = False


def run_of(session: Session, leaving: Leaving) -> Run | None:
    """The list of the last day."""
    if leaving.run_number is None:
        return None
    return checklists.find_run(session, kind=projects.KIND, number=leaving.run_number)


def settle(session: Session, leaving: Leaving, key: str, *, at: datetime, actor: Identity) -> None:
    """Tick a step of the list, unless somebody did so before, or the list is given up."""
    run = run_of(session, leaving)
    if run is None or run.state != OPEN:
        return
    step = next((each for each in run.steps if each.key == key), None)
    if step is None or step.state in SETTLED or step.state == State.BLOCKED:
        return
    checklists.tick(
        session,
        run=run,
        key=key,
        answer=None,
        ticket=None,
        on=at.astimezone().date(),
        at=at,
        actor=actor,
    )


def leavers(session: Session) -> list[LeaverLine]:
    """Everybody who leaves or left, the last day first."""
    counts = {
        leaving_id: (reads, settled)
        for leaving_id, reads, settled in session.execute(
            select(
                LeavingRead.leaving_id,
                func.count(LeavingRead.id),
                func.count(LeavingRead.settled_at),
            ).group_by(LeavingRead.leaving_id)
        )
    }
    rows = session.execute(
        select(Leaving, Person)
        .join(Person, Person.id == Leaving.person_id)
        .order_by(Leaving.leaves_on.desc(), Leaving.id.desc())
    )
    return [_line(leaving, person, counts.get(leaving.id, (0, 0))) for leaving, person in rows]


def _line(leaving: Leaving, person: Person, counts: Sequence[int]) -> LeaverLine:
    reads, settled = counts
    return LeaverLine(leaving, person, reads, reads - settled)


def tell(
    session: Session,
    action: str,
    person: Person,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
    at: datetime,
    actor: Identity,
) -> None:
    """One event about a person who leaves."""
    record(
        session,
        actor=actor,
        at=at,
        action=f"onboarding.{action}",
        subject=person.subject,
        before=before,
        after=after,
        personal={"login": person.login, "name": person.name, **(personal or {})},
    )
