"""The wish: made, found, taken back, refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.actions import Action
from licenses.models import LicenseRequest
from licenses.rows import columns_of, terms_of
from licenses.services.steps import require_step
from licenses.states import OPEN, RequestState
from licenses.terms import Terms, check_terms
from opskit.clients.models import Client
from opskit.core import events
from opskit.core.catalog import Catalog
from opskit.core.errors import DeniedError, InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.numbers import next_number
from opskit.core.refs import TicketKey, format_number

REQUESTED = "license.requested"
ASKING = ("sales", "agent", "admin")
LONGEST_REASON = 500
LONGEST_ORDER = 40
LONGEST_SITE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks for, and on what ground."""

    terms: Terms
    action: Action = Action.NEW
    replaces: int | None = None  # serial
    order_ref: str | None = None
    ticket: TicketKey | None = None
    reason: str | None = None


def request(
    session: Session,
    *,
    client: Client,
    wish: Wish,
    catalog: Catalog,
    at: datetime,
    actor: Identity,
) -> LicenseRequest:
    """Ask for a licence.

    Raises:
        DeniedError: only sales, agents and admins ask.
        InvalidError: the terms do not fit together.
    """
    require_role(actor, *ASKING)
    check_wish(wish, catalog, today=at.date())
    made = row_of(wish, number=next_number(session, "R"), client=client.code, at=at, actor=actor)
    session.add(made)
    record_step(session, made, REQUESTED, at=at, actor=actor)
    return made


def check_wish(wish: Wish, catalog: Catalog, *, today: date) -> None:
    """Raises InvalidError for what could never be issued, or never be stored."""
    check_terms(wish.terms, catalog, today=today)
    _require_short(wish.terms.site, LONGEST_SITE, "--site")
    _require_short(wish.order_ref, LONGEST_ORDER, "--order")
    require_reason(wish.reason)


def row_of(
    wish: Wish,
    *,
    number: int,
    client: str,
    at: datetime,
    actor: Identity,
    batch: int | None = None,
) -> LicenseRequest:
    """The request's row, as it begins."""
    return LicenseRequest(
        number=number,
        state=RequestState.REQUESTED,
        action=wish.action,
        replaces=wish.replaces,
        client=client,
        **columns_of(wish.terms),
        order_ref=wish.order_ref,
        ticket=wish.ticket.value if wish.ticket else None,
        reason=wish.reason,
        batch=batch,
        requested_by=actor.entity_id,
        requested_at=at,
    )


def withdraw(
    session: Session, *, number: int, reason: str | None, at: datetime, actor: Identity
) -> LicenseRequest:
    """Take a request back before it is issued.

    Raises:
        DeniedError: it is somebody else's, and the person is neither sales nor admin.
        ConflictError: it is issued, or closed already.
    """
    found = find(session, number, lock=True)
    require_withdrawer(format_number("R", number), found.requested_by, actor=actor)
    why = found.reason if reason is None else reason
    return _close(session, found, RequestState.WITHDRAWN, reason=why, at=at, actor=actor)


def require_withdrawer(name: str, requested_by: str, *, actor: Identity) -> None:
    """Raises DeniedError: `R12` or `B3` is somebody else's, the person neither sales nor admin."""
    if requested_by != actor.entity_id and not actor.roles & {"sales", "admin"}:
        raise DeniedError(
            _("{request} was made by somebody else").format(request=name),
            hint=_("whoever made it withdraws it; a license-issuer types: {command}").format(
                command=f"opskit license reject {name} --reason TEXT"
            ),
        )


def reject(
    session: Session, *, number: int, reason: str, at: datetime, actor: Identity
) -> LicenseRequest:
    """Refuse a request, for a reason that its requester can read.

    Raises:
        DeniedError: the role license-issuer is missing.
        ConflictError: it is issued, or closed already.
    """
    require_role(actor, "license-issuer")
    found = find(session, number, lock=True)
    return _close(session, found, RequestState.REJECTED, reason=reason, at=at, actor=actor)


def find(session: Session, number: int, *, lock: bool = False) -> LicenseRequest:
    """Raises NotFoundError where there is no such request."""
    found = session.get(LicenseRequest, number, with_for_update=lock)
    if found is None:
        raise NotFoundError(
            _("there is no licence request {number}").format(number=format_number("R", number)),
            hint="opskit license list",
        )
    return found


def open_requests(session: Session, *, limit: int | None = None) -> list[LicenseRequest]:
    """What is neither issued nor closed, oldest first."""
    query = select(LicenseRequest).where(LicenseRequest.state.in_(sorted(OPEN)))
    return list(session.scalars(query.order_by(LicenseRequest.number).limit(limit)))


def record_step(
    session: Session, what: LicenseRequest, action: str, *, at: datetime, actor: Identity
) -> None:
    """Append the event of a step in a request's life."""
    events.record(
        session,
        actor=actor,
        at=at,
        action=action,
        subject=format_number("R", what.number),
        client=what.client,
        ticket=what.ticket,
        after=facts_of(what),
    )


def facts_of(what: LicenseRequest) -> Mapping[str, Any]:
    """What the event log keeps of a request."""
    terms = terms_of(what)
    return {
        "action": what.action,
        "kind": terms.kind.value,
        "modules": list(terms.modules),
        "named_users": terms.named_users,
        "maintenance_until": _iso(terms.maintenance_until),
        "last_day": _iso(terms.last_day),
        "serial": what.serial,
        "replaces": what.replaces,
        "reason": what.reason,
    }


def _close(
    session: Session,
    found: LicenseRequest,
    state: RequestState,
    *,
    reason: str | None,
    at: datetime,
    actor: Identity,
) -> LicenseRequest:
    require_reason(reason)
    require_step(found, state)
    found.state, found.reason = state, reason
    record_step(session, found, f"license.{state}", at=at, actor=actor)
    return found


def require_reason(reason: str | None) -> None:
    """Raises InvalidError for one that cannot be stored, or says nothing."""
    if reason is not None and not reason.strip():
        raise InvalidError(_("--reason: is empty"), hint=_("say why, in a few words"))
    _require_short(reason, LONGEST_REASON, "--reason")


def _require_short(text: str | None, longest: int, option: str) -> None:
    if text is not None and len(text) > longest:
        raise InvalidError(
            _("{option}: too long, {length} characters").format(option=option, length=len(text)),
            hint=_("at most {longest} characters").format(longest=longest),
        )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
