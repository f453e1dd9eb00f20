"""One page of the register, newest first, and the requests that belong above it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import Session

from licenses.models import LicenseRecord, LicenseRequest
from licenses.offline.numbering import FIRST_SERIAL as FIRST_OFFLINE
from licenses.payload import LicenseKind
from licenses.states import OPEN, REGISTERED, RequestState

# Tables instead of entities: their rows have the names that are read, and cost a third.
_RECORD = cast("Table", LicenseRecord.__table__).c
_REQUEST = cast("Table", LicenseRequest.__table__).c
_STATE = select(_REQUEST.state).where(_REQUEST.number == _RECORD.request_number).scalar_subquery()
_NEWEST = select(
    *(each for each in _RECORD if each.name != "signed"), _STATE.label("state")
).order_by(_RECORD.serial.desc())
_OLDEST = select(*(each for each in _REQUEST if each.name not in {"body", "approval"})).order_by(
    _REQUEST.number
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which licences; `before` is the serial that the page before ended with."""

    limit: int
    client: str | None = None
    kind: LicenseKind | None = None
    state: RequestState | None = None
    batch: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Requests oldest first, licences newest first and those of kits last, each with its state."""

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
    query = _OLDEST.where(_REQUEST.state.in_(states))
    if wanted.client is not None:
        query = query.where(_REQUEST.client == wanted.client)
    if wanted.kind is not None:
        query = query.where(_REQUEST.kind == wanted.kind)
    if wanted.batch is not None:
        query = query.where(_REQUEST.batch == wanted.batch)
    return cast("Sequence[LicenseRequest]", session.execute(query.limit(wanted.limit + 1)).all())


def _licenses(session: Session, wanted: Wanted) -> list[tuple[LicenseRecord, str | None]]:
    if wanted.state is not None and wanted.state not in REGISTERED:
        return []
    query = _NEWEST
    if wanted.client is not None:
        query = query.where(_RECORD.client == wanted.client)
    if wanted.kind is not None:
        query = query.where(_RECORD.kind == wanted.kind)
    if wanted.state is not None:
        query = query.where(_STATE.is_not_distinct_from(wanted.state))
    if wanted.batch is not None:
        of_batch = select(_REQUEST.number).where(_REQUEST.batch == wanted.batch)
        query = query.where(_RECORD.request_number.in_(of_batch))
    found: list[Any] = []
    for part in _parts(wanted.before):
        room = wanted.limit + 1 - len(found)
        found += session.execute(query.where(*part).limit(room)) if room else ()
    return [(cast("LicenseRecord", row), row.state) for row in found]


def _parts(before: int | None) -> Sequence[Sequence[ColumnElement[bool]]]:
    """The register's own numbers, then those of kits, which do not tell when they were drawn."""
    serial = _RECORD.serial
    if before is not None and before >= FIRST_OFFLINE:
        return [(serial >= FIRST_OFFLINE, serial < before)]
    own = min(before or FIRST_OFFLINE, FIRST_OFFLINE)
    return [(serial < own,), (serial >= FIRST_OFFLINE,)]
