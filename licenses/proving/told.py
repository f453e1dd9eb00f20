"""What the event log tells of each licence of a page: how it was issued, and who asked for it.

The licences that have events of their own bring them along (`pages`). A batch has one event for
many, which is read once a page.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from licenses.actions import Action
from licenses.proving.chain import decoded, digests_in
from licenses.services.issuing import ISSUED
from licenses.services.requests import REQUESTED
from opskit.core.events import Event
from opskit.core.refs import format_number

Issue = tuple[str | None, str | None]  # who issued it and its digest; events once had none
Told = tuple[str | None, str | None, bool, str | None]  # whether as the line says; who asked

_NOBODY: Issue = (None, None)
_OF_A_BATCH = {"action": Action.NEW, "replaces": None}
_READ_AHEAD = 100  # events; that of a batch is large
_TOLD = select(Event.id, Event.actor_id, Event.subject, cast(Event.after, Text)).order_by(Event.id)


class Clue(NamedTuple):
    """By what the events of a line are found, and what was found with it already."""

    serial: int
    request_number: int
    action: str
    replaces: int | None
    event_id: int | None  # lines once named none
    batch: int | None
    issuer: str | None
    same_time: bool | None
    after: str | None  # of an event for this licence alone, JSON
    requester: str | None  # of a request of its own


def of_page(session: Session, clues: Sequence[Clue]) -> list[Told]:
    """What is told of each; None for what no event says."""
    issued = _issued_together(session, clues) | _issued_of_old(session, clues)
    asked = _asked_together(session, clues)
    return [(*_issue_of(each, issued), _requester_of(each, asked)) for each in clues]


def _issue_of(clue: Clue, elsewhere: Mapping[int, Issue]) -> tuple[str | None, str | None, bool]:
    if clue.after is None:
        issue = elsewhere.get(clue.serial, _NOBODY)
        return (*issue, clue.event_id is None or _is_same(clue, _OF_A_BATCH))
    name, facts = format_number("L", clue.serial), decoded(clue.after)
    digests = digests_in(name, facts)
    issue = (clue.issuer, digests[name]) if name in digests else _NOBODY
    return (*issue, _is_same(clue, facts))


def _is_same(clue: Clue, facts: object) -> bool:
    """Whether the line says of its issue what the event does, which once had but the time."""
    return bool(clue.same_time) and (
        not isinstance(facts, dict)
        or "action" not in facts
        or (facts["action"], facts.get("replaces")) == (clue.action, clue.replaces)
    )


def _requester_of(clue: Clue, elsewhere: Mapping[int, str]) -> str | None:
    if clue.batch is None:
        return clue.requester
    return elsewhere.get(clue.request_number)


def _issued_together(session: Session, clues: Iterable[Clue]) -> dict[int, Issue]:
    """By serial, of the events that are not for one licence alone."""
    wanted: dict[int, list[int]] = defaultdict(list)
    for each in clues:
        if each.event_id is not None and each.issuer is not None and each.after is None:
            wanted[each.event_id].append(each.serial)
    found: dict[int, Issue] = {}
    if not wanted:
        return found
    for event_id, actor_id, subject, after in _events(session, Event.id.in_(wanted)):
        digests = digests_in(subject, after)
        for serial in wanted[event_id]:
            name = format_number("L", serial)
            if name in digests:
                found[serial] = (actor_id, digests[name])
    return found


def _issued_of_old(session: Session, clues: Iterable[Clue]) -> dict[int, Issue]:
    """By serial, of lines that name no event."""
    old = {format_number("L", each.serial): each.serial for each in clues if each.event_id is None}
    if not old:
        return {}
    told = _events(session, Event.subject.in_(old), Event.action == ISSUED)
    return {
        old[subject]: (actor_id, digests_in(subject, after).get(subject))
        for _id, actor_id, subject, after in told
    }


def _asked_together(session: Session, clues: Iterable[Clue]) -> dict[int, str]:
    """By request, who asked first for a batch that names it."""
    wanted = {
        (format_number("B", each.batch), format_number("R", each.request_number)): each
        for each in clues
        if each.batch is not None
    }
    found: dict[int, str] = {}
    if not wanted:
        return found
    batches = {batch for batch, _request in wanted}
    told = _events(session, Event.subject.in_(batches), Event.action == REQUESTED)
    for _id, actor_id, subject, after in told:
        for name in _named_in(after):
            clue = wanted.get((subject, name))
            if clue is not None:
                found.setdefault(clue.request_number, actor_id)
    return found


def _named_in(after: object) -> list[Any]:
    """The requests of an event `license.requested` for a part of a batch."""
    named = after.get("requests") if isinstance(after, dict) else None
    return named if isinstance(named, list) else []


def _events(session: Session, *which: Any) -> Iterator[tuple[int, str, str, object]]:  # noqa: ANN401
    query = _TOLD.where(*which).execution_options(yield_per=_READ_AHEAD)
    for event_id, actor_id, subject, after in session.execute(query):
        yield event_id, actor_id, subject, decoded(after)
