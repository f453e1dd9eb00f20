"""Why the safe said 403: what helps depends on who asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from opskit.core.errors import DeniedError
from opskit.core.i18n import _
from opskit.core.identity import who_gives
from opskit.core.team import POLES
from vault.errors import login_needed
from vault.provisioning.poles import REACH_ALL, group_of

AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose token it is, and the policies that came with the login: roles, groups of the poles."""

    login: str
    policies: frozenset[str]

    @classmethod
    def of(cls, token: Mapping[str, Any]) -> Self:
        """From what the server answers to `auth/token/lookup-self`."""
        login = (token.get("meta") or {}).get("username") or token["display_name"]
        return cls(str(login), frozenset(token.get("identity_policies") or ()))

    @property
    def poles(self) -> list[str]:
        return [pole for pole in POLES if group_of(pole) in self.policies]

    @property
    def waits_for_a_pole(self) -> bool:
        """Whether nothing but the pole says which clients they reach."""
        return AGENT in self.policies and self.policies.isdisjoint(REACH_ALL)


def denial(what: str, roles: tuple[str, ...], holder: Holder | None) -> DeniedError:
    """`roles` are those that would do; None is a token that the server no longer knows.

    A manager may not see a secret: where one would do, no pole decides.
    """
    if holder is None:
        return login_needed()
    if holder.waits_for_a_pole and AGENT in roles and "manager" not in roles:
        return _beyond_the_pole(what, holder.poles)
    if holder.policies.isdisjoint({*roles, "admin"}):
        return DeniedError(
            _("{what}: this takes the role {roles}").format(what=what, roles=_(" or ").join(roles)),
            hint=who_gives(holder.login, roles[0]),
        )
    return _lagging(_("{what}: the safe refuses it, although your roles allow it"), what)


def _beyond_the_pole(what: str, poles: list[str]) -> DeniedError:
    if not poles:
        return DeniedError(
            _("{what}: an agent needs a pole for this, and you have none").format(what=what),
            hint=_("an admin names it in the table of the team: opskit staff import FILE"),
        )
    if len(poles) > 1:
        return _lagging(_("{what}: neither pole reaches this client yet"), what)
    missing = _(" or ").join(group_of(pole) for pole in POLES if pole not in poles)
    return DeniedError(
        _("{what}: this takes the group {missing}, and you are in {group}").format(
            what=what, missing=missing, group=group_of(poles[0])
        ),
        hint=_(
            "opskit client list --pole {pole} shows the clients that you reach; for a new one an "
            "admin types: opskit vault provision"
        ).format(pole=poles[0]),
    )


def _lagging(message: str, what: str) -> DeniedError:
    """What the safe enforces is older than what the directory and the roles say."""
    return DeniedError(message.format(what=what), hint=_("an admin types: opskit vault provision"))
