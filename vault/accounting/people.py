"""Whose reads: the people behind the entities in the log, and who may ask about whom."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from opskit.core.errors import ConflictError, DeniedError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.staff import services as staff
from vault.accounting.audit_log import Read

WATCHERS = ("auditor", "safe-keeper", "manager", "admin")
"""Who may see what others read."""
KEEPERS = ("safe-keeper", "manager", "admin")
"""Of those, who may also see which entries there are."""
_ENTITY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the safe: the entity, and the login where the directory knows it."""

    entity_id: str
    login: str


def someone(session: Session, text: str) -> Someone:
    """The person meant by a login, a name, or the id of an entity.

    Raises:
        NotFoundError, ConflictError: nobody is called that, or several are.
        ConflictError: the person never had anything to do with the safe.
    """
    typed = text.strip().lower()
    if _ENTITY.fullmatch(typed):
        known = staff.by_entity(session, typed)
        return Someone(typed, typed if known is None else known.login)
    person = staff.find(session, text)
    if person.entity_id is None:
        raise ConflictError(
            _("{login} has never been in the safe, and so read nothing").format(login=person.login),
            hint=f"opskit staff show {person.login}",
        )
    return Someone(person.entity_id, person.login)


def require_right(actor: Identity, of: Someone | None, *roles: str, own: str) -> None:
    """Let pass who has one of the roles, and everybody who asks about themselves.

    `own` is the command that everybody may type.

    Raises:
        DeniedError: somebody else's reads, or everybody's (None), are asked for.
    """
    if of is not None and of.entity_id == actor.entity_id:
        return
    try:
        require_role(actor, *roles)
    except DeniedError as err:
        raise DeniedError(
            _("what others read is not for everybody: {reason}").format(reason=err.message),
            hint=_("{own} shows your own; {hint}").format(own=own, hint=err.hint),
        ) from err


def logins(session: Session) -> Mapping[str, str]:
    """Entity id to login, of everybody in the directory."""
    return {each.entity_id: each.login for each in staff.list_people(session) if each.entity_id}


def called(read: Read, known: Mapping[str, str]) -> str:
    """Who read: the login, else what the server called them (`userpass-bob`), else the entity."""
    return known.get(read.entity_id) or read.display_name or read.entity_id
