"""Another path midway: steps that both ask keep their answers, and nothing is thrown away."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from onboarding.models import Consultant
from onboarding.names import NEWCOMER
from onboarding.paths import Path
from onboarding.services.walks import Walk, lock, tell
from opskit.checklists import services as checklists
from opskit.checklists.services import Change
from opskit.checklists.services.answers import stated
from opskit.core.business_days import Calendar
from opskit.core.identity import Identity
from opskit.staff import services as staff


@dataclass(frozen=True, slots=True)
class Switch:
    """What changes on a path; `is_placed_anew` where the person's pole in the team changed."""

    changes: list[Change]
    is_placed_anew: bool


def plan_switch(walk: Walk, path: Path) -> list[Change]:
    """What becomes of every step.

    Raises:
        ConflictError: the path is the same. RunClosedError: it is over.
    """
    return checklists.plan_switch(walk.run, path.template)


def switch_path(
    session: Session,
    *,
    walk: Walk,
    path: Path,
    reason: str,
    canton: str,
    calendar: Calendar,
    at: datetime,
    actor: Identity,
) -> Switch:
    """Go on with another path. The pole of a newcomer follows, that of a colleague stays.

    Raises:
        ConflictError: the path is the same, or was retired. RunClosedError: it is over.
        ReasonMissingError: nothing is said.
    """
    lock(session, walk)
    walk.require_under_way()
    before = walk.consultant.path
    said = {"reason": stated(reason)}
    walk.run.canton = path.canton or canton
    changes = checklists.switch(
        session, run=walk.run, template=path.template, calendar=calendar, at=at, actor=actor
    )
    walk.run.facts = {**walk.run.facts, "path": path.template.id}
    enter_path(walk.consultant, path)
    tell(
        session,
        "path-changed",
        walk,
        {"at": at, "actor": actor},
        before={"path": before},
        after={"path": path.template.id},
        personal=said,
    )
    return Switch(changes, _follow_pole(session, walk, path, at=at, actor=actor))


def enter_path(consultant: Consultant, path: Path) -> None:
    """What the row says of the path."""
    consultant.path = path.template.id
    consultant.pole, consultant.site = path.pole, path.site
    consultant.modules = list(path.modules)


def _follow_pole(
    session: Session, walk: Walk, path: Path, *, at: datetime, actor: Identity
) -> bool:
    person = walk.person
    if person.role != NEWCOMER or path.pole is None or person.pole == path.pole:
        return False
    staff.ensure_person(session, login=person.login, pole=path.pole, at=at, actor=actor)
    return person.entity_id is not None
