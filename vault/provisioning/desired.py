"""The pieces of a provisioned safe: each can tell how it differs, and mend itself.

A piece looks only at its own object and changes only what it owns, so that unknown objects, the
members of a group and the versions of a key are left alone.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from hvac import exceptions as refused

from opskit.core.i18n import _

PATIENCE = 10.0
PAUSE = 0.02

Api = Any  # hvac has no types


class Piece(Protocol):
    """One object in the safe."""

    @property
    def title(self) -> str: ...

    def problem(self, api: Api) -> str | None:
        """How it differs from what it should be, None where it does not."""
        ...

    def mend(self, api: Api) -> bool:
        """Create or correct it; False where only a person can."""
        ...


@dataclass(frozen=True, slots=True)
class Engine:
    """A secrets engine at its mount."""

    path: str
    kind: str
    options: Mapping[str, str]

    @property
    def title(self) -> str:
        return f"engine {self.path}/"

    def problem(self, api: Api) -> str | None:
        mounted = api.sys.list_mounted_secrets_engines()["data"].get(f"{self.path}/")
        if mounted is None:
            return _("missing")
        found = {"type": mounted["type"], **(mounted["options"] or {})}
        wanted = {"type": self.kind, **self.options}
        return None if found.items() >= wanted.items() else _("is something else there")

    def mend(self, api: Api) -> bool:
        if f"{self.path}/" in api.sys.list_mounted_secrets_engines()["data"]:
            return False
        api.sys.enable_secrets_engine(self.kind, path=self.path, options=dict(self.options))
        if self.kind == "kv":
            self._wait_until_ready(api)
        return True

    def _wait_until_ready(self, api: Api) -> None:
        """A new versioned engine refuses every request for a moment: it is "upgrading"."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                api.adapter.get(f"/v1/{self.path}/config")
            except refused.InvalidRequest:
                if time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE)
            else:
                return


@dataclass(frozen=True, slots=True)
class LoginMethod:
    """Logins with name and password, which go on while they are used, for a working day."""

    path: str = "userpass"
    lasts: int = 4 * 3600  # seconds, since it began or was renewed
    at_most: int = 12 * 3600

    @property
    def title(self) -> str:
        return f"login {self.path}/"

    def problem(self, api: Api) -> str | None:
        method = api.sys.list_auth_methods()["data"].get(f"{self.path}/")
        if method is None:
            return _("missing")
        if method["type"] != "userpass":
            return _("is something else there")
        config = method["config"]
        limits = (config["default_lease_ttl"], config["max_lease_ttl"])
        return None if limits == (self.lasts, self.at_most) else _("logins last another time")

    def mend(self, api: Api) -> bool:
        method = api.sys.list_auth_methods()["data"].get(f"{self.path}/")
        if method is None:
            api.sys.enable_auth_method("userpass", path=self.path)
        elif method["type"] != "userpass":
            return False
        api.sys.tune_auth_method(
            self.path, default_lease_ttl=f"{self.lasts}s", max_lease_ttl=f"{self.at_most}s"
        )
        return True


@dataclass(frozen=True, slots=True)
class AuditedHeader:
    """A request header that the server's audit log keeps in plain text."""

    name: str

    @property
    def title(self) -> str:
        return f"audited header {self.name}"

    def problem(self, api: Api) -> str | None:
        headers = api.adapter.get("/v1/sys/config/auditing/request-headers")["data"]["headers"]
        found = (headers or {}).get(self.name.lower())
        if found is None:
            return _("missing")
        return _("is hashed in the log") if found["hmac"] else None

    def mend(self, api: Api) -> bool:
        path = f"/v1/sys/config/auditing/request-headers/{self.name}"
        api.adapter.post(path, json={"hmac": False})
        return True


@dataclass(frozen=True, slots=True)
class Policy:
    """What the members of the group of that name may do."""

    name: str
    text: str

    @property
    def title(self) -> str:
        return f"policy {self.name}"

    def problem(self, api: Api) -> str | None:
        try:
            found = api.sys.read_acl_policy(self.name)["data"]["policy"]
        except refused.InvalidPath:
            return _("missing")
        return None if _rules(found) == _rules(self.text) else _("was changed")

    def mend(self, api: Api) -> bool:
        api.sys.create_or_update_acl_policy(self.name, self.text, pretty_print=False)
        return True


@dataclass(frozen=True, slots=True)
class PolicyGroup:
    """The identity group of a role or a pole: it carries the policy of its own name, no other."""

    name: str

    @property
    def title(self) -> str:
        return f"group {self.name}"

    def problem(self, api: Api) -> str | None:
        try:
            found = api.secrets.identity.read_group_by_name(self.name)["data"]
        except refused.InvalidPath:
            return _("missing")
        if found["type"] != "internal":
            return _("is something else there")
        return None if found["policies"] == [self.name] else _("carries other policies")

    def mend(self, api: Api) -> bool:
        try:
            found = api.secrets.identity.read_group_by_name(self.name)["data"]
        except refused.InvalidPath:
            found = {"type": "internal"}
        if found["type"] != "internal":
            return False
        path = f"/v1/identity/group/name/{self.name}"
        api.adapter.post(path, json={"policies": [self.name]})  # without members: they stay
        return True


@dataclass(frozen=True, slots=True)
class TransitKey:
    """A key that never leaves the safe and never changes by itself."""

    name: str
    kind: str = "ed25519"
    mount: str = "transit"

    @property
    def title(self) -> str:
        return f"key {self.name}"

    def problem(self, api: Api) -> str | None:
        try:
            found = self._read(api)
        except refused.InvalidPath:
            return _("missing")
        if self._is_foreign(found):
            return _("is no unexportable {kind} key").format(kind=self.kind)
        if found["deletion_allowed"]:
            return _("may be deleted")
        return _("rotates by itself") if found["auto_rotate_period"] else None

    def mend(self, api: Api) -> bool:
        transit = api.secrets.transit
        try:
            found = self._read(api)
        except refused.InvalidPath:
            transit.create_key(
                self.name,
                exportable=False,
                allow_plaintext_backup=False,
                key_type=self.kind,
                mount_point=self.mount,
            )
            return True
        if self._is_foreign(found):
            return False
        path = f"/v1/{self.mount}/keys/{self.name}/config"
        api.adapter.post(path, json={"deletion_allowed": False, "auto_rotate_period": 0})
        return True

    def _read(self, api: Api) -> Mapping[str, Any]:
        found: Mapping[str, Any] = api.secrets.transit.read_key(self.name, mount_point=self.mount)[
            "data"
        ]
        return found

    def _is_foreign(self, key: Mapping[str, Any]) -> bool:
        return (
            key["type"] != self.kind
            or bool(key["exportable"])
            or bool(key["allow_plaintext_backup"])
            or bool(key["derived"])
        )


def _rules(policy: str) -> str:
    """A policy without its comments and its layout."""
    lines = (line.partition("#")[0] for line in policy.splitlines())
    return "".join("".join(lines).split())
