"""Who received a licence, in which form, when; and what became of a mail on its way."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.models import LicenseDelivery, LicenseRecord
from licenses.services.register import find_record
from licenses.services.requests import find
from licenses.services.steps import require_step
from licenses.states import RequestState
from opskit.core import events
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.intents import Intent, begin, finish
from opskit.core.refs import format_number

DELIVERING = ("sales", "agent", "license-issuer", "admin")
LONGEST_NAME = 254
MAIL = "license.mail"  # the intent
DELIVERED = "license.delivered"
FAILED = "license.delivery-failed"
UNKNOWN = "license.delivery-unknown"


def require_receiver(received_by: str, *, actor: Identity) -> str:
    """The name as it is recorded; to be asked before anything is written.

    Raises:
        DeniedError: only sales, agents, issuers and admins deliver.
        InvalidError: nobody is named, or the name is too long.
    """
    require_role(actor, *DELIVERING)
    receiver = received_by.strip()
    if not 0 < len(receiver) <= LONGEST_NAME:
        raise InvalidError(
            _("--to: nobody, or a name that is too long"),
            hint=_('who received it, for example --to "Noah Beguin"'),
        )
    return receiver


def deliver(
    session: Session,
    *,
    record: LicenseRecord,
    forms: Iterable[str],
    received_by: str,
    at: datetime,
    actor: Identity,
    message_id: str | None = None,
) -> LicenseDelivery:
    """Record that somebody received a licence; the first time its request becomes delivered.

    What was mailed has a Message-ID, by which the mail server's log knows it.

    Raises:
        DeniedError, InvalidError: as `require_receiver`.
    """
    receiver = require_receiver(received_by, actor=actor)
    asked = find(session, record.request_number, lock=True)
    require_step(asked, RequestState.DELIVERED)
    asked.state = RequestState.DELIVERED
    made = LicenseDelivery(
        serial=record.serial,
        form=" ".join(forms),
        received_by=receiver,
        mailed=message_id is not None,
        delivered_by=actor.entity_id,
        delivered_at=at,
    )
    session.add(made)
    events.record(
        session,
        actor=actor,
        at=at,
        action=DELIVERED,
        subject=format_number("L", record.serial),
        client=record.client,
        ticket=asked.ticket,
        after={"form": made.form} | ({"message_id": message_id} if message_id else {}),
        personal={"received_by": receiver},
    )
    return made


def begin_mail(
    session: Session,
    *,
    record: LicenseRecord,
    forms: Iterable[str],
    message_id: str,
    at: datetime,
    actor: Identity,
) -> Intent:
    """Note that a licence is about to be mailed; to whom is personal and does not stand here.

    Raises:
        DeniedError: as `require_receiver`.
    """
    require_role(actor, *DELIVERING)
    return begin(
        session,
        kind=MAIL,
        subject=format_number("L", record.serial),
        data={"serial": record.serial, "form": " ".join(forms), "message_id": message_id},
        at=at,
        actor=actor,
    )


def end_mail(
    session: Session, *, intent: Intent, outcome: str, at: datetime, reference: str | None = None
) -> None:
    """Record that a mail is `FAILED` or `UNKNOWN`; `reference` is the error's.

    What the mail server said may name the receiver, so it is not kept.
    """
    record = find_record(session, intent.data["serial"])
    kept = {key: text for key, text in intent.data.items() if key in ("form", "message_id")}
    events.record(
        session,
        actor=intent.actor,
        at=at,
        action=outcome,
        subject=intent.subject,
        client=record.client,
        ticket=find(session, record.request_number).ticket,
        after={**kept, "error": reference},
    )
    finish(session, intent, at=at)


def deliveries_of(session: Session, serial: int) -> Sequence[LicenseDelivery]:
    """How often a licence was handed over, the first time first."""
    query = select(LicenseDelivery).where(LicenseDelivery.serial == serial)
    return session.scalars(query.order_by(LicenseDelivery.id)).all()
