"""A person who is erased: in the safe remains an entity without a login, under a pseudonym."""

from contextlib import suppress

from hvac import exceptions as refused

from opskit.core.i18n import _
from opskit.core.logins import parse_login
from vault.provisioning.accounts import USERPASS
from vault.store.hvac_client import SafeClient


class VaultIdentities:
    """The `SafeIdentities` of onboarding over hvac; only an admin can."""

    def __init__(self, safe: SafeClient) -> None:
        self._safe = safe

    def forget(self, entity_id: str, *, login: str) -> None:
        """Take the login and the aliases away, then rename the entity; gone already is well.

        The entity itself stays: signatures and events name it, and its number says nothing.
        """
        with self._safe.explaining(_("cannot erase a person"), "admin"):
            with suppress(refused.InvalidPath):  # a team may log in elsewhere
                self._safe.api.adapter.delete(f"/v1/auth/{USERPASS}/users/{parse_login(login)}")
            try:
                found = self._safe.api.secrets.identity.read_entity(entity_id)["data"]
            except refused.InvalidPath:
                return  # somebody removed it by hand
            for alias in found["aliases"] or ():
                self._safe.api.secrets.identity.delete_entity_alias(alias["id"])
            name = f"erased-{entity_id}"
            self._safe.api.adapter.post(
                f"/v1/identity/entity/id/{entity_id}",
                json={"name": name, "metadata": {}, "disabled": True},
            )
