"""Brings a safe into its desired state; run twice, the second time changes nothing.

The first admin of the local server, made by its first start, is none of the pieces.
"""

from collections.abc import Sequence
from importlib.resources import files

from hvac import exceptions as refused

from opskit.core.http import TICKET_HEADER
from opskit.core.i18n import _
from opskit.core.identity import ROLES
from opskit.core.signing import CHECKPOINT_KEY, LICENSE_KEY, TEST_LICENSE_KEY
from vault.database_engine import DatabaseRoles
from vault.desired import (
    AuditedHeader,
    Engine,
    LoginMethod,
    Piece,
    Policy,
    RoleGroup,
    SigningKey,
)
from vault.errors import UnmendableDriftError
from vault.hvac_client import SafeClient
from vault.locks import LOCK_MOUNT
from vault.metadata import MOUNT
from vault.ports import Drift

SIGNING_KEYS = (LICENSE_KEY, TEST_LICENSE_KEY, CHECKPOINT_KEY)


def desired_state() -> tuple[Piece, ...]:
    """Everything that opskit needs in a safe, in the order in which it can be made."""
    return (
        Engine(MOUNT, "kv", {"version": "2"}),
        Engine(LOCK_MOUNT, "kv", {"version": "2"}),
        Engine("transit", "transit", {}),
        LoginMethod(),
        AuditedHeader(TICKET_HEADER),
        *(Policy(role, policy_text(role)) for role in ROLES),
        *(RoleGroup(role) for role in ROLES),
        *(SigningKey(name) for name in SIGNING_KEYS),
        DatabaseRoles(),  # where `opskit vault database` was typed
    )


def policy_text(role: str) -> str:
    return files("vault").joinpath("policies", f"{role}.hcl").read_text(encoding="utf-8")


class VaultProvisioner:
    """A Provisioner over hvac; only an admin can."""

    def __init__(self, safe: SafeClient, pieces: Sequence[Piece] | None = None) -> None:
        self._safe = safe
        self._pieces = tuple(desired_state() if pieces is None else pieces)

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
        stuck = []
        for piece in self._pieces:
            if piece.title not in drifted:
                continue
            with self._safe.explaining(_("cannot make {what}").format(what=piece.title), "admin"):
                if not piece.mend(self._safe.api):
                    stuck.append(drifted[piece.title])
        if stuck:
            raise UnmendableDriftError(
                "; ".join(f"{drift.what}: {drift.problem}" for drift in stuck),
                hint=_("move it away by hand, then: opskit vault provision"),
            )


def _problem(piece: Piece, safe: SafeClient) -> str | None:
    try:
        return piece.problem(safe.api)
    except refused.InvalidPath:
        return _("missing")  # its engine is not even there
