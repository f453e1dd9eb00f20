"""Names of consultants for the shell."""

from typing import TYPE_CHECKING

from opskit.core.completion import completing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _names(session: "Session") -> list[str]:
    from onboarding.services import walks

    return [walk.person.name for walk in walks(session)]


complete_consultant = completing(_names)
