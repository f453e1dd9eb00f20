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


@dataclass(frozen=True, slots=True)
class Identity:
    """One person as Vault knows them. Names can be reused, so rights hang on `entity_id`."""

    entity_id: str
    name: str
    roles: frozenset[str]


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
            hint=_("an admin can give it: opskit user grant {name} --role {role}").format(
                name=identity.name, role=roles[0]
            ),
        )
