"""A whole file becomes a batch with its requests, or nothing of it does."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.batching.chunks import chunked
from licenses.batching.reading import AskedRow
from licenses.models import LicenseBatch, LicenseRequest
from licenses.services.requests import ASKING, REQUESTED, row_of
from opskit.core import events
from opskit.core.identity import Identity, require_role
from opskit.core.numbers import next_number, next_numbers
from opskit.core.refs import format_number

LONGEST_FILE_NAME = 200

Step = Callable[[int], None]


def known(session: Session, digest: str) -> LicenseBatch | None:
    """The batch that was made from a file with these bytes."""
    return session.scalar(select(LicenseBatch).where(LicenseBatch.digest == digest))


def ask(
    session: Session,
    *,
    rows: Sequence[AskedRow],
    digest: str,
    file_name: str,
    at: datetime,
    actor: Identity,
    step: Step = lambda _count: None,
) -> LicenseBatch:
    """Ask for all licences of a file that `checking.check` let pass.

    Raises:
        DeniedError: only sales, agents and admins ask.
        ConflictError: another transaction asks for the same file at this moment.
    """
    require_role(actor, *ASKING)
    made = LicenseBatch(
        number=next_number(session, "B"),
        digest=digest,
        file_name=file_name[-LONGEST_FILE_NAME:],
        requested_by=actor.entity_id,
        requested_at=at,
    )
    session.add(made)
    numbers = next_numbers(session, "R", len(rows))
    for part in chunked(list(zip(numbers, rows, strict=True))):
        session.add_all(_request(made, number, row, at=at, actor=actor) for number, row in part)
        events.record(
            session,
            actor=actor,
            at=at,
            action=REQUESTED,
            subject=format_number("B", made.number),
            after={
                "digest": digest,
                "requests": [format_number("R", number) for number, _row in part],
            },
        )
        step(len(part))
    return made


def _request(
    batch: LicenseBatch, number: int, asked: AskedRow, *, at: datetime, actor: Identity
) -> LicenseRequest:
    return row_of(
        asked.wish, number=number, client=asked.client, at=at, actor=actor, batch=batch.number
    )
