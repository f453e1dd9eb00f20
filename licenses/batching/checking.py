"""A file of requests held against the clients and the orders that there are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.batching.chunks import chunked
from licenses.batching.previous import Installation, previous
from licenses.batching.reading import AskedRow, Sheet
from licenses.doubts import doubts, too_early
from licenses.models import LicenseRequest
from licenses.states import RequestState
from licenses.terms import Terms
from opskit.clients.models import Client
from opskit.core.i18n import _
from opskit.core.importing import Problem, RejectedRow
from opskit.core.refs import format_number
from opskit.core.text import did_you_mean

MOST_SINGLY = 3  # of one kind of doubt; more would hide the others

_CLOSED = (RequestState.REJECTED, RequestState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What whoever asks or approves should look at twice, and the line that it is about."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be asked for, what cannot be, and what to look at twice."""

    asked: tuple[AskedRow, ...]
    rejected: tuple[RejectedRow, ...]
    doubts: tuple[Doubt, ...]


def check(session: Session, sheet: Sheet, *, today: date) -> Preview:
    """Rows of clients that nobody knows are wrong too; nothing is changed."""
    contracts = dict(session.execute(select(Client.code, Client.maintenance_until)).all())
    asked = [each for each in sheet.asked if each.client in contracts]
    strangers = [
        RejectedRow(each.row, (Problem("client", _nobody(each.client, list(contracts))),))
        for each in sheet.asked
        if each.client not in contracts
    ]
    rejected = sorted([*sheet.rejected, *strangers], key=lambda each: each.row.line)
    found = [
        *(
            Doubt(each.row.line, what)
            for each in asked
            for what in doubts(
                each.wish.terms.maintenance_until, contract=contracts[each.client], today=today
            )
        ),
        *_twice(asked),
        *_orders_known(session, asked),
        *_too_early(session, asked, today=today),
    ]
    return Preview(tuple(asked), tuple(rejected), tuple(sorted(found, key=lambda each: each.line)))


def _nobody(code: str, codes: Sequence[str]) -> str:
    nearest = did_you_mean(code, codes, otherwise="")
    return "; ".join(filter(None, [_("there is no client {code}").format(code=code), nearest]))


def _twice(asked: Sequence[AskedRow]) -> Iterator[Doubt]:
    """Of two licences for one installation only the later counts."""
    seen: dict[tuple[object, ...], int] = {}
    for each in asked:
        terms = each.wish.terms
        place = (each.client, terms.kind, terms.product, terms.site)
        if place in seen:
            yield Doubt(
                each.row.line,
                _(
                    "for the same client, kind and site as line {line}, in whose place it stands"
                ).format(line=seen[place]),
            )
        seen[place] = each.row.line


def _too_early(session: Session, asked: Sequence[AskedRow], *, today: date) -> Iterator[Doubt]:
    """The ERP obeys the newest licence it has read, also one that does not count yet."""
    later = [each for each in asked if each.wish.terms.valid_from > today]
    before: dict[Installation, Terms] = {}
    for part in chunked(sorted({each.client for each in later})):
        before |= previous(session, part)
    stopping = [
        Doubt(each.row.line, what)
        for each in later
        for what in too_early(_before(each, before), each.wish.terms, today=today)
    ]
    if len(stopping) > MOST_SINGLY:
        yield Doubt(
            stopping[0].line,
            _(
                "like other rows: entered before its first day it stops a product that now works; "
                "rows: {count}"
            ).format(count=len(stopping)),
        )
        return
    yield from stopping


def _before(asked: AskedRow, licenses: Mapping[Installation, Terms]) -> Terms | None:
    terms = asked.wish.terms
    return licenses.get((asked.client, terms.kind, terms.site))


def _orders_known(session: Session, asked: Sequence[AskedRow]) -> Iterator[Doubt]:
    """An order that is on another request too was perhaps entered twice."""
    orders = sorted({each.wish.order_ref for each in asked if each.wish.order_ref})
    known: dict[str, int] = {}
    for part in chunked(orders):
        known |= {
            order: number
            for number, order in session.execute(
                select(LicenseRequest.number, LicenseRequest.order_ref)
                .where(LicenseRequest.order_ref.in_(part), LicenseRequest.state.not_in(_CLOSED))
                .order_by(LicenseRequest.number.desc())
            )
            if order is not None
        }
    for each in asked:
        order = each.wish.order_ref
        if order in known:
            yield Doubt(
                each.row.line,
                _("the order {order} is on {requests} too").format(
                    order=order, requests=format_number("R", known[order])
                ),
            )
