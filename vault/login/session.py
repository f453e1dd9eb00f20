"""Logging in and out, and who one is: the token's entity and its roles."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opskit.core.errors import InvalidError
from opskit.core.http import Reply, VaultHttp, api_path, raise_for
from opskit.core.i18n import _
from opskit.core.identity import ROLES, Identity
from opskit.core.logins import check_password, parse_login
from opskit.core.secret import Secret
from vault.errors import LoginNeededError, LoginRefusedError, login_needed
from vault.login.life import Life
from vault.ports import LastIdentity, Login
from vault.store.lean_store import open_http

LOOKUP = "v1/auth/token/lookup-self"
OK, BAD_REQUEST, DENIED = 200, 400, 403


@dataclass(frozen=True, slots=True)
class WhoAmI:
    """The person behind a token; `expires_at` is None for a token without an end."""

    identity: Identity
    expires_at: datetime | None
    can_be_renewed: bool

    def life(self, *, since: datetime) -> Life | None:
        """What is left of the token's life; None where it cannot be lengthened."""
        if self.expires_at is None or not self.can_be_renewed:
            return None
        return Life(since, self.expires_at)


def log_in(http: VaultHttp, *, name: str, password: Secret, mount: str = "userpass") -> Secret:
    """Trade a name and a password for a token.

    Raises:
        LoginRefusedError: wrong name or password, locked out after too many, or disabled.
        InvalidError: no possible name or password. UnavailableError: no answer, or sealed.
    """
    user = parse_login(name)
    check_password(password)
    path = api_path("auth", mount, "login", user)
    reply = http.request("POST", path, {"password": password.reveal()})
    if reply.status in (BAD_REQUEST, DENIED):
        raise LoginRefusedError(
            _("the safe does not take this password for {name}").format(name=user),
            hint=_(
                "check the name; an admin can set a new one or enable it: opskit user reset {name}"
            ).format(name=user),
        )
    return token_of(reply)


def token_of(reply: Reply) -> Secret:
    """What a login method answered.

    Raises:
        LoginRefusedError: the safe wants a second factor before it gives a token.
        OpsError: as `raise_for`.
    """
    raise_for(reply, _("cannot log in"))
    token = reply.data["auth"]["client_token"]
    if not token:
        raise LoginRefusedError(
            _("the safe asks for a second factor, and opskit can give none"),
            hint=_("log in elsewhere and hand the token over: opskit login --method token"),
        )
    return Secret(token)


def keep(login: Login, token: Secret, *, at: datetime) -> WhoAmI:
    """Ask whose token it is, and keep it as the login of this home.

    Raises:
        LoginRefusedError: the safe does not take it. InvalidError: it belongs to no person.
        UnavailableError: no answer, or sealed.
    """
    try:
        with open_http(login.connection, token) as http:
            who = look_up(http)
    except LoginNeededError as err:
        raise LoginRefusedError(
            _("the safe does not take this token"),
            hint=_("it has ended, or is another safe's; without one: opskit login"),
        ) from err
    login.tokens.save(token, who.life(since=at))
    return who


def log_out(http: VaultHttp) -> None:
    """Revoke the token; one that has ended already is fine, and a batch token ends by itself.

    Raises:
        UnavailableError: the server does not answer, so the token may live on.
    """
    reply = http.request("POST", "v1/auth/token/revoke-self")
    if reply.status not in (BAD_REQUEST, DENIED):
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
        raise InvalidError(_("this token belongs to no person"), hint="opskit login")
    identity = Identity(token["entity_id"], _name(http, token), _roles(token))
    end = token["expire_time"]
    expires_at = None if end is None else datetime.fromisoformat(end)
    return WhoAmI(identity, expires_at, token["renewable"])


def current_identity(login: Login, last: LastIdentity | None = None) -> Identity:
    """Who is logged in; `last` keeps it for when the safe is away. Raises as `look_up`."""
    token = login.tokens.load()
    with open_http(login.connection, token) as http:
        identity = look_up(http).identity
    if last is not None and token is not None:
        last.keep(token, identity)
    return identity


def _name(http: VaultHttp, token: dict[str, Any]) -> str:
    """The entity's name, which everyone may read of themselves."""
    reply = http.request("GET", api_path("identity/entity/id", token["entity_id"]))
    if reply.status == OK:
        return str(reply.data["data"]["name"])
    return str((token.get("meta") or {}).get("username") or token["display_name"])


def _roles(token: dict[str, Any]) -> frozenset[str]:
    """A login's answer leaves the key out where there are none."""
    return frozenset(ROLES).intersection(token.get("identity_policies") or ())
