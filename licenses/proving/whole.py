"""What no single line of the register can tell: numbers used twice, and lines that are gone."""

from collections.abc import Iterator

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from licenses.models import LicenseDelivery, LicenseRecord, LicenseRequest
from licenses.proving.chain import digests_in
from licenses.proving.flaws import Fault, Flaw
from licenses.services.issuing import ISSUED
from licenses.states import REGISTERED
from opskit.core.events import Event
from opskit.core.refs import format_number


def sequences_used_twice(session: Session) -> Iterator[Fault]:
    """The highest sequence wins offline, so within a client and a kind there is each once."""
    place = (LicenseRecord.client, LicenseRecord.kind, LicenseRecord.sequence)
    twice = select(*place).group_by(*place).having(func.count() > 1).subquery()
    serials = session.scalars(
        select(LicenseRecord.serial)
        .join(
            twice,
            (LicenseRecord.client == twice.c.client)
            & (LicenseRecord.kind == twice.c.kind)
            & (LicenseRecord.sequence == twice.c.sequence),
        )
        .order_by(LicenseRecord.serial)
    )
    for serial in serials:
        yield Fault(format_number("L", serial), Flaw.SEQUENCE_TWICE)


def requests_without_license(session: Session) -> Iterator[Fault]:
    """Marked as issued or delivered, and nothing in the register."""
    numbers = session.scalars(
        select(LicenseRequest.number)
        .where(LicenseRequest.state.in_(sorted(REGISTERED)))
        .where(~exists().where(LicenseRecord.request_number == LicenseRequest.number))
        .order_by(LicenseRequest.number)
    )
    for number in numbers:
        yield Fault(format_number("R", number), Flaw.NO_LICENSE)


def deliveries_without_license(session: Session) -> Iterator[Fault]:
    serials = session.scalars(
        select(LicenseDelivery.serial)
        .where(~exists().where(LicenseRecord.serial == LicenseDelivery.serial))
        .distinct()
        .order_by(LicenseDelivery.serial)
    )
    for serial in serials:
        yield Fault(format_number("L", serial), Flaw.NO_LICENSE)


def licenses_gone(session: Session) -> Iterator[Fault]:
    """What the event log issued and the register does not have, or has by another event."""
    query = (
        select(Event.id, Event.subject, Event.after)
        .where(Event.action == ISSUED)
        .order_by(Event.id)
        .limit(100)
    )
    page = session.execute(query).all()
    while page:
        for event_id, subject, after in page:
            yield from _gone_of(session, event_id, list(digests_in(subject, after)))
        page = session.execute(query.where(Event.id > page[-1][0])).all()


def _gone_of(session: Session, event_id: int, names: list[str]) -> Iterator[Fault]:
    serials = {int(name[1:]): name for name in names if name[1:].isdecimal()}
    lines = session.execute(
        select(LicenseRecord.serial, LicenseRecord.issued_event).where(
            LicenseRecord.serial.in_(serials)
        )
    )
    found = dict(lines.all())
    for serial, name in serials.items():
        if serial not in found:
            yield Fault(name, Flaw.MISSING)
        elif found[serial] not in (None, event_id):
            yield Fault(name, Flaw.LOGGED_TWICE)
