"""A chunk of signed licences enters the register: rows, states and one event, or nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from licenses.batching.chunks import among
from licenses.batching.signing import TERMS, Signed
from licenses.models import LicenseRecord as Record
from licenses.models import LicenseRequest as Request
from licenses.services.issuing import ISSUED, digest_of
from licenses.states import RequestState
from opskit.core import events
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.refs import format_number

# The database copies the terms from the request: nothing is read and written for it.
_COPIED = ("serial", "action", "replaces", "sequence", *TERMS)
_COPY = insert(cast("Table", Record.__table__)).from_select(
    ["request_number", *_COPIED, "signed", "issued_by", "issued_at", "issued_event"],
    select(
        Request.number,
        *(getattr(Request, name) for name in _COPIED),
        bindparam("key", type_=Record.signed.type),
        bindparam("by", type_=Record.issued_by.type),
        bindparam("on", type_=Record.issued_at.type),
        bindparam("event", type_=Record.issued_event.type),
    ).where(Request.number == bindparam("copied", type_=Request.number.type)),
    include_defaults=False,
)


def register(
    session: Session, licenses: Sequence[Signed], *, batch: int, at: datetime, actor: Identity
) -> None:
    """Enter them; only after this is committed may anybody see the keys.

    Raises:
        DeniedError: the role license-issuer is missing.
        ConflictError: somebody else issued or changed one of them meanwhile.
    """
    require_role(actor, "license-issuer")
    numbers = [each.asked.number for each in licenses]
    _require_unchanged(session, licenses, numbers, batch)
    event = events.record(
        session,
        actor=actor,
        at=at,
        action=ISSUED,
        subject=format_number("B", batch),
        after={
            "licenses": {
                format_number("L", each.asked.serial): digest_of(each.signed) for each in licenses
            }
        },
    )
    session.execute(
        _COPY,
        [
            {"copied": each.asked.number, "key": each.signed, "by": actor.entity_id}
            | {"on": at, "event": event.id}
            for each in licenses
        ],
    )
    session.execute(
        update(Request)
        .where(among(Request.number, numbers))
        .values(state=RequestState.ISSUED)
        .execution_options(synchronize_session=False)
    )


def _require_unchanged(
    session: Session, licenses: Sequence[Signed], numbers: Sequence[int], batch: int
) -> None:
    now = session.execute(
        select(Request.number, Request.state, Request.body)
        .where(among(Request.number, numbers))
        .order_by(Request.number)
        .with_for_update()
    )
    for found, each in zip(now, licenses, strict=True):
        if (found.state, found.body) != (each.asked.state, each.asked.body):
            raise ConflictError(
                _("{request} was changed meanwhile").format(
                    request=format_number("R", found.number)
                ),
                hint=f"opskit license show {format_number('B', batch)}",
            )
