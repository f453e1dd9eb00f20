"""The groups that give clients: those of the poles, and those of newcomers whose access grows."""

from collections.abc import Set as AbstractSet

from opskit.core.team import POLES

REACH_ALL = frozenset({"safe-keeper", "admin"})
DECISIVE = ("agent", *sorted(REACH_ALL))
SANDBOX_GROUP = "access-sandbox"


def group_of(pole: str) -> str:
    """The identity group whose members reach the clients of the pole; its policy's name too."""
    return f"clients-{pole}"


def reading_group(pole: str) -> str:
    """The group whose members read the clients of the pole, and change nothing there."""
    return f"access-read-only-{pole}"


POLE_GROUPS = tuple(group_of(pole) for pole in POLES)
READING_GROUPS = tuple(reading_group(pole) for pole in POLES)
GROWING_GROUPS = (SANDBOX_GROUP, *READING_GROUPS)
PLACED_GROUPS = (*POLE_GROUPS, *GROWING_GROUPS)


def groups_for(roles: AbstractSet[str], pole: str | None) -> frozenset[str]:
    """The groups of a person with these roles. `pole` is empty for both, None for a stranger.

    Who reaches every client by role is in none: see `vault.provisioning.client_rights`.
    """
    if pole is None or "agent" not in roles or not REACH_ALL.isdisjoint(roles):
        return frozenset()
    return frozenset(group_of(each) for each in POLES if pole in ("", each))


def reading_groups_for(pole: str) -> frozenset[str]:
    """The groups of somebody of that pole who only reads."""
    return frozenset(reading_group(each) for each in POLES if pole in ("", each))


def kept_groups(
    found: AbstractSet[str], roles: AbstractSet[str], pole: str | None
) -> AbstractSet[str]:
    """What is left of a newcomer's groups: they were given by hand, and follow only the pole."""
    if pole is None or not REACH_ALL.isdisjoint(roles):
        return frozenset()
    reads = reading_groups_for(pole) if found & set(READING_GROUPS) else frozenset()
    return (found & {SANDBOX_GROUP}) | reads
