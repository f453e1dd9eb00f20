"""Somebody leaves: intent, commit, out of the safe, outcome, commit; then what they had read.

The safe comes first and refuses before it takes the groups away, so that whatever cuts this off,
the person is out. What remains is finished by `repair` with the recorded intent.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from onboarding import services as paths
from onboarding.access.acts import DONE as ACCESS_CHANGES
from onboarding.access.acts import enter as enter_access
from onboarding.access.acts import pending
from onboarding.access.level import Level
from onboarding.access.milestones import held_by
from onboarding.leaving import services
from onboarding.leaving.in_safe import MAKES_A_LOGIN, entity_of, link, roles_of
from onboarding.leaving.models import Leaving
from onboarding.leaving.services import Office, Wish, tell
from onboarding.leaving.template import SAFE_CLOSED
from onboarding.leaving.words import LeaveState
from onboarding.ports import AccessGroups
from onboarding.services.mentoring import newcomers_of, refuse_mentor
from opskit.core.context import AppContext
from opskit.core.errors import ConflictError, NotFoundError, OpsError, UnavailableError
from opskit.core.events import record
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.intents import Intent, begin, finish, open_intents
from opskit.staff import services as staff
from opskit.staff.acts import Act, Desk
from opskit.staff.admins import keep_an_admin
from opskit.staff.models import Person, PersonState
from opskit.staff.ports import Accounts

LEAVE, READS = "onboarding.leave", "onboarding.leave-reads"
LEADERS = ("manager", "admin")
OVERTAKEN = (*ACCESS_CHANGES, *MAKES_A_LOGIN, Act.GRANT.value, Act.ENABLE.value)
"""What was cut off before and would let the leaver in again."""


@dataclass(frozen=True, slots=True)
class LeaveDesk:
    """Who sees somebody off; `desk` is that of logins."""

    desk: Desk
    groups: AccessGroups

    @property
    def actor(self) -> Identity:
        return self.desk.actor

    @property
    def at(self) -> datetime:
        return self.desk.at


def leave_desk(run: AppContext) -> LeaveDesk:
    desk = Desk(run.transaction, run.plug(Accounts), run.identity(), run.now())
    return LeaveDesk(desk, run.plug(AccessGroups))


def plan(desk: LeaveDesk, *, login: str, wish: Wish, office: Office) -> Leaving:
    """Record that somebody will leave; until that day nothing else changes.

    Raises:
        DeniedError: neither manager nor admin. NotFoundError: an unknown person.
    """
    require_role(desk.actor, *LEADERS)
    with desk.desk.transaction() as session:
        person = staff.by_login(session, login)
        return services.plan(session, person, wish, office, at=desk.at, actor=desk.actor)


def withdraw(desk: LeaveDesk, *, login: str) -> Leaving:
    """Take a planned departure back.

    Raises:
        DeniedError: neither manager nor admin. NotFoundError: an unknown person.
        ConflictError: nothing is planned, or the person is out already.
    """
    require_role(desk.actor, *LEADERS)
    with desk.desk.transaction() as session:
        person = staff.by_login(session, login)
        return services.withdraw(session, person, at=desk.at, actor=desk.actor)


def leave(desk: LeaveDesk, *, login: str, wish: Wish, office: Office) -> Intent:
    """See somebody off now; the intent that remains is to find out what they had read.

    Raises:
        DeniedError: no admin. NotFoundError: an unknown person, or mentor.
        ConflictError: one's own departure, or a mentor who cannot be one.
        LastAdminError: nobody else is admin.
        SafePendingError: the safe went away meanwhile; the change is recorded.
    """
    require_role(desk.actor, "admin")
    entity_id = entity_of(desk.desk, login)
    roles = roles_of(desk.groups, entity_id)
    with desk.desk.transaction() as session:
        person = staff.by_login(session, login)
        link(session, desk.desk, person, entity_id)
        _refuse(session, desk, person, wish)
        leaving = services.plan(session, person, wish, office, at=desk.at, actor=desk.actor)
        overtaken = _overtake(session, person, at=desk.at)
        if leaving.state == LeaveState.LEFT and not overtaken and not roles:
            return _again(session, desk, person, leaving, wish)
        leaving.state = LeaveState.UNDER_WAY.value
        leaving.roles = sorted(roles | set(leaving.roles))  # the first try may have taken some
        intent = _intent(session, desk, person, leaving, wish)
    return carry_out(desk, intent)


def carry_out(desk: LeaveDesk, intent: Intent) -> Intent:
    """Do what the intent says and record the outcome; doing it twice does no harm.

    A refusal closes the intent. Where the safe does not answer it stays open: it is done later.

    Raises:
        ConflictError: it is one's own departure: another admin finishes it.
    """
    entity_id = intent.data["entity_id"]
    _refuse_own(desk, entity_id)
    try:
        if entity_id is not None:
            with suppress(NotFoundError):  # somebody removed it by hand: nothing lets it in
                desk.groups.shut_out(entity_id)
    except UnavailableError as err:
        raise pending(err, login=intent.subject) from err
    except OpsError:
        with desk.desk.transaction() as session:
            finish(session, intent, at=desk.at)
        raise
    actor = replace(intent.actor, roles=desk.actor.roles)  # who finishes it has the rights
    with desk.desk.transaction() as session:
        person = staff.by_login(session, intent.subject)
        _record(session, person, intent, at=desk.at, actor=actor)
        finish(session, intent, at=desk.at)
        data = {"leaving_id": intent.data["leaving_id"], "logs": intent.data["logs"]}
        return begin(session, kind=READS, subject=person.login, data=data, at=desk.at, actor=actor)


def repair(run: AppContext, intent: Intent) -> str:
    """Finish a departure that was interrupted, and say what became of it.

    Raises:
        DeniedError: no admin. UnavailableError: the safe does not answer.
    """
    from onboarding.leaving.reads import find_out

    require_role(run.identity(), "admin")
    reads = carry_out(leave_desk(run), intent)
    find_out(run, reads)
    return _("{login} is out of the safe").format(login=intent.subject)


def _record(
    session: Session, person: Person, intent: Intent, *, at: datetime, actor: Identity
) -> None:
    """Everything that follows in the database, in one go."""
    leaving = session.get_one(Leaving, intent.data["leaving_id"])
    signed: dict[str, Any] = {"at": at, "actor": actor}
    _disable(session, person, **signed)
    level = held_by(session, person)
    if level is not Level.NONE:
        enter_access(session, person, before=level, level=Level.NONE, by=actor, at=at)
    paths.leave_path(session, person=person, reason=_("left the team"), **signed)
    with suppress(
        OpsError
    ):  # a successor who has left meanwhile: the to-do list names whom it is for
        _hand_over(session, person, intent.data["mentor"], signed)
    leaving.state, leaving.left_at = LeaveState.LEFT.value, at
    services.settle(session, leaving, SAFE_CLOSED, **signed)
    tell(
        session,
        "left",
        person,
        before={"roles": leaving.roles, "level": level.value},
        after={"leaves_on": leaving.leaves_on.isoformat()},
        personal={"reason": leaving.reason},
        **signed,
    )


def _disable(session: Session, person: Person, *, at: datetime, actor: Identity) -> None:
    if person.state == PersonState.DISABLED:
        return
    before, person.state, person.updated_at = person.state, PersonState.DISABLED.value, at
    record(
        session,
        actor=actor,
        at=at,
        action="user.disabled",
        subject=person.subject,
        before={"state": before},
        after={"state": person.state},
        personal={"login": person.login, "name": person.name},
    )


def _again(
    session: Session, desk: LeaveDesk, person: Person, leaving: Leaving, wish: Wish
) -> Intent:
    """Who is out already: newcomers may still be handed over, and a log be read."""
    signed: dict[str, Any] = {"at": desk.at, "actor": desk.actor}
    _hand_over(session, person, wish.mentor, signed)
    data = {"leaving_id": leaving.id, "logs": list(wish.logs)}
    return begin(session, kind=READS, subject=person.login, data=data, **signed)


def _hand_over(
    session: Session, person: Person, mentor: str | None, signed: dict[str, Any]
) -> None:
    newcomers = newcomers_of(session, person)
    if mentor is not None and newcomers:
        successor = staff.by_login(session, mentor)
        paths.hand_over(session, mentor=person, successor=successor, newcomers=newcomers, **signed)


def _refuse(session: Session, desk: LeaveDesk, person: Person, wish: Wish) -> None:
    _refuse_own(desk, person.entity_id)
    keep_an_admin(session, desk.desk.accounts, person)
    if wish.mentor is not None:
        successor = staff.by_login(session, wish.mentor)
        for walk in newcomers_of(session, person):
            refuse_mentor(mentor=successor, person=walk.person)


def _refuse_own(desk: LeaveDesk, entity_id: str | None) -> None:
    if entity_id == desk.actor.entity_id:
        raise ConflictError(
            _("nobody shuts themselves out"), hint=_("another admin does this for you")
        )


def _overtake(session: Session, person: Person, *, at: datetime) -> bool:
    """Whether there was anything."""
    found = [
        each
        for each in open_intents(session)
        if each.subject == person.login and each.kind in OVERTAKEN
    ]
    for each in found:
        finish(session, each, at=at)
    return bool(found)


def _intent(
    session: Session, desk: LeaveDesk, person: Person, leaving: Leaving, wish: Wish
) -> Intent:
    """A new intent, or the same one that was interrupted before."""
    data = {
        "leaving_id": leaving.id,
        "entity_id": person.entity_id,
        "mentor": wish.mentor,
        "logs": list(wish.logs),
    }
    for each in open_intents(session):
        if each.kind == LEAVE and each.subject == person.login:
            each.data = data
            return each
    return begin(session, kind=LEAVE, subject=person.login, data=data, at=desk.at, actor=desk.actor)
