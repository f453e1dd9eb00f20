"""Mentors: one hands newcomers over to another, with the steps that were given to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.models import UNDER_WAY, Consultant
from onboarding.services.walks import Walk, lock, tell, walk_of
from opskit.checklists import services as checklists
from opskit.checklists.states import SETTLED
from opskit.core.errors import ConflictError, NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.words import in_words
from opskit.staff.models import Person, PersonState


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One newcomer, and how many open steps came along."""

    walk: Walk
    steps: int


def newcomers_of(session: Session, mentor: Person) -> list[Walk]:
    """Whom a mentor goes along with now, by the first day."""
    found = session.scalars(
        select(Consultant)
        .where(Consultant.mentor_id == mentor.id, Consultant.state.in_(UNDER_WAY))
        .order_by(Consultant.start_on, Consultant.id)
    )
    return [walk_of(session, each) for each in found]


def hand_over(
    session: Session,
    *,
    mentor: Person,
    successor: Person,
    newcomers: Sequence[Walk],
    at: datetime,
    actor: Identity,
) -> list[HandedOver]:
    """Let another mentor go along with these newcomers. The old one may have left. Those of the
    successor already stay as they are, and are not among what comes back.

    Raises:
        DeniedError: neither a manager or admin, nor the mentor.
        ConflictError: the successor cannot be a mentor, or of one of them.
        NotFoundError: there is nobody to hand over.
    """
    if actor.entity_id != mentor.entity_id:
        require_role(actor, "manager", "admin")
    if not newcomers:
        raise NotFoundError(
            _("{name} is nobody's mentor").format(name=mentor.name), hint="opskit onboarding list"
        )
    for walk in newcomers:
        refuse_mentor(mentor=successor, person=walk.person)
        if walk.mentor.id not in {mentor.id, successor.id}:
            raise ConflictError(
                _("the mentor of {name} is {mentor}").format(
                    name=walk.person.name, mentor=walk.mentor.name
                ),
                hint=f"opskit onboarding hand-over {walk.mentor.login} {successor.login}",
            )
    signed: dict[str, Any] = {"at": at, "actor": actor}
    others = [walk for walk in newcomers if walk.mentor.id != successor.id]
    return [_give(session, walk, mentor, successor, signed) for walk in others]


def refuse_mentor(*, mentor: Person, person: Person) -> None:
    """Raises ConflictError where the mentor cannot be one, or is the newcomer."""
    if person.id == mentor.id:
        raise ConflictError(
            _("nobody is their own mentor"), hint=_("name somebody else: opskit staff list")
        )
    if mentor.state != PersonState.ACTIVE:
        raise ConflictError(
            _("{name} is {state} and can be no mentor").format(
                name=mentor.name, state=in_words(mentor.state)
            ),
            hint=_("name somebody else: opskit staff list"),
        )


def _give(
    session: Session, walk: Walk, mentor: Person, successor: Person, signed: dict[str, Any]
) -> HandedOver:
    lock(session, walk)
    walk.consultant.mentor_id = successor.id
    mine = [
        step.key
        for step in walk.run.steps
        if step.assignee == mentor.login and step.state not in SETTLED
    ]
    for key in mine:
        checklists.assign(session, run=walk.run, key=key, login=successor.login, **signed)
    if walk.run.assignee == mentor.login:
        checklists.assign(session, run=walk.run, key=None, login=successor.login, **signed)
    tell(
        session,
        "handed-over",
        walk,
        signed,
        before={"mentor": mentor.subject},
        after={"mentor": successor.subject, "steps": len(mine)},
        personal={"mentor": successor.login, "mentor_before": mentor.login},
    )
    session.flush()
    return HandedOver(walk_of(session, walk.consultant), len(mine))
