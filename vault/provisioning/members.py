"""Who is in a newcomers' group and should not be: the drift that a change of pole or role leaves.

Nothing in the directory says who belongs in: that was decided by hand, a person at a time.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from opskit.core.i18n import _
from vault.provisioning.accounts import VaultAccounts
from vault.provisioning.desired import Api
from vault.provisioning.poles import (
    REACH_ALL,
    READING_GROUPS,
    SANDBOX_GROUP,
    reading_group,
    reading_groups_for,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Members(ABC):
    """A group whose members are compared with what the directory lets them be."""

    people: Mapping[str, str]
    accounts: VaultAccounts

    @property
    @abstractmethod
    def title(self) -> str: ...

    @abstractmethod
    def _misplaced(self) -> AbstractSet[str]:
        """Who is in it and should not be, or the other way."""

    def problem(self, api: Api) -> str | None:
        del api
        count = len(self._misplaced())
        return _("people too many or too few: {count}").format(count=count) if count else None

    def mend(self, api: Api) -> bool:
        del api
        for entity_id in sorted(self._misplaced()):
            self.accounts.place(entity_id, self.people.get(entity_id))
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxMembers(_Members):
    """Everybody of the directory may be in it, but who reaches every client."""

    @property
    def title(self) -> str:
        return f"members {SANDBOX_GROUP}"

    def _misplaced(self) -> AbstractSet[str]:
        members = self.accounts.members_of(SANDBOX_GROUP)
        return members - (self.people.keys() - _keepers(self.accounts))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingMembers(_Members):
    """Those who only read follow their pole."""

    pole: str

    @property
    def title(self) -> str:
        return f"members {reading_group(self.pole)}"

    def _misplaced(self) -> AbstractSet[str]:
        group = reading_group(self.pole)
        members = {each: self.accounts.members_of(each) for each in READING_GROUPS}
        readers = frozenset[str]().union(*members.values()) & self.people.keys()
        wanted = {
            entity_id
            for entity_id in readers - _keepers(self.accounts)
            if group in reading_groups_for(self.people[entity_id])
        }
        return wanted ^ members[group]


def _keepers(accounts: VaultAccounts) -> AbstractSet[str]:
    return frozenset[str]().union(*(accounts.members_of(role) for role in REACH_ALL))
