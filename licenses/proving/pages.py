"""The register and the event log as pages of plain rows, in the order of their numbers.

Columns instead of objects, and JSON and days as text: a million rows pass here. A page is known by
its first and last number, so that whoever is free can read it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from licenses.models import LicenseRecord as Record
from licenses.models import LicenseRequest as Request
from licenses.proving import told
from licenses.services.issuing import ISSUED
from licenses.services.requests import REQUESTED
from opskit.clients.models import Client
from opskit.core.events import Event

PAGE = 2000

Row = tuple[Any, ...]
Extent = tuple[int, int]  # the first and the last number of a page

_COPIED = (
    *("client", "kind", "product", "edition", "named_users", "concurrent_users", "valid_from"),
    *("last_day", "grace_days", "maintenance_until", "version_ceiling", "site"),
    *("action", "replaces", "sequence"),
)


def of_lines(session: Session) -> Iterator[Extent]:
    """The pages of the register, by serial."""
    return _extents(session, Record.serial)


def of_events(session: Session) -> Iterator[Extent]:
    """The pages of the event log."""
    return _extents(session, Event.id)


def lines(session: Session, extent: Extent) -> list[Row]:
    """Rows that `lines.Line` takes."""
    page = _fetch(session, _LINES, extent)
    known = told.of_page(session, [told.Clue._make(row[_CLUES:]) for row in page])
    return [
        (row[:_SERIAL], *row[_SERIAL:_CLUES], *each) for row, each in zip(page, known, strict=True)
    ]


def logged(session: Session, extent: Extent) -> Sequence[Row]:
    """Rows that `chain.LoggedEvent` takes."""
    return _fetch(session, _EVENTS, extent)


def _fetch(session: Session, query: Executable, extent: Extent) -> Sequence[Row]:
    """Straight from the driver: an object for each row would cost as much as its judgement."""
    first, last = extent
    found = session.connection().execute(query, {"first": first, "last": last})
    return found.cursor.fetchall()


def _extents(session: Session, number: InstrumentedAttribute[int]) -> Iterator[Extent]:
    numbers = select(number.label("number")).order_by(number).limit(PAGE)
    page = numbers.subquery()
    while True:
        ends = session.execute(select(func.min(page.c.number), func.max(page.c.number))).one()
        if ends[0] is None:
            return
        yield ends[0], ends[1]
        page = numbers.where(number > ends[1]).subquery()


def _within(number: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return number.between(bindparam("first"), bindparam("last"))


def _asked_the_same() -> ColumnElement[bool]:
    """Whether the request has the columns that its licence copied."""
    return and_(
        cast(Record.modules, Text) == cast(Request.modules, Text),
        *(getattr(Record, name).is_not_distinct_from(getattr(Request, name)) for name in _COPIED),
    )


def _named(letter: str, number: InstrumentedAttribute[int]) -> ColumnElement[str]:
    return literal(letter).concat(cast(number, Text))


def _who_asked() -> ColumnElement[str | None]:
    """By the event log, who asked first for a request of its own."""
    asked = aliased(Event)
    first = (
        select(asked.actor_id)
        .where(asked.subject == _named("R", Record.request_number), asked.action == REQUESTED)
        .order_by(asked.id)
        .limit(1)
    )
    return case((Request.batch.is_(None), first.scalar_subquery()))


_ISSUED = aliased(Event)
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
_ROW = (
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
)
_SERIAL, _CLUES = len(_TERMS), len(_TERMS) + len(_ROW)
_LINES = (
    select(
        *_TERMS,
        *_ROW,
        Record.serial,
        Record.request_number,
        Record.action,
        Record.replaces,
        Record.issued_event,
        Request.batch,
        _ISSUED.actor_id,
        _ISSUED.at == Record.issued_at,
        case((_ISSUED.subject == _named("L", Record.serial), cast(_ISSUED.after, Text))),
        _who_asked(),
    )
    .outerjoin(Request, Request.number == Record.request_number)
    .outerjoin(Client, Client.code == Record.client)
    .outerjoin(_ISSUED, and_(_ISSUED.id == Record.issued_event, _ISSUED.action == ISSUED))
    .where(_within(Record.serial))
    .order_by(Record.serial)
)
_EVENTS = (
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
    .where(_within(Event.id))
    .order_by(Event.id)
)
