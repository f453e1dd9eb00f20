"""Who has which role, and who can still give one."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.core.events import Event
from opskit.core.i18n import _
from opskit.core.identity import ROLES
from opskit.core.intents import Intent, open_intents
from opskit.staff.acts import Act
from opskit.staff.errors import LastAdminError
from opskit.staff.models import Person, PersonState
from opskit.staff.ports import Accounts
from opskit.staff.turns import LEAVE

RECOVERY_KEY_MADE = "home.recovery-key"
ENDS_A_LOGIN = (Act.DISABLE.value, LEAVE)  # a departure ends it too


def roles_by_entity(accounts: Accounts) -> dict[str, frozenset[str]]:
    """Everybody's roles with one request a role, however many people there are."""
    members = {role: accounts.members(role) for role in ROLES}
    entities = frozenset[str]().union(*members.values())
    return {
        entity: frozenset(role for role in ROLES if entity in members[role]) for entity in entities
    }


def active_admins(
    session: Session, accounts: Accounts, *, before: Intent | None = None
) -> frozenset[str]:
    """The entities that can still give roles; what is on its way to end counts as ended.

    `before` is an intent that asks for itself: what began later does not count against it.
    """
    ending = {
        intent.data["entity_id"]
        for intent in open_intents(session)
        if (before is None or intent.id < before.id)
        and (
            intent.kind in ENDS_A_LOGIN
            or (intent.kind == Act.REVOKE and intent.data["role"] == "admin")
        )
    }
    away = select(Person.entity_id).where(Person.state != PersonState.ACTIVE.value)
    return accounts.members("admin") - ending - {each for each in session.scalars(away) if each}


def has_recovery_key(session: Session) -> bool:
    """Whether the last admin's forgotten password would not be the end."""
    made = select(Event.id).where(Event.action == RECOVERY_KEY_MADE).limit(1)
    return session.scalar(made) is not None


def keep_an_admin(
    session: Session, accounts: Accounts, person: Person, *, before: Intent | None = None
) -> None:
    """Refuse to end the only person who can give roles; `before` as `active_admins`.

    Raises:
        LastAdminError: nobody else is admin.
    """
    # Whoever ends an admin waits here for the one before, whose intent is then seen.
    session.scalars(select(Person).order_by(Person.id).with_for_update()).all()
    admins = active_admins(session, accounts, before=before)
    if person.entity_id in admins and len(admins) == 1:
        raise LastAdminError(
            _("{login} is the last admin").format(login=person.login),
            hint="opskit user grant LOGIN --role admin",
        )
