"""Whether another licence stands in the place of this one."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session, aliased

from licenses.actions import Action
from licenses.models import LicenseRecord
from opskit.core.i18n import _
from opskit.core.refs import format_number

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


def stands(*, on: date | None = None) -> list[ColumnElement[bool]]:
    """Conditions on a query of LicenseRecord: no other took its place, or has begun to on a day.

    Two NOT EXISTS rather than one with OR: each has its index.
    """
    begun = LATER.valid_from <= on if on else true()
    return [
        ~select(LATER.serial).where(NAMES_IT, begun).exists(),
        ~select(LATER.serial).where(OUTRANKS_IT, begun).exists(),
    ]


def counts(*, on: date | None = None) -> list[ColumnElement[bool]]:
    """Conditions on a query of LicenseRecord: it stands, and is no revocation."""
    return [*stands(on=on), LicenseRecord.action != Action.REVOKE]


def later_than(session: Session, record: LicenseRecord) -> list[LicenseRecord]:
    """What took the place of this licence, revocations too, the newest first."""
    found = session.scalars(
        select(LATER)
        .join(LicenseRecord, or_(NAMES_IT, OUTRANKS_IT))
        .where(LicenseRecord.serial == record.serial)
        .order_by(LATER.sequence.desc())
    )
    return list(found)


def replaced_in_words(record: LicenseRecord, later: LicenseRecord) -> str:
    """`L1001 was replaced by L1005`"""
    ended = later.action == Action.REVOKE
    words = _("{license} was revoked by {by}") if ended else _("{license} was replaced by {by}")
    return words.format(
        license=format_number("L", record.serial), by=format_number("L", later.serial)
    )
