"""A consultant is a person of the staff on a path; the path is a checklist run."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.errors import WalkEndedError
from onboarding.models import UNDER_WAY, Consultant
from opskit.checklists import services as checklists
from opskit.checklists.models import Run
from opskit.core import events
from opskit.core.errors import ConflictError, NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import ROLES
from opskit.core.refs import parse_number
from opskit.core.text import did_you_mean, fold
from opskit.core.words import in_words
from opskit.staff.models import Person

KIND = "onboarding"
LETTER = "O"
STARTERS = ("manager", "admin")
WALKERS = tuple(role for role in ROLES if role != "auditor")  # an auditor only reads

_NUMBER = re.compile(rf"{LETTER}[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Walk:
    """A consultant with everything that a page or a board shows."""

    consultant: Consultant
    person: Person
    mentor: Person
    run: Run

    @property
    def is_under_way(self) -> bool:
        return self.consultant.state in UNDER_WAY

    def require_under_way(self) -> None:
        """Raises WalkEndedError: the path was finished, left or undone."""
        if not self.is_under_way:
            raise WalkEndedError(
                _("{run} of {name} is over: {state}").format(
                    run=self.run.name,
                    name=self.person.name,
                    state=in_words(self.consultant.state),
                ),
                hint="opskit onboarding start --help",
            )


def walks(session: Session, *, states: Collection[str] = UNDER_WAY) -> list[Walk]:
    """Everybody who is on a path now, by the day they started."""
    consultants = session.scalars(
        select(Consultant)
        .where(Consultant.state.in_(states))
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

    Of several walks of one person it is the one under way, else the last.

    Raises:
        NotFoundError: nobody on a path is called so; the hint names the nearest.
        ConflictError: several people are called so.
    """
    if _NUMBER.fullmatch(text.strip()):
        run = checklists.find_run(session, kind=KIND, number=parse_number(LETTER, text))
        return _walk(session, _of_run(session, run))
    person_id = _person_meant(session, text)
    found = latest_of(session, person_id)
    if found is None:  # cannot be: who is meant was looked for among the consultants
        raise _nobody(text, [])
    return _walk(session, found)


def find_run(session: Session, text: str) -> Run:
    """The run behind a name or number. Raises as `find`."""
    return find(session, text).run


def walk_of(session: Session, consultant: Consultant) -> Walk:
    """Everything about one consultant."""
    return _walk(session, consultant)


def latest_of(session: Session, person_id: int) -> Consultant | None:
    """The walk of a person that is under way, else the last one."""
    found = session.scalars(
        select(Consultant).where(Consultant.person_id == person_id).order_by(Consultant.id.desc())
    ).all()
    under_way = [each for each in found if each.state in UNDER_WAY]
    return next(iter([*under_way, *found]), None)


def lock(session: Session, walk: Walk) -> None:
    """Two people may change a walk at once: the second one waits, then sees what the first did."""
    session.flush()
    session.refresh(walk.consultant, with_for_update=True)


def tell(
    session: Session,
    action: str,
    walk: Walk,
    signed: Mapping[str, Any],
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
) -> None:
    """Log what became of a walk. What somebody said goes to `personal`, as names do."""
    events.record(
        session,
        action=f"{KIND}.{action}",
        subject=walk.run.name,
        before=before,
        after=after,
        personal={"login": walk.person.login, **(personal or {})},
        **signed,
    )


def _walk(session: Session, consultant: Consultant) -> Walk:
    run = checklists.find_run(session, kind=KIND, number=consultant.run_number)
    person = session.get_one(Person, consultant.person_id)
    return Walk(consultant, person, session.get_one(Person, consultant.mentor_id), run)


def _of_run(session: Session, run: Run) -> Consultant:
    found = session.scalar(select(Consultant).where(Consultant.run_number == run.number))
    if found is None:
        raise NotFoundError(
            _("{run} is nobody's path").format(run=run.name), hint="opskit onboarding list"
        )
    return found


def _person_meant(session: Session, text: str) -> int:
    """By login, whole name, or a part of the name in whole words; among consultants only."""
    query = select(Person.id, Person.login, Person.name).where(
        Person.id.in_(select(Consultant.person_id))
    )
    people = session.execute(query).all()
    wanted = fold(text.strip())
    for fits in (
        [each for each in people if each.login == wanted],
        [each for each in people if fold(each.name) == wanted],
        [each for each in people if wanted and set(wanted.split()) <= set(fold(each.name).split())],
    ):
        if len(fits) == 1:
            return int(fits[0].id)
        if fits:
            raise _ambiguous(text, [each.login for each in fits])
    raise _nobody(text, [each.name for each in people])


def _ambiguous(text: str, logins: Sequence[str]) -> ConflictError:
    return ConflictError(
        _("{name} may be {logins}").format(name=text.strip(), logins=", ".join(sorted(logins))),
        hint=_("give the login"),
    )


def _nobody(text: str, names: Sequence[str]) -> NotFoundError:
    return NotFoundError(
        _("no consultant is called {name}").format(name=repr(text)),
        hint=did_you_mean(text, names, otherwise="opskit onboarding board"),
    )
