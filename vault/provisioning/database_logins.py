"""Logins to the team's PostgreSQL that the safe makes for an hour: asked for, kept, used.

Their password goes from the safe to the driver and to where the token is kept, and nowhere else:
not into the address of the database, so neither into what that is printed in.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Dialect

from opskit.core.config import Home, Settings
from opskit.core.database_roles import leading_role
from opskit.core.errors import DeniedError, UnavailableError
from opskit.core.http import Reply, VaultHttp, api_path
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.core.secret import Secret
from vault.errors import login_needed
from vault.login.tokens import open_database_login_store
from vault.ports import DatabaseLogin, Login, TokenStore
from vault.store.lean_store import is_logged_out, open_http

MOUNT = "database"
ENOUGH = timedelta(minutes=5)  # longer than any command works on the database
OK, DENIED = 200, 403


def open_logins(
    home: Home,
    settings: Settings,
    login: Login,
    who: Callable[[], Identity],
    now: Callable[[], datetime],
) -> "VaultDatabaseLogins":
    """The logins of this home, for whoever is logged in."""
    return VaultDatabaseLogins(
        login,
        open_database_login_store(home, settings),
        roles=lambda: who().roles,
        now=now,
    )


class VaultDatabaseLogins:
    """DatabaseLogins from the engine at `mount`."""

    def __init__(
        self,
        login: Login,
        kept: TokenStore,
        *,
        mount: str = MOUNT,
        roles: Callable[[], frozenset[str]],
        now: Callable[[], datetime],
    ) -> None:
        self._login = login
        self._kept = kept
        self._mount = mount
        self._roles = roles
        self._now = now

    def current(self) -> DatabaseLogin:
        kept = self._load(self._token())
        if kept is not None and kept.ends_at - self._now() >= ENOUGH:
            return kept
        return self.renewed()

    def renewed(self) -> DatabaseLogin:
        token = self._token()
        role = leading_role(self._roles())
        if role is None:
            raise DeniedError(
                _("without a role there is no way to the database"),
                hint=_("an admin can give one: opskit user grant NAME --role ROLE"),
            )
        with open_http(self._login.connection, token) as http:
            answer = self._ask(http, role)
        fresh = DatabaseLogin(
            username=answer["data"]["username"],
            password=Secret(answer["data"]["password"]),
            ends_at=self._now() + timedelta(seconds=answer["lease_duration"]),
        )
        self._save(token, fresh)
        return fresh

    def forget(self) -> None:
        self._kept.forget()

    def serve(self, engine: Engine) -> None:
        """Let the engine make each new connection with the login of that moment."""
        event.listen(engine, "do_connect", self._connect)

    def _connect(
        self, dialect: Dialect, _record: object, args: list[Any], options: dict[str, Any]
    ) -> object:
        try:
            return dialect.connect(*args, **options | _as_user(self.current()))
        except dialect.loaded_dbapi.OperationalError:  # the kept one may have been revoked
            return dialect.connect(*args, **options | _as_user(self.renewed()))

    def _token(self) -> Secret:
        token = self._login.tokens.load()
        if token is None:
            raise login_needed()
        return token

    def _ask(self, http: VaultHttp, role: str) -> Mapping[str, Any]:
        reply = http.request("GET", api_path(self._mount, "creds", role))
        if reply.status == OK:
            return reply.data
        if reply.status != DENIED:
            raise _no_login(reply)
        if is_logged_out(http):
            raise login_needed()
        raise DeniedError(
            _("the safe may not give the role {role} a login to the database").format(role=role),
            hint=_("an admin types: opskit vault provision"),
        )

    def _load(self, token: Secret) -> DatabaseLogin | None:
        """What is kept, if it came of this very token: with another one comes another person."""
        text = self._kept.load()
        if text is None:
            return None
        try:
            kept = json.loads(text.reveal())
            ends_at = datetime.fromisoformat(kept["ends_at"])
            login = DatabaseLogin(kept["username"], Secret(kept["password"]), ends_at)
            return login if kept["token"] == _digest(token) else None
        except (ValueError, TypeError, KeyError):  # written by another opskit, or by hand
            return None

    def _save(self, token: Secret, login: DatabaseLogin) -> None:
        kept = {
            "token": _digest(token),
            "username": login.username,
            "password": login.password.reveal(),
            "ends_at": login.ends_at.isoformat(),
        }
        self._kept.save(Secret(json.dumps(kept)))


def _as_user(login: DatabaseLogin) -> dict[str, str]:
    return {"user": login.username, "password": login.password.reveal()}


def _digest(token: Secret) -> str:
    return hashlib.sha256(token.reveal().encode()).hexdigest()


def _no_login(reply: Reply) -> UnavailableError:
    return UnavailableError(
        _("the safe can make no login to the database: {reason}").format(reason=reply.reason),
        hint=_("an admin looks at the team's first steps in docs/setup.md"),
    )
