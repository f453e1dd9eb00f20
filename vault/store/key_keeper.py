"""Putting a signing key out of use and into use again; its public keys stay readable throughout.

OpenBao marks a key as soft-deleted, and undoes it. HashiCorp Vault has no such mark: there a second
version is made, whose public key nobody gets, and the first one is below the minimum from then on.
"""

from collections.abc import Mapping
from typing import Any

from opskit.core.i18n import _
from vault.store.hvac_client import SafeClient
from vault.store.key_refusals import explained
from vault.store.transit import MOUNT, signs_from

Api = Any  # hvac has no types


class TransitKeeper:
    """A `KeyKeeper` over hvac."""

    def __init__(self, safe: SafeClient) -> None:
        self._safe = safe

    def rotate(self, name: str) -> int:
        what = _cannot_change(name)
        with self._safe.explaining(what, "admin"):
            newest = int(read_key(self._safe.api, name)["latest_version"])
            with explained(what, name, newest):
                self._safe.api.secrets.transit.rotate_key(name, mount_point=MOUNT)
            return int(read_key(self._safe.api, name)["latest_version"])

    def retire_before(self, name: str, version: int) -> None:
        with self._safe.explaining(_cannot_change(name), "admin"):
            _set_first_version(self._safe.api, name, version)

    def close(self, name: str) -> None:
        with self._safe.explaining(_cannot_change(name), "admin"):
            close_key(self._safe.api, name)

    def open(self, name: str) -> None:
        with self._safe.explaining(_cannot_change(name), "admin"):
            key = read_key(self._safe.api, name)
            if key.get("soft_deleted"):
                self._safe.api.adapter.post(f"/v1/{MOUNT}/keys/{name}/soft-delete-restore")
            if key["min_encryption_version"] > 1:
                _set_first_version(self._safe.api, name, 1)


def read_key(api: Api, name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = api.secrets.transit.read_key(name, mount_point=MOUNT)["data"]
    return found


def close_key(api: Api, name: str) -> None:
    """Let its version 1 sign no more."""
    key = read_key(api, name)
    if "soft_deleted" in key:
        api.adapter.delete(f"/v1/{MOUNT}/keys/{name}/soft-delete")
        return
    if key["latest_version"] == 1:
        api.secrets.transit.rotate_key(name, mount_point=MOUNT)
    _set_first_version(api, name, 2)


def is_open(key: Mapping[str, Any]) -> bool:
    """Whether its version 1 signs."""
    return signs_from(key) == 1


def _set_first_version(api: Api, name: str, version: int) -> None:
    api.adapter.post(f"/v1/{MOUNT}/keys/{name}/config", json={"min_encryption_version": version})


def _cannot_change(name: str) -> str:
    return _("cannot change the key {name}").format(name=name)
