"""What reading the log asks of the features; wiring plugs it in."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

from opskit.core.identity import Identity

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class ConfidentialLists(Protocol):
    """Knows which lists are not everybody's to read."""

    def kept_from(self, session: "Session", reader: Identity) -> Collection[str]:
        """The names of those that this person may not read, such as K3."""
        ...
