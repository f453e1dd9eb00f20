"""The groups of the poles: who is in which."""

from collections.abc import Set as AbstractSet

from opskit.core.team import POLES

REACH_ALL = frozenset({"safe-keeper", "admin"})
DECISIVE = ("agent", *sorted(REACH_ALL))


def group_of(pole: str) -> str:
    """The identity group whose members reach the clients of the pole; its policy's name too."""
    return f"clients-{pole}"


POLE_GROUPS = tuple(group_of(pole) for pole in POLES)


def groups_for(roles: AbstractSet[str], pole: str | None) -> frozenset[str]:
    """The groups of a person with these roles. `pole` is empty for both, None for a stranger.

    Who reaches every client by role is in none: see `vault.provisioning.client_rights`.
    """
    if pole is None or "agent" not in roles or not REACH_ALL.isdisjoint(roles):
        return frozenset()
    return frozenset(group_of(each) for each in POLES if pole in ("", each))
