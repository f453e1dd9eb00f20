"""Names of entries for the shell: those whose adding stands in the event log."""

from typing import TYPE_CHECKING

from opskit.core.completion import completing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _refs(session: "Session") -> list[str]:
    from opskit.core.events import listing

    return sorted({event.subject for event in session.scalars(listing(action="vault.added"))})


complete_entry = completing(_refs)
