"""The licences that a batch's requests come after."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.models import LicenseRecord
from licenses.rows import terms_of
from licenses.terms import Terms

Installation = tuple[str, str, str | None]  # client, kind, site


def previous(session: Session, clients: Collection[str]) -> dict[Installation, Terms]:
    """The newest licence of each installation of these clients."""
    records = session.scalars(
        select(LicenseRecord)
        .where(LicenseRecord.client.in_(clients))
        .order_by(LicenseRecord.sequence)
    )
    return {(each.client, each.kind, each.site): terms_of(each) for each in records}
