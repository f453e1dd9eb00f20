"""The entries of each mount, from the safe."""

from opskit.core.errors import NotFoundError
from vault.entries import Entry
from vault.store.hvac_client import SafeClient
from vault.store.hvac_store import HvacStore


class SafeInventory:
    """An Inventory over hvac."""

    def __init__(self, safe: SafeClient) -> None:
        self._safe = safe

    def entries(self, mount: str) -> list[Entry]:
        try:
            return HvacStore(self._safe, mount=mount).list_entries()
        except NotFoundError:
            return []
