"""Current licences whose last day or maintenance ends in a span of days."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from licenses.models import LicenseRecord, LicenseRequest
from licenses.services.replaced import counts
from licenses.states import OPEN
from opskit.clients.models import Client


@dataclass(frozen=True, slots=True)
class Ending:
    """A licence that ends; `renewal` is the number of the open request that follows it,
    and `renewal_action` what that one is: it may only add modules.
    """

    ends: date
    serial: int
    client: str
    client_name: str
    contract: str
    kind: str
    site: str | None
    last_day: date | None
    maintenance_until: date | None
    renewal: int | None
    renewal_action: str | None


def endings(session: Session, *, first: date, last: date) -> list[Ending]:
    """Those that end from `first` to `last`, both included; the next one first."""
    record, follower = LicenseRecord, aliased(LicenseRequest)
    uses = record.last_day.between(first, last)
    maintained = and_(
        record.maintenance_until.between(first, last),
        or_(record.last_day.is_(None), record.last_day >= first),
    )
    renewal = (
        select(func.min(follower.number))
        .where(follower.replaces == record.serial, follower.state.in_(sorted(OPEN)))
        .scalar_subquery()
    )
    found = session.execute(
        select(
            record.serial,
            record.client,
            Client.name,
            Client.contract,
            record.kind,
            record.site,
            record.last_day,
            record.maintenance_until,
            renewal,
            LicenseRequest.action,
        )
        .join(Client, Client.code == record.client)
        .outerjoin(LicenseRequest, LicenseRequest.number == renewal)
        .where(or_(uses, maintained), *counts())
    )
    listed = [Ending(_next_end(row.last_day, row.maintenance_until, first), *row) for row in found]
    return sorted(listed, key=lambda each: (each.ends, each.serial))


def _next_end(last_day: date | None, maintenance: date | None, first: date) -> date:
    return min(day for day in (last_day, maintenance) if day is not None and day >= first)
