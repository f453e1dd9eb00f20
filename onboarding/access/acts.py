"""Access that changes: intent, commit, act in the safe, outcome, commit.

The intent comes before the safe is asked for anything: what was wished while it is away is done
later, from the doctor or from the same command given again.
"""

from onboarding.access.carrying import carry_out, carry_out_in_turn, refuse_disabled
from onboarding.access.level import Level
from onboarding.access.wishes import GRANT, REVOKE, AccessDesk, Wish, begin_wish
from onboarding.ports import AccessGroups, Asker, Askers
from opskit.checklists.services.answers import stated
from opskit.core.context import AppContext
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import require_role
from opskit.core.intents import Intent
from opskit.staff import services as staff
from opskit.staff.models import Person
from opskit.staff.turns import locked, refuse_leaver


def asking_desk(run: AppContext) -> AccessDesk:
    """For whoever is logged in, also while the safe is away."""
    return _desk(run, run.plug(Askers).current())


def grant(desk: AccessDesk, *, login: str, level: Level) -> bool:
    """Let somebody's access grow to a level; False where it has grown so far already.

    Raises:
        DeniedError: no admin. NotFoundError: an unknown person.
        ConflictError: the person has left, leaves, or was never in the safe.
        StepDownError: the person reaches more already.
        SafePendingError: the safe is away; the change is recorded.
    """
    require_role(desk.actor, "admin")
    with desk.transaction() as session:
        refuse_leaver(session, login)
        person = staff.by_login(session, login)
        refuse_disabled(person)
        _require_entity(person)
        intent = begin_wish(session, desk, person, Wish(GRANT, level))
    return carry_out_in_turn(desk, intent)


def revoke(desk: AccessDesk, *, login: str, level: Level, reason: str) -> Level:
    """Take a level away, and every higher one; what remains is the one below.

    Raises:
        DeniedError: no admin. NotFoundError: an unknown person.
        ConflictError: the person does not have that level, or reaches every client by role.
        ReasonMissingError: no reason was given. SafePendingError: as `grant`.
    """
    require_role(desk.actor, "admin")
    reason = stated(reason)
    with desk.transaction() as session:
        person = locked(session, login)
        _require_entity(person)
        intent = begin_wish(session, desk, person, Wish(REVOKE, level.below, reason))
    carry_out_in_turn(desk, intent)
    return level.below


def repair(run: AppContext, intent: Intent) -> str:
    """Finish a change of access that was interrupted, and say what became of it.

    Raises:
        DeniedError: no admin. UnavailableError: the safe does not answer.
    """
    require_role(run.identity(), "admin")
    carry_out(_desk(run, Asker(run.identity())), intent)
    return _("{login} has the access level {level} now").format(
        login=intent.subject, level=intent.data["level"]
    )


def _desk(run: AppContext, asker: Asker) -> AccessDesk:
    groups = run.plug(AccessGroups)
    return AccessDesk(run.transaction, groups, asker.identity, run.now(), asker.is_proven)


def _require_entity(person: Person) -> None:
    if person.entity_id is None:
        raise ConflictError(
            _("the safe does not know {login} yet").format(login=person.login),
            hint=f"opskit user add {person.login} --role consultant",
        )
