"""What stands behind the ports of onboarding, and what onboarding knows for others."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from opskit.wiring.house import House

if TYPE_CHECKING:
    from onboarding.ports import AccessGroups, Askers, Knowledge
    from onboarding.privacy.ports import PersonalRecords, SafeIdentities
    from opskit.core.competences import Competences


def _askers(house: House) -> "Askers":
    from opskit.wiring.askers import AskersOfTheHouse

    return AskersOfTheHouse(house)


def _access_groups(house: House) -> "AccessGroups":
    from opskit.wiring.late import late
    from vault.provisioning.accounts import VaultAccounts
    from vault.provisioning.growing import VaultAccess

    return late(lambda: VaultAccess(VaultAccounts(house.safe)))


def _safe_identities(house: House) -> "SafeIdentities":
    from vault.provisioning.forgetting import VaultIdentities

    return VaultIdentities(house.safe)


def _personal_records(house: House) -> "PersonalRecords":
    from opskit.wiring.personal_records import RecordsOfTheHouse

    del house
    return RecordsOfTheHouse()


def _knowledge(house: House) -> "Knowledge":
    from opskit.wiring.knowledge import KnowledgeOfTheSafe

    return KnowledgeOfTheSafe(house)


def _competences(house: House) -> "Competences":
    from onboarding.skills.gate import SignedOff

    del house
    return SignedOff()


ONBOARDING_PLUGS: Mapping[str, Callable[[House], object]] = {
    "opskit.core.competences:Competences": _competences,
    "onboarding.ports:AccessGroups": _access_groups,
    "onboarding.ports:Askers": _askers,
    "onboarding.ports:Knowledge": _knowledge,
    "onboarding.privacy.ports:SafeIdentities": _safe_identities,
    "onboarding.privacy.ports:PersonalRecords": _personal_records,
}
