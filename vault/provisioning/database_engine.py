"""The safe's database engine: it makes users of the team's PostgreSQL and drops them again."""

from collections.abc import Iterator
from dataclasses import dataclass

from hvac import exceptions as refused
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from opskit.core.database_roles import OWNER, database_role
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.identity import ROLES
from opskit.core.secret import Secret
from vault.errors import UnmendableDriftError
from vault.provisioning.database_logins import MOUNT
from vault.provisioning.desired import Api, Engine
from vault.store.hvac_client import SafeClient

CONNECTION = "opskit"
SCHEME = "postgresql://"
LASTS, AT_MOST = 3600, 12 * 3600  # seconds; no login outlives a working day


class VaultDatabaseEngine:
    """A DatabaseEngine over hvac; only an admin can."""

    def __init__(self, safe: SafeClient) -> None:
        self._safe = safe

    def configure(self, *, url: str, username: str, password: Secret) -> None:
        config = {
            "plugin_name": "postgresql-database-plugin",
            "connection_url": connection_url(url),
            "username": username,
            "password": password.reveal(),
            # The server's log sees no password, not even when it logs every statement.
            "password_authentication": "scram-sha-256",
            # Only admins make roles, and after a rotation nobody could extend a list.
            "allowed_roles": "*",
        }
        api = self._safe.api
        with self._safe.explaining(_("cannot use the database"), "admin"):
            _mount(api)
            api.adapter.post(f"/v1/{MOUNT}/config/{CONNECTION}", json=config)
            DatabaseRoles().mend(api)

    def rotate(self) -> None:
        with self._safe.explaining(_("cannot change the database user's password"), "admin"):
            self._safe.api.adapter.post(f"/v1/{MOUNT}/rotate-root/{CONNECTION}")


@dataclass(frozen=True, slots=True)
class DatabaseRoles:
    """A piece: how the engine makes a login for each role, once it knows the database."""

    title: str = "database roles"

    def problem(self, api: Api) -> str | None:
        if not _is_configured(api):
            return None
        wrong = [role for role in ROLES if not _is_as_wanted(api, role)]
        return _("not as they should be: {roles}").format(roles=" ".join(wrong)) if wrong else None

    def mend(self, api: Api) -> bool:
        for role in ROLES:
            api.adapter.post(f"/v1/{MOUNT}/roles/{role}", json=_recipe(role))
        return True


def connection_url(url: str) -> str:
    """The address as the engine wants it, with places for the user that it keeps apart.

    Raises:
        InvalidError: no address of a PostgreSQL database, or one with a user in it. It is not
            shown, since it may hold a password.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise _bad_url() from None
    if parsed.get_backend_name() != "postgresql" or not parsed.database or parsed.username:
        raise _bad_url()
    plain = parsed.set(drivername="postgresql").render_as_string()
    return SCHEME + "{{username}}:{{password}}@" + plain.removeprefix(SCHEME)


def _mount(api: Api) -> None:
    engine = Engine(MOUNT, "database", {})
    problem = engine.problem(api)
    if problem is not None and not engine.mend(api):
        raise UnmendableDriftError(f"{engine.title}: {problem}", hint=_("move it away by hand"))


def _is_configured(api: Api) -> bool:
    try:
        api.adapter.get(f"/v1/{MOUNT}/config/{CONNECTION}")
    except refused.InvalidPath:
        return False
    return True


def _is_as_wanted(api: Api, role: str) -> bool:
    try:
        found = api.adapter.get(f"/v1/{MOUNT}/roles/{role}")["data"]
    except refused.InvalidPath:
        return False
    wanted = _recipe(role)
    return bool(wanted.items() <= found.items())


def _recipe(role: str) -> dict[str, object]:
    return {
        "db_name": CONNECTION,
        "creation_statements": list(_creation(role)),
        "revocation_statements": ['DROP ROLE IF EXISTS "{{name}}"'],
        "default_ttl": LASTS,
        "max_ttl": AT_MOST,
    }


def _creation(role: str) -> Iterator[str]:
    yield (
        """CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' """
        f'IN ROLE "{database_role(role)}"'
    )
    if role == "admin":  # who migrates becomes the owner for it, and is not the owner meanwhile
        yield f'GRANT "{OWNER}" TO "{{{{name}}}}" WITH INHERIT FALSE'


def _bad_url() -> InvalidError:
    return InvalidError(
        _("the safe needs the address of a PostgreSQL database, without a user in it"),
        hint="--url postgresql://db.example/opskit",
    )
