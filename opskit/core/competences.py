"""Who may do which work alone: asked by any utility, answered where people are signed off."""

from datetime import date
from typing import TYPE_CHECKING, Protocol

from opskit.core.errors import DeniedError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class CompetenceMissingError(DeniedError):
    """The work asks for a competence for which the person is not signed off."""

    reference = "competence-missing"


class Competences(Protocol):
    """Sign-offs, by the entity of the person."""

    def has(self, session: "Session", entity_id: str, competence: str, on: date) -> bool:
        """Whether the person is signed off for that competence on that day."""
        ...
