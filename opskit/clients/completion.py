"""Client codes for the shell."""

from typing import TYPE_CHECKING

from opskit.core.completion import completing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _codes(session: "Session") -> list[str]:
    from opskit.clients.services import codes

    return codes(session)


complete_client = completing(_codes)
