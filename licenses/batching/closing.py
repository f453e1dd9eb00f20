"""A whole batch is refused or taken back: what of it is not issued yet."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from licenses.batching.chunks import chunked
from licenses.batching.output import names
from licenses.batching.standing import Standing, numbers_of, standing
from licenses.models import LicenseRequest
from licenses.services.requests import require_reason, require_withdrawer
from licenses.states import OPEN, RequestState
from opskit.core import events
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role


def reject(
    session: Session, *, number: int, reason: str, at: datetime, actor: Identity
) -> Standing:
    """Refuse every open request of a batch, for a reason that its requester can read.

    Raises:
        DeniedError: the role license-issuer is missing.
        NotFoundError, ConflictError: there is no such batch, or none of its requests is open.
    """
    require_role(actor, "license-issuer")
    found = standing(session, number)
    return _close(session, found, RequestState.REJECTED, reason=reason, at=at, actor=actor)


def withdraw(
    session: Session, *, number: int, reason: str | None, at: datetime, actor: Identity
) -> Standing:
    """Take every open request of a batch back.

    Raises:
        DeniedError: it is somebody else's, and the person is neither sales nor admin.
        NotFoundError, ConflictError: as `reject`.
    """
    found = standing(session, number)
    require_withdrawer(found.name, found.batch.requested_by, actor=actor)
    return _close(session, found, RequestState.WITHDRAWN, reason=reason, at=at, actor=actor)


def _close(
    session: Session,
    found: Standing,
    state: RequestState,
    *,
    reason: str | None,
    at: datetime,
    actor: Identity,
) -> Standing:
    require_reason(reason)
    numbers = numbers_of(session, found.batch.number, OPEN, lock=True)
    if not numbers:
        raise ConflictError(
            _("no request of {batch} is open any more").format(batch=found.name),
            hint=f"opskit license show {found.name}",
        )
    for part in chunked(numbers):
        session.execute(
            update(LicenseRequest)
            .where(LicenseRequest.number.in_(part))
            .values(state=state, reason=reason)
        )
        events.record(
            session,
            actor=actor,
            at=at,
            action=f"license.{state}",
            subject=found.name,
            after={"reason": reason, "requests": names(part)},
        )
    return standing(session, found.batch.number)
