"""Brings a safe into its desired state; run twice, the second time changes nothing.

The first admin of the local server, made by its first start, is none of the pieces.
"""

from collections.abc import Sequence
from functools import cached_property

from hvac import exceptions as refused

from opskit.core.http import TICKET_HEADER
from opskit.core.i18n import _, colon
from opskit.core.identity import ROLES
from opskit.core.secret import Secret
from opskit.core.signing import (
    CHECKPOINT_KEY,
    EMERGENCY_KEY,
    LICENSE_KEY,
    SPARE_LICENSE_KEYS,
    TEST_LICENSE_KEY,
)
from vault.breakglass.control_groups import ControlGroups
from vault.countersigning.enforcing import UNENFORCED, SecondSigner, no_second_signer
from vault.errors import UnmendableDriftError
from vault.ports import Drift
from vault.provisioning.accounts import VaultAccounts
from vault.provisioning.client_rights import Directory, client_pieces, member_pieces
from vault.provisioning.database_engine import DatabaseRoles
from vault.provisioning.desired import (
    AuditedHeader,
    Engine,
    LoginMethod,
    Piece,
    Policy,
    PolicyGroup,
    TransitKey,
)
from vault.provisioning.growing import growing_member_pieces, growing_pieces
from vault.provisioning.policy_texts import policy_of
from vault.provisioning.spare_key import SpareKey
from vault.store.hvac_client import SafeClient
from vault.store.locks import LOCK_MOUNT
from vault.store.metadata import GUARDED, MOUNT

SIGNING_KEYS = (LICENSE_KEY, TEST_LICENSE_KEY, CHECKPOINT_KEY, EMERGENCY_KEY)
INTAKE_KEY = "intake"


def desired_state(*, second_person: bool, second_signer: bool = False) -> tuple[Piece, ...]:
    """Everything that opskit needs in a safe, in the order in which it can be made.

    `second_person`: whether the server knows control groups. Without them guarded entries are
    closed to everybody. `second_signer`: whether it shall want one for each licence.
    """
    return (
        *((SecondSigner(),) if second_signer and not second_person else ()),
        Engine(MOUNT, "kv", {"version": "2"}),
        Engine(GUARDED, "kv", {"version": "2"}),
        Engine(LOCK_MOUNT, "kv", {"version": "2"}),
        Engine("transit", "transit", {}),
        LoginMethod(),
        AuditedHeader(TICKET_HEADER),
        *(
            Policy(role, policy_of(role, second_person=second_person, second_signer=second_signer))
            for role in ROLES
        ),
        *(PolicyGroup(role) for role in ROLES),
        *(TransitKey(name) for name in SIGNING_KEYS),
        *(SpareKey(name) for name in SPARE_LICENSE_KEYS),
        TransitKey(INTAKE_KEY, "rsa-4096"),
        DatabaseRoles(),  # where `opskit vault database` was typed
    )


class VaultProvisioner:
    """A Provisioner over hvac; only an admin can.

    Without a directory it leaves the agents' rights to clients alone.
    """

    def __init__(
        self,
        safe: SafeClient,
        pieces: Sequence[Piece] | None = None,
        *,
        directory: Directory | None = None,
        second_signer: bool = False,
    ) -> None:
        self._safe = safe
        self._given = pieces
        self._directory = directory
        self._second_signer = second_signer

    @cached_property
    def _pieces(self) -> tuple[Piece, ...]:
        if self._given is not None:
            return tuple(self._given)
        token = Secret(self._safe.api.token)
        second_person = ControlGroups(self._safe.connection, token).exists()
        common = desired_state(second_person=second_person, second_signer=self._second_signer)
        if self._directory is None:
            return common
        accounts = VaultAccounts(self._safe)
        return (
            *common,
            *client_pieces(self._directory),
            *growing_pieces(self._directory),
            *member_pieces(self._directory, accounts),
            *growing_member_pieces(self._directory, accounts),
        )

    def plan(self) -> Sequence[Drift]:
        drifts = []
        for piece in self._pieces:
            with self._safe.explaining(_("cannot read {what}").format(what=piece.title), "admin"):
                problem = _problem(piece, self._safe)
            if problem is not None:
                drifts.append(Drift(piece.title, problem))
        return drifts

    def apply(self, drifts: Sequence[Drift]) -> None:
        drifted = {drift.what: drift for drift in drifts}
        if UNENFORCED in drifted:
            raise no_second_signer()
        stuck = []
        for piece in self._pieces:
            if piece.title not in drifted:
                continue
            with self._safe.explaining(_("cannot make {what}").format(what=piece.title), "admin"):
                if not piece.mend(self._safe.api):
                    stuck.append(drifted[piece.title])
        if stuck:
            raise UnmendableDriftError(
                "; ".join(f"{colon(drift.what)} {drift.problem}" for drift in stuck),
                hint=_("move it away by hand, then: opskit vault provision"),
            )


def _problem(piece: Piece, safe: SafeClient) -> str | None:
    try:
        return piece.problem(safe.api)
    except refused.InvalidPath:
        return _("missing")  # its engine is not even there
