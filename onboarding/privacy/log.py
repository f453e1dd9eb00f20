"""Somebody's events: their personal part goes with its salt, the hash chain stays as it is."""

from collections.abc import Iterator, Sequence

from sqlalchemy import null, select, update
from sqlalchemy.orm import Session

from onboarding.privacy.traces import Traces
from opskit.core.events import Event

PAGE = 1000


def forget_events(session: Session, traces: Traces) -> int:
    """Take the personal part away from every event by, of, or naming the person; how many."""
    session.flush()
    found = list(_events_of(session, traces))
    for begin in range(0, len(found), PAGE):
        ids = found[begin : begin + PAGE]
        session.execute(update(Event).where(Event.id.in_(ids)).values(personal=null(), salt=null()))
    return len(found)


def _events_of(session: Session, traces: Traces) -> Iterator[int]:
    """Along the whole log, in constant memory."""
    last = 0
    while page := _page(session, last):
        for event_id, actor_id, subject, personal in page:
            is_theirs = actor_id == traces.entity_id or traces.is_told_by(subject)
            if personal is not None and (is_theirs or traces.traits.are_in(personal)):
                yield event_id
        last = page[-1][0]


def _page(session: Session, last: int) -> Sequence[tuple[int, str, str, object]]:
    query = select(Event.id, Event.actor_id, Event.subject, Event.personal)
    rows = session.execute(query.where(Event.id > last).order_by(Event.id).limit(PAGE))
    return [(row[0], row[1], row[2], row[3]) for row in rows]
