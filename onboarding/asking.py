"""A change that was asked for while the safe was away: who asked is checked once it answers."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy.orm import Session

from onboarding.ports import AccessGroups
from opskit.core.errors import DeniedError, NotFoundError
from opskit.core.i18n import _
from opskit.core.intents import Intent
from opskit.staff import services as staff
from opskit.staff.models import PersonState

Transaction = Callable[[], AbstractContextManager[Session]]

UNPROVEN = "unproven"  # in the data of an intent


def marks(*, is_proven: bool) -> dict[str, Any]:
    """What the intent keeps of how well its asker is known."""
    return {} if is_proven else {UNPROVEN: True}


def require_proven(
    transaction: Transaction, groups: AccessGroups, intent: Intent, *, again: str
) -> None:
    """Let pass what an admin asked for; `again` is the command that asks anew.

    Raises:
        DeniedError: the asker has left, or is no admin. UnavailableError: still no answer.
    """
    if not intent.data.get(UNPROVEN):
        return
    if not (_is_here(transaction, intent.actor_id) and _is_admin(groups, intent.actor_id)):
        raise DeniedError(
            _("{name} asked for this while the safe was away, and is no admin").format(
                name=intent.actor_name
            ),
            hint=_("if it shall be done, an admin types: {command}").format(command=again),
        )


def _is_here(transaction: Transaction, entity_id: str) -> bool:
    with transaction() as session:
        person = staff.by_entity(session, entity_id)
        return person is not None and person.state == PersonState.ACTIVE


def _is_admin(groups: AccessGroups, entity_id: str) -> bool:
    try:
        return "admin" in groups.roles_of(entity_id)
    except NotFoundError:
        return False
