"""Everything that happened to a client's licences, in order."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.actions import Action
from licenses.handovers import delivery_in_words
from licenses.models import EmergencyCode, LicenseDelivery, LicenseRecord, LicenseRequest
from licenses.services.deliveries import FAILED, UNKNOWN
from licenses.states import RequestState
from opskit.core.events import Event
from opskit.core.i18n import _, colon
from opskit.core.refs import format_number

CLOSED = tuple(f"license.{each}" for each in (RequestState.REJECTED, RequestState.WITHDRAWN))


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the story; `by` is the person's entity in the safe."""

    at: datetime
    event: str
    subject: str
    what: str
    by: str | None


def story(session: Session, client: str) -> list[Happening]:
    """Requests and their ends, licences, deliveries and emergency codes, the oldest first."""
    found = [
        *_requests(session, client),
        *_licenses(session, client),
        *_deliveries(session, client),
        *_emergencies(session, client),
        *_ends(session, client),
    ]
    return sorted(found, key=lambda each: each.at)


def _requests(session: Session, client: str) -> list[Happening]:
    asked = session.scalars(
        select(LicenseRequest)
        .where(LicenseRequest.client == client)
        .order_by(LicenseRequest.number)
    )
    found: list[Happening] = []
    for each in asked:
        name = format_number("R", each.number)
        words = _purpose(each)
        found.append(Happening(each.requested_at, "requested", name, words, each.requested_by))
        if each.approved_at is not None:
            found.append(Happening(each.approved_at, "approved", name, words, each.approved_by))
    return found


def _purpose(asked: LicenseRequest) -> str:
    words = Action(asked.action).in_words()
    return f"{colon(words)} {' '.join(asked.modules)}" if asked.modules else words


def _licenses(session: Session, client: str) -> list[Happening]:
    issued = session.scalars(
        select(LicenseRecord).where(LicenseRecord.client == client).order_by(LicenseRecord.serial)
    )
    return [
        Happening(
            each.issued_at,
            "issued",
            format_number("L", each.serial),
            _("{kind}, maintenance until {until}").format(
                kind=each.kind, until=each.maintenance_until or _("without end")
            ),
            each.issued_by,
        )
        for each in issued
    ]


def _deliveries(session: Session, client: str) -> list[Happening]:
    delivered = session.scalars(
        select(LicenseDelivery)
        .join(LicenseRecord, LicenseRecord.serial == LicenseDelivery.serial)
        .where(LicenseRecord.client == client)
        .order_by(LicenseDelivery.id)
    )
    return [
        Happening(
            each.delivered_at,
            "delivered",
            format_number("L", each.serial),
            delivery_in_words(each),
            each.delivered_by,
        )
        for each in delivered
    ]


def _emergencies(session: Session, client: str) -> list[Happening]:
    given = session.scalars(
        select(EmergencyCode)
        .join(LicenseRecord, LicenseRecord.serial == EmergencyCode.serial)
        .where(LicenseRecord.client == client)
        .order_by(EmergencyCode.serial, EmergencyCode.number)
    )
    return [
        Happening(
            each.given_at,
            "emergency",
            format_number("L", each.serial),
            _("emergency code {number}, {ticket}").format(number=each.number, ticket=each.ticket),
            each.given_by,
        )
        for each in given
    ]


def _ends(session: Session, client: str) -> list[Happening]:
    """What has no time in any row but the log's: requests that were closed, mails that failed."""
    ended = session.scalars(
        select(Event)
        .where(Event.client == client, Event.action.in_((*CLOSED, FAILED, UNKNOWN)))
        .order_by(Event.id)
    )
    return [
        Happening(
            each.at,
            each.action.removeprefix("license."),
            each.subject,
            (each.after or {}).get("reason") or (each.after or {}).get("form") or "",
            each.actor_id,
        )
        for each in ended
    ]
