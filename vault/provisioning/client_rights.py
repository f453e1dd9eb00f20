"""Which agents reach which clients: a group for each pole, its policy made from the directory.

A path holds no pole, so each client of the pole stands in that policy one by one. Of two rules
the more specific wins, whichever policy brings it: a safe-keeper or admin in such a group would
lose what their own `clients/metadata/*` grants, and is kept out of it instead.
"""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy.orm import Session

from opskit.core.context import AppContext
from opskit.core.i18n import _
from opskit.core.identity import require_role
from opskit.core.refs import ClientCode
from opskit.core.team import POLES
from vault.provisioning.accounts import VaultAccounts
from vault.provisioning.desired import Api, Piece, Policy, PolicyGroup
from vault.provisioning.poles import DECISIVE, group_of, groups_for
from vault.store.hvac_client import SafeClient

# Removing can be undone, and undone by the same person. Of the metadata only the facts may be
# written: with max_versions or delete_version_after one could destroy what one may not purge.
RULES = """\
path "clients/data/{code}/*" {{ capabilities = ["create", "read", "update", "delete"] }}
path "clients/undelete/{code}/*" {{ capabilities = ["create", "update"] }}
path "clients/metadata/{code}/*" {{
  capabilities = ["create", "read", "update", "patch", "list", "scan"]
  allowed_parameters = {{ "custom_metadata" = [] "metadata_cas" = [] }}
}}
"""
HEADER = "# Made by opskit from the client directory: changes made here are lost.\n"


@dataclass(frozen=True, slots=True)
class Directory:
    """What the rights follow: each pole's clients, and the pole of everybody known to the safe.

    `people` has the pole by entity id; it is empty for somebody who works for both.
    """

    clients: Mapping[str, tuple[str, ...]]
    people: Mapping[str, str]


def read_directory(session: Session) -> Directory:
    from opskit.clients import services as clients
    from opskit.staff import services as staff

    found: dict[str, list[str]] = {pole: [] for pole in POLES}
    for code, pole in clients.poles(session).items():
        found.setdefault(pole, []).append(code)
    return Directory(
        clients={pole: tuple(sorted(codes)) for pole, codes in found.items()},
        people=staff.poles(session),
    )


def rules_for(codes: Iterable[str]) -> str:
    """The policy of a pole with these clients.

    Raises:
        InvalidError: a code that is none; in a path it could mean every client.
    """
    return HEADER + "".join(RULES.format(code=ClientCode(code)) for code in sorted(codes))


def client_pieces(directory: Directory) -> tuple[Piece, ...]:
    """What the safe needs for the agents to reach their clients."""
    policies = [
        Policy(group_of(pole), rules_for(directory.clients.get(pole, ()))) for pole in POLES
    ]
    return (*policies, *(PolicyGroup(group_of(pole)) for pole in POLES))


def member_pieces(directory: Directory, accounts: VaultAccounts) -> tuple[Piece, ...]:
    return tuple(PoleMembers(pole, directory.people, accounts) for pole in POLES)


@dataclass(frozen=True, slots=True)
class PoleMembers:
    """Who is in the group of a pole: its agents, and nobody else."""

    pole: str
    people: Mapping[str, str]
    accounts: VaultAccounts

    @property
    def title(self) -> str:
        return f"members {group_of(self.pole)}"

    def problem(self, api: Api) -> str | None:
        del api
        count = len(self._misplaced())
        return _("people too many or too few: {count}").format(count=count) if count else None

    def mend(self, api: Api) -> bool:
        del api
        for entity_id in sorted(self._misplaced()):
            self.accounts.place(entity_id, self.people.get(entity_id))
        return True

    def _misplaced(self) -> AbstractSet[str]:
        group = group_of(self.pole)
        having = {role: self.accounts.members_of(role) for role in DECISIVE}
        wanted = {
            entity_id
            for entity_id, pole in self.people.items()
            if group in groups_for({role for role in DECISIVE if entity_id in having[role]}, pole)
        }
        return wanted ^ self.accounts.members_of(group)


class VaultClientRights:
    """The `ClientRights` of the client directory; only an admin can."""

    def __init__(self, safe: Callable[[], SafeClient]) -> None:
        self._safe = safe

    def follow(self, run: AppContext) -> None:
        """Give each pole's agents the clients that it has now."""
        from vault.provisioning.growing import growing_pieces
        from vault.provisioning.provision import VaultProvisioner
        from vault.provisioning.recording import PROVISION, recorded

        require_role(run.identity(), "admin")
        with run.snapshot() as session:
            directory = read_directory(session)
        pieces = (*client_pieces(directory), *growing_pieces(directory))
        provisioner = VaultProvisioner(self._safe(), pieces)
        drifts = provisioner.plan()
        if not drifts:
            return
        with recorded(run, PROVISION, {drift.what: drift.problem for drift in drifts}):
            provisioner.apply(drifts)
