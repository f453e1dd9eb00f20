"""What staff asks of others; wiring plugs them in."""

from typing import Protocol

from opskit.core.secret import Secret


class Accounts(Protocol):
    """People in the safe. Every verb is idempotent: after a crash, call it again."""

    def create_login(self, login: str, password: Secret, roles: frozenset[str]) -> str:
        """Make an entity that can log in, with these roles at least; returns the entity id."""
        ...

    def ensure_entity(self, login: str) -> str:
        """Make an entity that cannot log in (yet); returns the entity id."""
        ...

    def grant(self, entity_id: str, role: str) -> None: ...

    def revoke(self, entity_id: str, role: str) -> None: ...

    def place(self, entity_id: str, pole: str) -> None:
        """Give exactly the clients that the roles and the pole give; an empty pole is both."""
        ...

    def roles_of(self, entity_id: str) -> frozenset[str]: ...

    def set_password(self, login: str, password: Secret) -> None: ...

    def end_logins(self, entity_id: str) -> None:
        """End every login that is open now, but the one that asks for it."""
        ...

    def disable(self, entity_id: str) -> None:
        """Refuse every login and token of this entity from now on."""
        ...

    def enable(self, entity_id: str) -> None: ...

    def members(self, role: str) -> frozenset[str]:
        """The entity ids that have the role."""
        ...
