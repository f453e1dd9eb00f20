"""Walks without a safe: two mentors, a newcomer, and what one does with the steps."""

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import services
from onboarding.services import Walk
from opskit.checklists import services as checklists
from opskit.checklists.services.changes import needs_of, states_of
from opskit.checklists.states import derive
from opskit.core.business_days import PUBLIC
from opskit.core.events import Event
from opskit.core.identity import Identity
from opskit.staff import services as staff
from opskit.staff.models import Person

AT = datetime(2027, 2, 8, 8, 0, tzinfo=UTC)
START = date(2027, 2, 1)  # a Monday
BOSS = Identity("e-boss", "boss", frozenset({"manager"}))
ZOE = Identity("e-zoe", "zoe", frozenset({"consultant"}))
GUIDE = Identity("e-mruiz", "mruiz", frozenset({"agent"}))
SIGNED = {"at": AT, "actor": BOSS}
PATH = "path-back-office-sonceboz"


def colleague(session: Session, login: str, name: str, **facts: str) -> Person:
    """Somebody of the team, with an entity in a safe that nobody asks here."""
    person = staff.ensure_person(session, login=login, name=name, at=AT, actor=BOSS, **facts)
    person.entity_id = f"e-{login}"
    session.flush()
    return person


def begin(
    session: Session,
    *,
    login: str = "zoe",
    name: str = "Zoé Kern",
    path: str = PATH,
    start_on: date = START,
) -> Walk:
    """Somebody walks with Maria Ruiz."""
    person = colleague(session, login, name, role="consultant", pole="back-office")
    mentor = colleague(session, "mruiz", "Maria Ruiz", role="agent")
    return services.start(
        session,
        person=person,
        mentor=mentor,
        path=path,
        start_on=start_on,
        canton="BE",
        calendar=PUBLIC,
        **SIGNED,  # type: ignore[arg-type] # a moment and an identity
    )


def dates(walk: Walk) -> dict[str, date]:
    return {step.key: step.due_on for step in walk.run.steps}


def settle(walk: Walk, *keys: str) -> None:
    """As if somebody had done these steps, or all."""
    for step in walk.run.steps:
        if not keys or step.key in keys:
            step.state, step.answered_by, step.answered_at = "done", "e-mruiz", AT
    states = derive(states_of(walk.run), needs_of(walk.run))
    for step in walk.run.steps:
        step.state = states[step.key].value


def answer(session: Session, walk: Walk, key: str, actor: Identity = BOSS) -> None:
    words = {"answer": "https://proof.example", "ticket": None, "on": START, "at": AT}
    checklists.tick(session, run=walk.run, key=key, actor=actor, **words)  # type: ignore[arg-type]


def last_event(session: Session) -> Event:
    return session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
