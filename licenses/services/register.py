"""The register: issued licences, each for good."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licenses.models import LicenseRecord
from licenses.services.replaced import counts
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.refs import format_number


def record_of_request(session: Session, number: int) -> LicenseRecord:
    """The licence that a request became.

    Raises:
        NotFoundError: it was not issued.
    """
    found = session.scalar(select(LicenseRecord).where(LicenseRecord.request_number == number))
    if found is None:
        raise NotFoundError(
            _("{request} is not issued yet").format(request=format_number("R", number)),
            hint=f"opskit license issue {format_number('R', number)} --out FILE",
        )
    return found


def find_record(session: Session, serial: int) -> LicenseRecord:
    """Raises NotFoundError where the register has no such serial."""
    found = session.get(LicenseRecord, serial)
    if found is None:
        raise NotFoundError(
            _("there is no licence {serial}").format(serial=format_number("L", serial)),
            hint="opskit license list",
        )
    return found


def records(session: Session, *, client: str | None = None) -> list[LicenseRecord]:
    """The register, newest first."""
    query = select(LicenseRecord).order_by(LicenseRecord.serial.desc())
    if client is not None:
        query = query.where(LicenseRecord.client == client)
    return list(session.scalars(query))


def key_id_of(record: LicenseRecord) -> int:
    """The second byte of a licence (docs/spec/license-key-v1.md, section 2)."""
    return record.signed[1]


def signed_by_key(session: Session) -> dict[int, tuple[int, int]]:
    """How many licences each key signed, and how many of them count now, by key id."""
    key_id = func.substr(LicenseRecord.signed, 2, 1)  # as `key_id_of`
    counting = select(key_id, func.count()).group_by(key_id)
    every, now = (
        {bytes(key)[0]: count for key, count in session.execute(query)}
        for query in (counting, counting.where(*counts()))
    )
    return {key: (count, now.get(key, 0)) for key, count in every.items()}


def newest_serials(session: Session, *, limit: int) -> list[int]:
    query = select(LicenseRecord.serial).order_by(LicenseRecord.serial.desc())
    return list(session.scalars(query.limit(limit)))
