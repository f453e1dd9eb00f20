"""Who is asking: the entity behind the Vault token, and its roles."""

from dataclasses import dataclass

from opskit.core.errors import DeniedError
from opskit.core.i18n import _

ROLES = (
    "sales",
    "agent",
    "consultant",
    "safe-keeper",
    "license-issuer",
    "manager",
    "auditor",
    "admin",
)
OVERSEERS = frozenset({"manager", "admin", "auditor"})
"""Who may read what concerns a colleague."""


@dataclass(frozen=True, slots=True)
class Identity:
    """One person as Vault knows them. Names can be reused, so rights hang on `entity_id`."""

    entity_id: str
    name: str
    roles: frozenset[str]


NOBODY = Identity("", "", frozenset())
"""Whoever it is: they read what the whole team reads."""


def require_role(identity: Identity, *roles: str) -> None:
    """Let pass who has one of the roles.

    Raises:
        DeniedError: the person has none of them; says which are missing and who can give them.
    """
    if identity.roles.isdisjoint(roles):
        raise DeniedError(
            _("{name} lacks the role {roles}").format(
                name=identity.name, roles=_(" or ").join(roles)
            ),
            hint=who_gives(identity.name, roles[0]),
        )


def who_gives(name: str, role: str) -> str:
    """The hint for who lacks a role: nobody gives one to themselves."""
    return _("an admin can give it: opskit user grant {name} --role {role}").format(
        name=name, role=role
    )
