"""A departure on its way: out of the safe, then everything that follows in the database.

The safe comes first and refuses before it takes the groups away, so that whatever cuts this off,
the person is out. What remains is finished by `carry_out` with the recorded intent.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from onboarding import services as paths
from onboarding.access.carrying import enter as enter_access
from onboarding.access.carrying import pending
from onboarding.access.level import Level
from onboarding.access.milestones import held_by
from onboarding.asking import require_proven
from onboarding.leaving import services
from onboarding.leaving.desk import LeaveDesk
from onboarding.leaving.in_safe import entity_of, link, roles_of
from onboarding.leaving.models import Leaving
from onboarding.leaving.services import tell
from onboarding.leaving.template import SAFE_CLOSED
from onboarding.leaving.words import LeaveState
from onboarding.services.mentoring import newcomers_of
from opskit.core.errors import ConflictError, NotFoundError, OpsError, UnavailableError
from opskit.core.events import record
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.core.intents import Ending, Intent, begin, close, finish
from opskit.staff import services as staff
from opskit.staff.admins import keep_an_admin
from opskit.staff.models import Person, PersonState
from opskit.staff.turns import locked

READS = "onboarding.leave-reads"
OVERTAKES = "overtakes"  # in the data: something was cut off that would let the person in again


def carry_out(desk: LeaveDesk, intent: Intent) -> Intent:
    """Do what the intent says and record the outcome; doing it twice does no harm.

    A refusal closes the intent. Where the safe does not answer it stays open: it is done later.
    What remains is the intent to find out what the person had read.

    Raises:
        ConflictError: it is one's own departure: another admin finishes it; or it was taken back.
        LastAdminError: nobody else is admin. SafePendingError: the safe does not answer.
        DeniedError: who asked for it while the safe was away is no admin.
    """
    refuse_own(desk, intent.data["entity_id"])
    try:
        again = f"opskit onboarding leave {intent.subject}"
        require_proven(desk.desk.transaction, desk.groups, intent, again=again)
        entity_id = entity_of(desk.desk, intent)
        roles = roles_of(desk.groups, entity_id)
        is_out = _prepare(desk, intent, entity_id, roles)
        if entity_id is not None and not is_out:
            with suppress(NotFoundError):  # somebody removed it by hand: nothing lets it in
                desk.groups.shut_out(entity_id)
    except UnavailableError as err:
        raise pending(err, login=intent.subject) from err
    except OpsError:
        _give_up(desk, intent)
        raise
    return _conclude(desk, intent, is_out=is_out)


def refuse_own(desk: LeaveDesk, entity_id: str | None) -> None:
    """Raises ConflictError: it is one's own departure."""
    if entity_id == desk.actor.entity_id:
        raise ConflictError(
            _("nobody shuts themselves out"), hint=_("another admin does this for you")
        )


def _prepare(desk: LeaveDesk, intent: Intent, entity_id: str | None, roles: frozenset[str]) -> bool:
    """Keep what the safe gives; whether the person was seen off before, and is still out."""
    with desk.desk.transaction() as session:
        person = staff.by_login(session, intent.subject)
        keep_an_admin(session, desk.desk.accounts, person, before=intent)
        link(session, desk.desk, person, entity_id)
        leaving = session.get_one(Leaving, intent.data["leaving_id"])
        leaving.roles = sorted(roles | set(leaving.roles))  # the first try may have taken some
        return leaving.left_at is not None and not roles and not intent.data.get(OVERTAKES)


def _give_up(desk: LeaveDesk, intent: Intent) -> None:
    """What was refused is only planned again: it can be typed anew, or taken back."""
    with desk.desk.transaction() as session:
        leaving = session.get_one(Leaving, intent.data["leaving_id"])
        services.stop(leaving)
        finish(session, intent, at=desk.at)


def _conclude(desk: LeaveDesk, intent: Intent, *, is_out: bool) -> Intent:
    actor = replace(intent.actor, roles=desk.actor.roles)  # who finishes it has the rights
    signed: dict[str, Any] = {"at": desk.at, "actor": actor}
    with desk.desk.transaction() as session:
        person = locked(session, intent.subject)
        if close(session, intent, at=desk.at) is Ending.OVERTAKEN:
            raise _taken_back(person)
        leaving = session.get_one(Leaving, intent.data["leaving_id"])
        if is_out:
            leaving.state = LeaveState.LEFT.value
        elif leaving.state != LeaveState.LEFT:  # else somebody did the same, and was faster
            _record(session, person, leaving, **signed)
        _hand_over(session, person, intent.data["mentor"], signed)
        data = {"leaving_id": leaving.id, "logs": intent.data["logs"]}
        return begin(session, kind=READS, subject=person.login, data=data, **signed)


def _taken_back(person: Person) -> ConflictError:
    return ConflictError(
        _("the departure of {login} was taken back meanwhile").format(login=person.login),
        hint=_("the safe may refuse {login} all the same: {command}").format(
            login=person.login, command=f"opskit user enable {person.login}"
        ),
    )


def _record(
    session: Session, person: Person, leaving: Leaving, *, at: datetime, actor: Identity
) -> None:
    """Everything that follows in the database, in one go."""
    signed: dict[str, Any] = {"at": at, "actor": actor}
    _disable(session, person, **signed)
    level = held_by(session, person)
    if level is not Level.NONE:
        enter_access(session, person, before=level, level=Level.NONE, by=actor, at=at)
    paths.leave_path(session, person=person, reason=_("left the team"), **signed)
    services.mark_left(session, leaving, at=at)
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


def _hand_over(
    session: Session, person: Person, mentor: str | None, signed: dict[str, Any]
) -> None:
    """A successor who has left meanwhile keeps nobody in: the to-do list names whom it is for."""
    newcomers = newcomers_of(session, person)
    if mentor is not None and newcomers:
        successor = staff.by_login(session, mentor)
        with suppress(OpsError):
            paths.hand_over(
                session, mentor=person, successor=successor, newcomers=newcomers, **signed
            )
