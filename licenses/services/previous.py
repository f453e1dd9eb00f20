"""The licence that a request comes after."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.models import LicenseRecord, LicenseRequest


def previous_record(session: Session, found: LicenseRequest) -> LicenseRecord | None:
    """The licence that this one follows: the one it names, else the newest of its kind and site."""
    if found.replaces is not None:
        return session.get(LicenseRecord, found.replaces)
    newest = (
        select(LicenseRecord)
        .where(LicenseRecord.client == found.client, LicenseRecord.kind == found.kind)
        .where(LicenseRecord.request_number != found.number)
        .where(LicenseRecord.site.is_not_distinct_from(found.site))
        .order_by(LicenseRecord.sequence.desc())
    )
    return session.scalar(newest.limit(1))
