"""A chunk of signed licences enters the register: rows, states and one event, or nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Insert, Table, bindparam, column, func, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY
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


def _copying(number: ColumnElement[int], key: ColumnElement[bytes]) -> Insert:
    """The statement that enters the licence of a request; these two are its number and the key."""
    return insert(cast("Table", Record.__table__)).from_select(
        ["request_number", *_COPIED, "signed", "issued_by", "issued_at", "issued_event"],
        select(
            Request.number,
            *(getattr(Request, name) for name in _COPIED),
            key,
            bindparam("by", type_=Record.issued_by.type),
            bindparam("on", type_=Record.issued_at.type),
            bindparam("event", type_=Record.issued_event.type),
        ).where(Request.number == number),
        include_defaults=False,
    )


_NUMBER, _KEY = Request.number.type, Record.signed.type
# SQLite is quickest when it does it for each, PostgreSQL for all.
_COPY_ONE = _copying(bindparam("copied", type_=_NUMBER), bindparam("key", type_=_KEY))
_GIVEN = (
    func.unnest(bindparam("copied", type_=ARRAY(_NUMBER)), bindparam("key", type_=ARRAY(_KEY)))
    .table_valued(column("number", _NUMBER), column("key", _KEY))
    .render_derived(name="given")
)
_COPY_ALL = _copying(_GIVEN.c.number, _GIVEN.c.key)


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
    _copy(session, licenses, {"by": actor.entity_id, "on": at, "event": event.id})
    session.execute(
        update(Request)
        .where(among(Request.number, numbers))
        .values(state=RequestState.ISSUED)
        .execution_options(synchronize_session=False)
    )


def _copy(session: Session, licenses: Sequence[Signed], shared: Mapping[str, Any]) -> None:
    numbers, keys = [each.asked.number for each in licenses], [each.signed for each in licenses]
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_COPY_ALL, {"copied": numbers, "key": keys, **shared})
        return
    session.execute(
        _COPY_ONE,
        [
            {"copied": number, "key": key, **shared}
            for number, key in zip(numbers, keys, strict=True)
        ],
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
