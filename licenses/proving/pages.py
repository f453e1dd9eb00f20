"""The register and the event log as pages of plain tuples, in the order of their numbers.

Columns instead of objects, and JSON and days as text: a million rows pass here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Executable, Text, and_, cast, select
from sqlalchemy.orm import Session

from licenses.models import LicenseRecord as Record
from licenses.models import LicenseRequest as Request
from licenses.proving.chain import digests_in
from licenses.services.issuing import ISSUED
from licenses.services.requests import REQUESTED
from opskit.clients.models import Client
from opskit.core.events import Event
from opskit.core.refs import format_number

PAGE = 2000

_TERMS = (
    Record.kind,
    Record.product,
    Record.edition,
    cast(Record.modules, Text),
    Record.named_users,
    Record.concurrent_users,
    cast(Record.valid_from, Text),
    cast(Record.last_day, Text),
    cast(Record.maintenance_until, Text),
    Record.version_ceiling,
    Record.grace_days,
    Record.site,
)
_SERIAL = len(_TERMS)  # where it stands in a row
_NUMBER = _SERIAL + 5
_COPIED = (
    *("client", "kind", "product", "edition", "named_users", "concurrent_users", "valid_from"),
    *("last_day", "grace_days", "maintenance_until", "version_ceiling", "site"),
    *("action", "replaces"),
)

Row = tuple[Any, ...]


def lines(session: Session) -> Iterator[list[Row]]:
    """Rows that `lines.Line` takes."""
    query = (
        select(
            *_TERMS,
            Record.serial,
            Record.sequence,
            Client.number,
            Record.signed,
            Record.issued_by,
            Record.request_number,
            Request.serial,
            Request.state,
            Request.requested_by,
            Request.body,
            _asked_the_same(),
            Request.approved_by,
            Request.approval_key_version,
            Request.approval,
            Record.issued_event,
            Request.batch,
        )
        .outerjoin(Request, Request.number == Record.request_number)
        .outerjoin(Client, Client.code == Record.client)
        .order_by(Record.serial)
        .limit(PAGE)
    )
    page = _fetch(session, query)
    while page:
        yield list(_with_the_log(session, page))
        page = _fetch(session, query.where(Record.serial > page[-1][_SERIAL]))


def logged(session: Session) -> Iterator[list[Row]]:
    """Rows that `chain.LoggedEvent` takes."""
    query = (
        select(
            Event.id,
            Event.at,
            Event.actor_id,
            Event.action,
            Event.subject,
            Event.client,
            Event.ticket,
            cast(Event.before, Text),
            cast(Event.after, Text),
            cast(Event.personal, Text),
            Event.salt,
            Event.personal_digest,
            Event.previous,
            Event.hash,
        )
        .order_by(Event.id)
        .limit(PAGE)
    )
    page = _fetch(session, query)
    while page:
        yield [(row[0], row[1].isoformat(), *row[2:]) for row in page]
        page = _fetch(session, query.where(Event.id > page[-1][0]))


def _fetch(session: Session, query: Executable) -> Sequence[Row]:
    return session.execute(query).all()


def _with_the_log(session: Session, page: Sequence[Row]) -> Iterator[Row]:
    """The rows as `lines.Line` has them, with what the event log tells of each."""
    names = [_asked_as(row[_NUMBER], row[-1]) for row in page]
    requesters = _requesters(session, set(names))
    issuers = _issuers(session, {row[_SERIAL]: row[-2] for row in page})
    for row, name in zip(page, names, strict=True):
        told = issuers.get(row[_SERIAL], (None, None))
        yield (tuple(row[:_SERIAL]), *row[_SERIAL:-2], *told, requesters.get(name))


def _asked_the_same() -> ColumnElement[bool]:
    """Whether the request has the columns that its licence copied."""
    return and_(
        cast(Record.modules, Text) == cast(Request.modules, Text),
        *(getattr(Record, name).is_not_distinct_from(getattr(Request, name)) for name in _COPIED),
    )


def _asked_as(number: int, batch: int | None) -> str:
    return format_number("R", number) if batch is None else format_number("B", batch)


def _issuers(
    session: Session, events_of: Mapping[int, int | None]
) -> dict[int, tuple[str, str | None]]:
    """Serial -> who issued it and the digest of its key, as the event log has it."""
    wanted: dict[int, list[int]] = defaultdict(list)
    for serial, event_id in events_of.items():
        if event_id is not None:
            wanted[event_id].append(serial)
    found: dict[int, tuple[str, str | None]] = {}
    told = _TOLD.where(Event.id.in_(wanted)).execution_options(yield_per=100)
    for event_id, actor_id, action, subject, after in session.execute(told):
        if action == ISSUED:
            digests = digests_in(subject, _read(after))
            for serial in wanted[event_id]:
                name = format_number("L", serial)
                if name in digests:
                    found[serial] = (actor_id, digests[name])
    old = {format_number("L", each): each for each, event_id in events_of.items() if not event_id}
    return found | _issuers_of_old(session, old)


def _issuers_of_old(
    session: Session, serials: Mapping[str, int]
) -> dict[int, tuple[str, str | None]]:
    """Lines that do not name their event: once none did."""
    if not serials:
        return {}
    told = session.execute(_TOLD.where(Event.subject.in_(serials), _is(ISSUED)).order_by(Event.id))
    return {
        serials[subject]: (actor_id, digests_in(subject, _read(after)).get(subject))
        for _id, actor_id, _action, subject, after in told
    }


def _requesters(session: Session, subjects: Collection[str]) -> dict[str, str]:
    """Who asked first for each request or batch, as the event log has it."""
    told = session.execute(
        select(Event.subject, Event.actor_id)
        .where(Event.subject.in_(subjects), _is(REQUESTED))
        .order_by(Event.id.desc())
    )
    return dict(told.all())


def _is(action: str) -> ColumnElement[bool]:
    """Written so that no database goes by the index of actions, of which there are few."""
    return Event.action.concat("") == action


def _read(text: str | None) -> Any:  # noqa: ANN401 (whatever the column holds)
    return None if text is None else msgspec.json.decode(text)


_TOLD = select(Event.id, Event.actor_id, Event.action, Event.subject, cast(Event.after, Text))
