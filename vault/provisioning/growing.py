"""How much a newcomer reaches: nothing, the sandbox, the pole's clients to read, then as an agent.

A level is membership in groups: `access-sandbox`, `access-read-only-POLE`, and at last the role
`agent`. Who has a higher one keeps the sandbox. Their rules stand for single clients, which wins
over a keeper's for all, so that keepers and admins are in none of these groups.
"""

from collections.abc import Iterable

from opskit.core.errors import ConflictError, InvalidError
from opskit.core.i18n import _
from opskit.core.refs import ClientCode
from opskit.core.team import POLES
from vault.provisioning.accounts import VaultAccounts
from vault.provisioning.client_rights import HEADER, Directory
from vault.provisioning.desired import Piece, Policy, PolicyGroup
from vault.provisioning.members import ReadingMembers, SandboxMembers
from vault.provisioning.poles import (
    GROWING_GROUPS,
    REACH_ALL,
    READING_GROUPS,
    SANDBOX_GROUP,
    reading_group,
    reading_groups_for,
)
from vault.provisioning.policy_texts import policy_text

NONE, SANDBOX, READ_ONLY, POLE = "none", "sandbox", "read-only", "pole"
LEVELS = (NONE, SANDBOX, READ_ONLY, POLE)
AGENT = "agent"

READING_RULES = """\
path "clients/data/{code}/*" {{ capabilities = ["read"] }}
path "clients/metadata/{code}/*" {{ capabilities = ["read", "list", "scan"] }}
path "clients/detailed-metadata/{code}/*" {{ capabilities = ["list", "scan"] }}
path "clients/subkeys/{code}/*" {{ capabilities = ["read"] }}
"""


def reading_rules_for(codes: Iterable[str]) -> str:
    """The policy of those who read these clients.

    Raises:
        InvalidError: a code that is none; in a path it could mean every client.
    """
    return HEADER + "".join(READING_RULES.format(code=ClientCode(code)) for code in sorted(codes))


def growing_pieces(directory: Directory) -> tuple[Piece, ...]:
    """What the safe needs for access to grow."""
    reading = [
        Policy(reading_group(pole), reading_rules_for(directory.clients.get(pole, ())))
        for pole in POLES
    ]
    return (
        Policy(SANDBOX_GROUP, policy_text(SANDBOX_GROUP)),
        *reading,
        *(PolicyGroup(group) for group in GROWING_GROUPS),
    )


def growing_member_pieces(directory: Directory, accounts: VaultAccounts) -> tuple[Piece, ...]:
    people = directory.people
    return (
        SandboxMembers(people=people, accounts=accounts),
        *(ReadingMembers(pole=pole, people=people, accounts=accounts) for pole in POLES),
    )


class VaultAccess:
    """The `AccessGroups` of onboarding; only an admin can."""

    def __init__(self, accounts: VaultAccounts) -> None:
        self._accounts = accounts

    def roles_of(self, entity_id: str) -> frozenset[str]:
        return self._accounts.roles_of(entity_id)

    def level_of(self, entity_id: str) -> str:
        """The highest level; who reaches every client has that of an agent."""
        groups = self._accounts.groups_of(entity_id)
        if groups & (REACH_ALL | {AGENT}):
            return POLE
        if groups & set(READING_GROUPS):
            return READ_ONLY
        return SANDBOX if SANDBOX_GROUP in groups else NONE

    def hold(self, entity_id: str, level: str, pole: str) -> None:
        """Give exactly this level; doing it again changes nothing.

        Raises:
            InvalidError: there is no such level.
            ConflictError: the person reaches every client by role.
        """
        if level not in LEVELS:
            raise InvalidError(
                _("there is no access level {level}").format(level=repr(level)),
                hint=" ".join(LEVELS),
            )
        self._refuse_keepers(entity_id)
        if level != POLE:
            self._accounts.revoke(entity_id, AGENT)
        given = {SANDBOX_GROUP} if level != NONE else set[str]()
        if level == READ_ONLY:
            given |= reading_groups_for(pole)
        self._accounts.enter_groups(entity_id, given, out_of=set(GROWING_GROUPS) - given)
        if level == POLE:
            self._accounts.grant(entity_id, AGENT)
        self._accounts.place(entity_id, pole)

    def shut_out(self, entity_id: str) -> None:
        """Refuse every login and token from now on, then take every group away.

        Refusing comes first: where this is cut off, the person is out already.
        """
        self._accounts.disable(entity_id)
        self._accounts.leave_every_group(entity_id)

    def _refuse_keepers(self, entity_id: str) -> None:
        roles = sorted(self._accounts.roles_of(entity_id) & REACH_ALL)
        if roles:
            raise ConflictError(
                _("who has the role {role} reaches every client").format(role=roles[0]),
                hint=_("take that role away first: opskit user revoke LOGIN --role {role}").format(
                    role=roles[0]
                ),
            )
