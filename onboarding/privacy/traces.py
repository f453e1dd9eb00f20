"""Where a person stands in the database: what is theirs, and how they are named."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from onboarding.leaving.models import Leaving
from onboarding.models import UNDER_WAY, Consultant
from onboarding.privacy.pseudonyms import Traits, is_pseudonym, pseudonym
from opskit.checklists import projects
from opskit.checklists.models import Run
from opskit.core.text import fold
from opskit.staff.models import Person

KIND = "onboarding"


@dataclass(frozen=True, slots=True)
class Traces:
    """One person, with the runs that are about them."""

    person: Person
    traits: Traits
    runs: Collection[Run]

    @property
    def entity_id(self) -> str | None:
        return self.person.entity_id

    @property
    def run_ids(self) -> list[int]:
        return [run.id for run in self.runs]

    @property
    def path_numbers(self) -> list[int]:
        return [run.number for run in self.runs if run.kind == KIND]

    @property
    def run_names(self) -> list[str]:
        return [run.name for run in self.runs]

    def is_told_by(self, subject: str) -> bool:
        """Whether an event with this subject is about the person: `staff/7`, `O3`, `O3/badge`."""
        return subject == self.person.subject or subject.partition("/")[0] in self.run_names


def traces_of(session: Session, person: Person) -> Traces:
    """Everything about one person; of two people with one name only what surely means this one."""
    traits = Traits(
        name=person.name,
        login=person.login,
        email=person.email,
        pseudonym=pseudonym(person.id),
        has_namesake=_has_namesake(session, person),
    )
    return Traces(person, traits, _runs(session, person))


def open_mentees(session: Session, person: Person) -> list[str]:
    """The names of the newcomers whom the person goes along with now."""
    query = (
        select(Person.name)
        .join(Consultant, Consultant.person_id == Person.id)
        .where(Consultant.mentor_id == person.id, Consultant.state.in_(UNDER_WAY))
        .order_by(Person.name)
    )
    return list(session.scalars(query))


def is_on_a_path(session: Session, person: Person) -> bool:
    query = select(Consultant.id).where(
        Consultant.person_id == person.id, Consultant.state.in_(UNDER_WAY)
    )
    return session.scalar(query.limit(1)) is not None


def _has_namesake(session: Session, person: Person) -> bool:
    wanted = fold(person.name)
    others = session.execute(select(Person.name, Person.login).where(Person.id != person.id))
    return any(fold(name) == wanted and not is_pseudonym(login) for name, login in others)


def _runs(session: Session, person: Person) -> list[Run]:
    """The paths that the person walked, and the checklist of the last day."""
    walked = select(Consultant.run_number).where(Consultant.person_id == person.id)
    left = select(Leaving.run_number).where(
        Leaving.person_id == person.id, Leaving.run_number.is_not(None)
    )
    query = select(Run).where(
        or_(
            (Run.kind == KIND) & Run.number.in_(walked),
            (Run.kind == projects.KIND) & Run.number.in_(left),
        )
    )
    return list(session.scalars(query.order_by(Run.id)))
