"""Somebody leaves: intent, commit, out of the safe, outcome, commit; then what they had read.

The intent comes before the safe is asked for anything: who leaves while it is away is shut out by
the doctor, or by the same command given again.
"""

from sqlalchemy.orm import Session

from onboarding.access.wishes import DONE as ACCESS_CHANGES
from onboarding.asking import UNPROVEN, marks
from onboarding.leaving import services
from onboarding.leaving.carrying import OVERTAKES, carry_out, refuse_own
from onboarding.leaving.desk import LeaveDesk, leave_desk
from onboarding.leaving.in_safe import HALF_MADE, MAKES_A_LOGIN, is_half_made
from onboarding.leaving.models import Leaving
from onboarding.leaving.services import Office, Wish
from onboarding.leaving.words import LeaveState
from onboarding.services.mentoring import newcomers_of, refuse_mentor
from opskit.core.context import AppContext
from opskit.core.i18n import _
from opskit.core.identity import require_role
from opskit.core.intents import Intent, begin, open_intents, overtake
from opskit.staff import services as staff
from opskit.staff.acts import Act
from opskit.staff.models import Person
from opskit.staff.turns import LEAVE, locked, refuse_leaver

LEADERS = ("manager", "admin")
OVERTAKEN = (*ACCESS_CHANGES, *MAKES_A_LOGIN, Act.GRANT.value, Act.ENABLE.value)
"""What was cut off before and would let the leaver in again."""


def plan(desk: LeaveDesk, *, login: str, wish: Wish, office: Office) -> Leaving:
    """Record that somebody will leave; until that day nothing else changes.

    Raises:
        DeniedError: neither manager nor admin. NotFoundError: an unknown person.
        ConflictError: the departure is under way.
    """
    require_role(desk.actor, *LEADERS)
    with desk.desk.transaction() as session:
        refuse_leaver(session, login)
        person = staff.by_login(session, login)
        return services.plan(session, person, wish, office, at=desk.at, actor=desk.actor)


def withdraw(desk: LeaveDesk, *, login: str) -> bool:
    """Take back a departure that was planned or cut off; whether the safe may have heard of it.

    Raises:
        DeniedError: neither manager nor admin; of one that was cut off, no admin.
        NotFoundError: an unknown person.
        ConflictError: nothing is planned, or the person is out already.
    """
    require_role(desk.actor, *LEADERS)
    with desk.desk.transaction() as session:
        person = locked(session, login)
        is_under_way = _overtake(session, person, kinds=(LEAVE,), desk=desk)
        if is_under_way:
            require_role(desk.actor, "admin")
        services.withdraw(session, person, at=desk.at, actor=desk.actor)
        return is_under_way


def leave(desk: LeaveDesk, *, login: str, wish: Wish, office: Office) -> Intent:
    """See somebody off now; the intent that remains is to find out what they had read.

    Raises:
        DeniedError: no admin. NotFoundError: an unknown person, or mentor.
        ConflictError: one's own departure, or a mentor who cannot be one.
        LastAdminError: nobody else is admin.
        SafePendingError: the safe is away; the change is recorded.
    """
    require_role(desk.actor, "admin")
    with desk.desk.transaction() as session:
        person = locked(session, login)
        refuse_own(desk, person.entity_id)
        _refuse_successor(session, person, wish)
        leaving = services.plan(session, person, wish, office, at=desk.at, actor=desk.actor)
        leaving.state = LeaveState.UNDER_WAY.value
        intent = _intent(session, desk, person, leaving, wish)
    return carry_out(desk, intent)


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


def _refuse_successor(session: Session, person: Person, wish: Wish) -> None:
    if wish.mentor is not None:
        successor = staff.by_login(session, wish.mentor)
        for walk in newcomers_of(session, person):
            refuse_mentor(mentor=successor, person=walk.person)


def _intent(
    session: Session, desk: LeaveDesk, person: Person, leaving: Leaving, wish: Wish
) -> Intent:
    """A new intent, or the same one that was interrupted before and keeps what was found then."""
    half_made = is_half_made(session, person)
    data: dict[str, object] = {
        "leaving_id": leaving.id,
        "entity_id": person.entity_id,
        "mentor": wish.mentor,
        "logs": list(wish.logs),
        HALF_MADE: half_made,
        OVERTAKES: _overtake(session, person, kinds=OVERTAKEN, desk=desk),
    }
    for each in open_intents(session, kinds=(LEAVE,), subject=person.login):
        _renew(desk, each, data)
        return each
    data |= marks(is_proven=desk.is_proven)
    return begin(session, kind=LEAVE, subject=person.login, data=data, at=desk.at, actor=desk.actor)


def _renew(desk: LeaveDesk, intent: Intent, data: dict[str, object]) -> None:
    """Whoever is known to be who they are takes over what nobody could prove."""
    found = {key: True for key in (HALF_MADE, OVERTAKES, UNPROVEN) if intent.data.get(key)}
    data["mentor"] = data["mentor"] or intent.data["mentor"]
    if desk.is_proven and found.pop(UNPROVEN, False):
        intent.actor_id, intent.actor_name = desk.actor.entity_id, desk.actor.name
    intent.data = {**data, **found}


def _overtake(session: Session, person: Person, *, kinds: tuple[str, ...], desk: LeaveDesk) -> bool:
    """Whether there was anything."""
    found = open_intents(session, kinds=kinds, subject=person.login)
    for each in found:
        overtake(session, each, at=desk.at)
    return bool(found)
