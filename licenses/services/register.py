"""The register: issued licences, each for good."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.models import LicenseRecord
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
