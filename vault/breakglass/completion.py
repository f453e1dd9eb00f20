"""Numbers of requests for the shell."""

from typing import TYPE_CHECKING

from opskit.core.completion import completing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _open(session: "Session") -> list[str]:
    from datetime import UTC, datetime

    from vault.breakglass.services import list_requests, number_of

    found = list_requests(session, at=datetime.now(UTC), ended=False)
    return [number_of(request) for request in found]


complete_access = completing(_open)
