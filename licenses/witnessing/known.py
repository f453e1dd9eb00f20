"""What the safe may have signed as far as the database knows, in pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from licenses.keyfamilies import OFFLINE_KITS, family_of
from licenses.keyformat import SIGNATURE_SIZE, decode, signing_input
from licenses.models import LicenseRecord, LicenseRequest
from licenses.refusals import LicenseRefusedError
from licenses.states import REGISTERED
from opskit.core.context import AppContext
from opskit.core.errors import NotFoundError
from opskit.core.refs import format_number

PAGE = 250


@dataclass(frozen=True, slots=True)
class Known:
    """A licence or a request, and the bytes to be signed for it; `at` is when it was issued."""

    name: str
    message: bytes
    at: datetime | None = None


def issued_since(run: AppContext, at: datetime) -> Iterator[list[Known]]:
    """Pages of the licences that were issued then or later, the newest first.

    What a sealed-safe kit signed is left out. No transaction is open between two pages.
    """
    return _licenses(run, LicenseRecord.issued_at >= at)


def issued_before(run: AppContext, at: datetime) -> Iterator[list[Known]]:
    """The others."""
    return _licenses(run, LicenseRecord.issued_at < at)


def drafted(run: AppContext) -> Iterator[list[Known]]:
    """Pages of the requests that got a payload and were not issued, the newest first."""
    query = select(LicenseRequest.number, LicenseRequest.body).where(
        LicenseRequest.body.is_not(None), LicenseRequest.state.not_in(REGISTERED)
    )
    for rows in _pages(run, query, LicenseRequest.number):
        yield [Known(format_number("R", row.number), signing_input(row.body)) for row in rows]


def _licenses(run: AppContext, wanted: ColumnElement[bool]) -> Iterator[list[Known]]:
    query = select(LicenseRecord.serial, LicenseRecord.signed, LicenseRecord.issued_at).where(
        wanted
    )
    for rows in _pages(run, query, LicenseRecord.serial):
        bodies = [(row, row.signed[:-SIGNATURE_SIZE]) for row in rows]
        yield [
            Known(format_number("L", row.serial), signing_input(body), row.issued_at)
            for row, body in bodies
            if not _by_a_kit(body)
        ]


def _pages(
    run: AppContext, query: Select[*tuple[Any, ...]], number: InstrumentedAttribute[int]
) -> Iterator[Sequence[Row[Any]]]:
    """The highest number first; it is the first column of the query."""
    query = query.order_by(number.desc()).limit(PAGE)
    page = query
    while True:
        with run.snapshot() as session:
            rows = session.execute(page).all()
        yield rows
        if len(rows) < PAGE:
            return
        page = query.where(number < rows[-1][0])


def _by_a_kit(body: bytes) -> bool:
    try:
        return family_of(decode(body).key_id) in OFFLINE_KITS
    except (LicenseRefusedError, NotFoundError):
        return False  # `register verify` has a word for such a row
