"""A newcomer on a path, the mentor, and the others who may or may not judge."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from onboarding import services
from onboarding.skills.people import Learner, learner_of
from onboarding.skills.rating import Judgement
from opskit.checklists.models import Run
from opskit.core.business_days import PUBLIC
from opskit.core.identity import Identity
from opskit.staff import services as staff
from opskit.staff.models import Person

START = date(2026, 9, 1)
TODAY = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part."""

    zoe: Identity  # the newcomer
    maria: Identity  # the mentor
    paul: Identity  # a manager
    max: Identity  # another newcomer
    olga: Identity  # an agent, and nobody's mentor
    ute: Identity  # an auditor


CAST = Cast(
    zoe=Identity("e-zoe", "zoe", frozenset({"consultant"})),
    maria=Identity("e-maria", "mruiz", frozenset({"agent"})),
    paul=Identity("e-paul", "paul", frozenset({"manager"})),
    max=Identity("e-max", "max", frozenset({"consultant"})),
    olga=Identity("e-olga", "olga", frozenset({"agent"})),
    ute=Identity("e-ute", "ute", frozenset({"auditor"})),
)


def known(session: Session, who: Identity, *, name: str, at: datetime, actor: Identity) -> Person:
    role = next(iter(who.roles))
    person = staff.ensure_person(
        session, login=who.name, name=name, role=role, pole="back-office", at=at, actor=actor
    )
    person.entity_id = who.entity_id
    session.flush()
    return person


def newcomer(session: Session, *, at: datetime, actor: Identity) -> tuple[Learner, Run]:
    """Zoé on the path of the back-office, with Maria as mentor."""
    zoe = known(session, CAST.zoe, name="Zoé Kern", at=at, actor=actor)
    maria = known(session, CAST.maria, name="Maria Ruiz", at=at, actor=actor)
    walk = services.start(
        session, person=zoe, mentor=maria, path="back-office", start_on=START, canton="BE",
        calendar=PUBLIC, at=at, actor=actor,
    )  # fmt: skip
    session.flush()
    return learner_of(session, zoe), walk.run


def says(skill: str, level: int, on: date = TODAY, **more: object) -> Judgement:
    return Judgement(skill, level, on, **more)  # type: ignore[arg-type]
