"""What break-glass leaves in the database: who asked, who agreed, who read; never a secret."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.intents import Intent, begin, finish
from opskit.core.numbers import next_number
from opskit.core.refs import TicketKey, format_number, parse_number
from vault.breakglass.models import AccessRequest
from vault.breakglass.ports import Asked
from vault.entries import EntryRef
from vault.services import record_outcome

LETTER = "B"
ASK, APPROVE, READ = "vault.access-ask", "vault.access-approve", "vault.access-read"
ASKERS = ("agent", "safe-keeper", "admin")
APPROVERS = ("safe-keeper",)


class AccessState(StrEnum):
    """How a request stands, as far as this database knows."""

    REQUESTED = "requested"
    APPROVED = "approved"
    DONE = "done"
    LAPSED = "lapsed"


def state_of(request: AccessRequest, *, at: datetime) -> AccessState:
    if request.read_at is not None:
        return AccessState.DONE
    if at >= request.ends_at:
        return AccessState.LAPSED
    return AccessState.REQUESTED if request.approved_at is None else AccessState.APPROVED


def number_of(request: AccessRequest) -> str:
    return format_number(LETTER, request.number)


def begin_ask(
    session: Session, *, ref: EntryRef, ticket: TicketKey, at: datetime, actor: Identity
) -> Intent:
    """Note that a guarded entry is about to be asked for. Raises DeniedError."""
    require_role(actor, *ASKERS)
    data = {"ticket": ticket.value}
    return begin(session, kind=ASK, subject=ref.path, data=data, at=at, actor=actor)


def record_asked(session: Session, *, intent: Intent, asked: Asked, at: datetime) -> AccessRequest:
    """The request waits in the safe, and has its number."""
    request = AccessRequest(
        number=next_number(session, LETTER),
        ref=intent.subject,
        ticket=intent.data["ticket"],
        accessor=asked.accessor,
        requested_by=intent.actor_id,
        requested_at=at,
        ends_at=at + timedelta(seconds=asked.seconds),
    )
    session.add(request)
    after = {"number": number_of(request), "ends_at": request.ends_at.isoformat()}
    record_outcome(session, intent=intent, action="vault.access-requested", after=after, at=at)
    return request


def begin_step(
    session: Session, *, kind: str, request: AccessRequest, at: datetime, actor: Identity
) -> Intent:
    """Note that a request is about to be approved, or its entry to be read."""
    data = {"number": request.number, "ticket": request.ticket}
    return begin(session, kind=kind, subject=request.ref, data=data, at=at, actor=actor)


def record_approved(session: Session, *, intent: Intent, at: datetime) -> None:
    request = session.get_one(AccessRequest, intent.data["number"])
    request.approved_by, request.approved_at = intent.actor_id, at
    _record(session, intent, request, "vault.access-approved", at=at)


def record_read(session: Session, *, intent: Intent, at: datetime, certain: bool = True) -> None:
    """`certain` is False where a crash came between, and nobody knows whether it was shown."""
    request = session.get_one(AccessRequest, intent.data["number"])
    request.read_at = at
    more = {} if certain else {"certain": False}
    _record(session, intent, request, "vault.access-read", at=at, **more)


def give_up(session: Session, *, intent: Intent, at: datetime) -> None:
    """The safe refused, so nothing happened."""
    finish(session, intent, at=at)


def find(session: Session, text: str) -> AccessRequest:
    """The request `B3`.

    Raises:
        InvalidError: no number of a request. NotFoundError: there is none.
    """
    request = session.get(AccessRequest, parse_number(LETTER, text))
    if request is None:
        raise NotFoundError(
            _("there is no request {number}").format(number=text.strip().upper()),
            hint="opskit vault break-glass list --all",
        )
    return request


def list_requests(session: Session, *, at: datetime, ended: bool) -> Sequence[AccessRequest]:
    """The newest first; without `ended` only those that can still be approved or read."""
    query = select(AccessRequest).order_by(AccessRequest.number.desc())
    if not ended:
        query = query.where(AccessRequest.read_at.is_(None), AccessRequest.ends_at > at)
    return list(session.scalars(query))


def _record(
    session: Session,
    intent: Intent,
    request: AccessRequest,
    action: str,
    *,
    at: datetime,
    **more: Any,  # noqa: ANN401 (facts of the event)
) -> None:
    after = {"number": number_of(request), **more}
    record_outcome(session, intent=intent, action=action, after=after, at=at)
