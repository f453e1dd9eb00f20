"""What the template tools ask of the features; wiring plugs them in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from opskit.checklists.templates import Template


class ShippedTemplates(Protocol):
    """The templates that come with opskit."""

    def templates(self) -> Sequence[Template]: ...


@dataclass(frozen=True, slots=True)
class ClientAbout:
    """What conditions may ask about a client, and the holidays that count there."""

    code: str
    canton: str | None
    facts: Mapping[str, object]


class ClientDirectory(Protocol):
    """The clients, as far as a condition may ask."""

    def fact_names(self) -> frozenset[str]:
        """What `client.` may be followed by."""
        ...

    def about(self, session: Session, typed: str) -> ClientAbout:
        """Raises NotFoundError: there is no such client."""
        ...
