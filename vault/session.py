"""Logging in and out, and who one is: the token's entity and its roles."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from opskit.core.errors import InvalidError
from opskit.core.http import VaultHttp, api_path, raise_for
from opskit.core.i18n import _
from opskit.core.identity import ROLES, Identity
from opskit.core.logins import check_password, parse_login
from opskit.core.secret import Secret
from vault.errors import LoginRefusedError, login_needed
from vault.lean_store import open_http
from vault.ports import Login

LOOKUP = "v1/auth/token/lookup-self"
OK, BAD_REQUEST, DENIED = 200, 400, 403


@dataclass(frozen=True, slots=True)
class NewLogin:
    """A fresh login; the token goes to the token store and nowhere else."""

    token: Secret
    name: str
    entity_id: str
    roles: frozenset[str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class WhoAmI:
    """The person behind a token; `expires_at` is None for a token without an end."""

    identity: Identity
    expires_at: datetime | None


def log_in(http: VaultHttp, *, name: str, password: Secret, at: datetime) -> NewLogin:
    """Trade a name and a password for a token.

    Raises:
        LoginRefusedError: wrong name or password, locked out after too many, or disabled.
        InvalidError: no possible name or password. UnavailableError: no answer, or sealed.
    """
    user = parse_login(name)
    check_password(password)
    path = api_path("auth/userpass/login", user)
    reply = http.request("POST", path, {"password": password.reveal()})
    if reply.status in (BAD_REQUEST, DENIED):
        raise LoginRefusedError(
            _("the safe does not take this password for {name}").format(name=user),
            hint=_("an admin can set a new one or enable it: opskit user reset {name}").format(
                name=user
            ),
        )
    raise_for(reply, _("cannot log in"))
    auth = reply.data["auth"]
    return NewLogin(
        token=Secret(auth["client_token"]),
        name=user,
        entity_id=auth["entity_id"],
        roles=_roles(auth),
        expires_at=at + timedelta(seconds=auth["lease_duration"]),
    )


def log_out(http: VaultHttp) -> None:
    """Revoke the token; one that has ended already is fine.

    Raises:
        UnavailableError: the server does not answer, so the token may live on.
    """
    reply = http.request("POST", "v1/auth/token/revoke-self")
    if reply.status != DENIED:
        raise_for(reply, _("cannot log out"))


def look_up(http: VaultHttp) -> WhoAmI:
    """Ask the safe who holds this token.

    Raises:
        LoginNeededError: the token has ended or the person is disabled.
        InvalidError: the token belongs to no person. UnavailableError: no answer, or sealed.
    """
    reply = http.request("GET", LOOKUP)
    if reply.status == DENIED:
        raise login_needed()
    raise_for(reply, _("cannot tell who you are"))
    token = reply.data["data"]
    if not token["entity_id"]:
        raise InvalidError(_("this token belongs to no person"), hint="opskit login NAME")
    identity = Identity(token["entity_id"], _name(http, token), _roles(token))
    end = token["expire_time"]
    return WhoAmI(identity, None if end is None else datetime.fromisoformat(end))


def current_identity(login: Login) -> Identity:
    """Who is logged in. Raises as `look_up`."""
    with open_http(login.connection, login.tokens.load()) as http:
        return look_up(http).identity


def _name(http: VaultHttp, token: dict[str, Any]) -> str:
    """The entity's name, which everyone may read of themselves."""
    reply = http.request("GET", api_path("identity/entity/id", token["entity_id"]))
    if reply.status == OK:
        return str(reply.data["data"]["name"])
    return str((token.get("meta") or {}).get("username") or token["display_name"])


def _roles(token: dict[str, Any]) -> frozenset[str]:
    """A login's answer leaves the key out where there are none."""
    return frozenset(ROLES).intersection(token.get("identity_policies") or ())
