"""One page of the register, newest first, and the requests that belong above it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.models import LicenseRecord, LicenseRequest
from licenses.payload import LicenseKind
from licenses.states import OPEN, REGISTERED, RequestState

_STATE = (
    select(LicenseRequest.state)
    .where(LicenseRequest.number == LicenseRecord.request_number)
    .scalar_subquery()
)
_COLUMNS = [
    *(each for each in LicenseRecord.__table__.columns if each.name != "signed"),
    _STATE.label("state"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which licences; `before` is the serial that the page before ended with."""

    limit: int
    client: str | None = None
    kind: LicenseKind | None = None
    state: RequestState | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Requests oldest first, licences newest first, each licence with its request's state."""

    requests: Sequence[LicenseRequest]
    licenses: Sequence[tuple[LicenseRecord, str | None]]
    more_requests: bool
    more_licenses: bool


def page(session: Session, wanted: Wanted) -> Page:
    """Reads one more of each than fits, to know whether there are more."""
    requests, licenses = _requests(session, wanted), _licenses(session, wanted)
    return Page(
        requests[: wanted.limit],
        licenses[: wanted.limit],
        more_requests=len(requests) > wanted.limit,
        more_licenses=len(licenses) > wanted.limit,
    )


def _requests(session: Session, wanted: Wanted) -> Sequence[LicenseRequest]:
    """Those that wait, on the first page; or those of the state that is asked for."""
    if wanted.before is not None or wanted.state in REGISTERED:
        return []
    states = sorted(OPEN) if wanted.state is None else [wanted.state]
    query = select(LicenseRequest).where(LicenseRequest.state.in_(states))
    if wanted.client is not None:
        query = query.where(LicenseRequest.client == wanted.client)
    if wanted.kind is not None:
        query = query.where(LicenseRequest.kind == wanted.kind)
    return session.scalars(query.order_by(LicenseRequest.number).limit(wanted.limit + 1)).all()


def _licenses(session: Session, wanted: Wanted) -> list[tuple[LicenseRecord, str | None]]:
    """Rows instead of objects: they have the names that are read, and cost a third."""
    if wanted.state is not None and wanted.state not in REGISTERED:
        return []
    query = select(*_COLUMNS)
    if wanted.client is not None:
        query = query.where(LicenseRecord.client == wanted.client)
    if wanted.kind is not None:
        query = query.where(LicenseRecord.kind == wanted.kind)
    if wanted.state is not None:
        query = query.where(_STATE.is_not_distinct_from(wanted.state))
    if wanted.before is not None:
        query = query.where(LicenseRecord.serial < wanted.before)
    newest = query.order_by(LicenseRecord.serial.desc()).limit(wanted.limit + 1)
    return [(cast("LicenseRecord", row), row.state) for row in session.execute(newest)]
