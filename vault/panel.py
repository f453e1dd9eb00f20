"""The entries of a client, as a part of the client's page; their secrets stay in the safe."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from opskit.clients.ports import PanelRow
from opskit.core.i18n import _
from opskit.core.refs import ClientCode
from vault.ports import EntryStore


class EntryPanel:
    """What the safe has of a client; the safe is asked only when the page is made."""

    key = "entries"

    def __init__(self, store: Callable[[], EntryStore]) -> None:
        self._store = store

    def title(self) -> str:
        return _("Entries in the safe")

    def rows(self, session: Session, code: str) -> Sequence[PanelRow]:
        del session
        return [
            PanelRow(
                f"{entry.ref}  {entry.facts.kind}  {entry.facts.host}".rstrip(),
                {"ref": str(entry.ref), "kind": entry.facts.kind, "host": entry.facts.host},
            )
            for entry in self._store().list_entries(ClientCode(code))
        ]
