"""Which emergency codes were given; the codes themselves are nowhere but in the safe's arithmetic.

A number is spent and committed before its code is computed. What goes wrong after that costs a
number and nothing else: an installation accepts a later code after any earlier one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licenses.actions import Action
from licenses.emergency import CHAIN_LENGTH, days_granted
from licenses.keyformat import decode, split_signature
from licenses.models import EmergencyCode, LicenseRecord
from licenses.payload import LicensePayload
from licenses.services.replaced import later_than
from opskit.clients.models import Client
from opskit.core import events
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.refs import TicketKey, format_number

GIVING = ("agent", "license-issuer")
GIVEN = "license.emergency"


@dataclass(frozen=True, slots=True)
class Turn:
    """The number that is next, or was just spent: nobody has seen its code yet."""

    record: LicenseRecord
    client: Client
    number: int
    days: int
    running: EmergencyCode | None  # the one before, where its days may not be over
    replaced_by: int | None  # the serial of a newer licence

    @property
    def license(self) -> str:
        return format_number("L", self.record.serial)

    @property
    def left(self) -> int:
        return CHAIN_LENGTH - self.number


def next_turn(session: Session, *, record: LicenseRecord, at: datetime, actor: Identity) -> Turn:
    """What giving the licence's next code would mean; nothing is spent.

    Raises:
        DeniedError: only agents and license-issuers give codes.
        ConflictError: the licence takes no codes, is revoked, or all its codes were given.
    """
    require_role(actor, *GIVING)
    later = later_than(session, record)
    _require_unrevoked(record, later)
    days = _days(record)
    earlier = given(session, record.serial)
    return Turn(
        record,
        session.get_one(Client, record.client),
        _next_number(record, earlier),
        days,
        running=_running(earlier, days=days, at=at),
        replaced_by=later[0].serial if later else None,
    )


def spend(
    session: Session, *, record: LicenseRecord, ticket: TicketKey, at: datetime, actor: Identity
) -> Turn:
    """Record that the licence's next code is given, before anybody computes it.

    Raises:
        DeniedError, ConflictError: as `next_turn`.
    """
    session.get_one(Client, record.client, with_for_update=True)  # one number at a time
    turn = next_turn(session, record=record, at=at, actor=actor)
    _enter(session, record, turn.number, ticket=ticket, at=at, actor=actor)
    return turn


def given(session: Session, serial: int) -> list[EmergencyCode]:
    """The codes of a licence that were given, in their order."""
    found = session.scalars(
        select(EmergencyCode).where(EmergencyCode.serial == serial).order_by(EmergencyCode.number)
    )
    return list(found)


def counts(session: Session, *, client: str) -> Mapping[int, int]:
    """How many codes were given for each of a client's licences, by serial."""
    found = session.execute(
        select(EmergencyCode.serial, func.count())
        .join(LicenseRecord, LicenseRecord.serial == EmergencyCode.serial)
        .where(LicenseRecord.client == client)
        .group_by(EmergencyCode.serial)
    )
    return {serial: count for serial, count in found}  # noqa: C416 (a Row is no pair to mypy)


def payload_of(record: LicenseRecord) -> LicensePayload:
    """What was signed."""
    return decode(split_signature(record.signed)[0])


def _enter(
    session: Session,
    record: LicenseRecord,
    number: int,
    *,
    ticket: TicketKey,
    at: datetime,
    actor: Identity,
) -> None:
    session.add(
        EmergencyCode(
            serial=record.serial,
            number=number,
            ticket=ticket.value,
            given_by=actor.entity_id,
            given_at=at,
        )
    )
    events.record(
        session,
        actor=actor,
        at=at,
        action=GIVEN,
        subject=format_number("L", record.serial),
        client=record.client,
        ticket=ticket.value,
        after={"number": number},
    )


def _require_unrevoked(record: LicenseRecord, later: Sequence[LicenseRecord]) -> None:
    ending = next((each for each in (record, *later) if each.action == Action.REVOKE), None)
    if ending is None:
        return
    name, by = format_number("L", record.serial), format_number("L", ending.serial)
    words = (
        _("{license} is itself a revocation")
        if ending is record
        else _("{license} was revoked by {by}")
    )
    raise ConflictError(words.format(license=name, by=by), hint=f"opskit license show {by}")


def _days(record: LicenseRecord) -> int:
    days = days_granted(payload_of(record))
    if days is None:
        raise _none_left(record, _("{license} takes no emergency codes: it was issued without"))
    return days


def _next_number(record: LicenseRecord, earlier: Sequence[EmergencyCode]) -> int:
    number = earlier[-1].number + 1 if earlier else 1
    if number > CHAIN_LENGTH:
        raise _none_left(record, _("all emergency codes of {license} were given"))
    return number


def _none_left(record: LicenseRecord, words: str) -> ConflictError:
    name = format_number("L", record.serial)
    return ConflictError(
        words.format(license=name), hint=f"opskit license renew {name} --until +1m"
    )


def _running(earlier: Sequence[EmergencyCode], *, days: int, at: datetime) -> EmergencyCode | None:
    if earlier and earlier[-1].given_at > at - timedelta(days=days):
        return earlier[-1]
    return None
