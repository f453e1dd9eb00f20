"""Who received a licence, in which form, when."""

from datetime import datetime

from sqlalchemy.orm import Session

from licenses.models import LicenseDelivery, LicenseRecord
from licenses.services.requests import find
from licenses.states import RequestState, require_move
from opskit.core import events
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.refs import format_number

DELIVERING = ("sales", "agent", "license-issuer", "admin")
LONGEST_NAME = 254


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
    form: str,
    received_by: str,
    at: datetime,
    actor: Identity,
) -> LicenseDelivery:
    """Record that somebody received a licence; the first time its request becomes delivered.

    Raises:
        DeniedError, InvalidError: as `require_receiver`.
    """
    receiver = require_receiver(received_by, actor=actor)
    asked = find(session, record.request_number, lock=True)
    require_move(asked.number, RequestState(asked.state), RequestState.DELIVERED)
    asked.state = RequestState.DELIVERED
    made = LicenseDelivery(
        serial=record.serial,
        form=form,
        received_by=receiver,
        delivered_by=actor.entity_id,
        delivered_at=at,
    )
    session.add(made)
    events.record(
        session,
        actor=actor,
        at=at,
        action="license.delivered",
        subject=format_number("L", record.serial),
        client=record.client,
        ticket=asked.ticket,
        after={"form": form},
        personal={"received_by": receiver},
    )
    return made
