"""Who asked for what: the event log is believed, a row is only held against it.

Somebody who owns the database must not approve their own request under another's name.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.errors import ForgedRequestError
from licenses.models import LicenseRequest
from licenses.services.requests import REQUESTED
from opskit.core import events
from opskit.core.i18n import _
from opskit.core.refs import format_number


def require_true_requesters(session: Session, found: Iterable[LicenseRequest]) -> None:
    """Refuse rows that name another requester than the event log.

    Raises:
        ForgedRequestError: one does, or claims to be of a batch that never had it.
    """
    known: dict[int, Mapping[str, str]] = {}
    for each in found:
        name = format_number("R", each.number)
        if each.batch is None:
            begun = events.first(session, action=REQUESTED, subject=name)
            requester = begun.actor_id if begun else None
        else:
            if each.batch not in known:
                known[each.batch] = requesters_in(session, each.batch)
            requester = known[each.batch].get(name)
        if requester is None or requester != each.requested_by:
            raise ForgedRequestError(
                _("{request} names another requester than the event log").format(request=name),
                hint="opskit audit verify",
            )


def requesters_in(session: Session, batch: int) -> dict[str, str]:
    """`R12` -> who asked, for every request of a batch, as the event log has it."""
    told = session.execute(
        select(events.Event.actor_id, events.Event.after)
        .where(events.Event.action == REQUESTED)
        .where(events.Event.subject == format_number("B", batch))
        .order_by(events.Event.id.desc())  # the first one to name a request is right
    )
    return {name: actor_id for actor_id, after in told for name in (after or {})["requests"]}
