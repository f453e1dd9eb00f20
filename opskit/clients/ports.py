"""What the directory of clients asks of the other utilities; wiring plugs them in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from opskit.core.context import AppContext


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One line for a person, and the same facts for a script."""

    text: str
    facts: Mapping[str, Any]


class ClientPanel(Protocol):
    """A part of a client's page: entries, licences, patch runs.

    Nothing may happen before `rows` is called: it may raise any OpsError (safe stopped, no
    right), and the page then shows the reason in the panel's place.
    """

    @property
    def key(self) -> str:
        """The panel's key in JSON, such as `licenses`."""
        ...

    def title(self) -> str:
        """The heading, in the person's language."""
        ...

    def rows(self, session: Session, code: str) -> Sequence[PanelRow]:
        """What there is of this client, best first."""
        ...


class ClientPanels(tuple[ClientPanel, ...]):
    """The panels in the order of the page: what `run.plug(ClientPanels)` gives."""

    __slots__ = ()


class ClientRights(Protocol):
    """Which agents reach which clients in the safe."""

    def follow(self, run: AppContext) -> None:
        """Bring the rights to what the directory says now.

        Raises:
            DeniedError: only an admin may. UnavailableError: the safe does not answer.
        """
        ...
