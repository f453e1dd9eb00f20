"""Whether another licence stands in the place of this one."""

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased

from licenses.actions import Action
from licenses.models import LicenseRecord

LATER = aliased(LicenseRecord)

# In its place by name, or by a higher sequence for the same installation: the ERP obeys that one.
NAMES_IT = LATER.replaces == LicenseRecord.serial
OUTRANKS_IT = and_(
    LATER.client == LicenseRecord.client,
    LATER.kind == LicenseRecord.kind,
    LATER.sequence > LicenseRecord.sequence,
    LATER.product == LicenseRecord.product,
    LATER.site.is_not_distinct_from(LicenseRecord.site),
)


def stands() -> list[ColumnElement[bool]]:
    """Conditions on a query of LicenseRecord: no other took its place.

    Two NOT EXISTS rather than one with OR: each has its index.
    """
    return [
        ~select(LATER.serial).where(NAMES_IT).exists(),
        ~select(LATER.serial).where(OUTRANKS_IT).exists(),
    ]


def counts_now() -> list[ColumnElement[bool]]:
    """Conditions on a query of LicenseRecord: it stands, and is no revocation."""
    return [*stands(), LicenseRecord.action != Action.REVOKE]
