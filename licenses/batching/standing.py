"""A batch and how far its requests are; a killed run is told from nothing else."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licenses.models import LicenseBatch, LicenseRequest
from licenses.payload import LicenseKind
from licenses.states import OPEN, RequestState
from opskit.core.errors import ConflictError, NotFoundError
from opskit.core.i18n import _
from opskit.core.refs import format_number


@dataclass(frozen=True, slots=True)
class Standing:
    """The batch and how many of its requests are in which state."""

    batch: LicenseBatch
    states: Mapping[RequestState, int]

    @property
    def name(self) -> str:
        return format_number("B", self.batch.number)

    @property
    def total(self) -> int:
        return sum(self.states.values())

    def count(self, states: Collection[RequestState]) -> int:
        return sum(self.states.get(state, 0) for state in states)


def standing(session: Session, number: int) -> Standing:
    """Raises NotFoundError where there is no such batch."""
    batch = session.get(LicenseBatch, number)
    if batch is None:
        raise NotFoundError(
            _("there is no batch {number}").format(number=format_number("B", number)),
            hint="opskit license list --batches",
        )
    counted = session.execute(
        select(LicenseRequest.state, func.count())
        .where(LicenseRequest.batch == number)
        .group_by(LicenseRequest.state)
    )
    states = {RequestState(state): count for state, count in counted}
    return Standing(batch, {state: states[state] for state in RequestState if state in states})


def newest(session: Session, *, limit: int) -> list[Standing]:
    """The newest batches, each with how far it is."""
    query = select(LicenseBatch.number).order_by(LicenseBatch.number.desc()).limit(limit)
    return [standing(session, number) for number in session.scalars(query)]


def open_batches(session: Session, *, limit: int) -> list[int]:
    """The newest batches of which a request is neither issued nor closed."""
    query = select(LicenseRequest.batch).where(
        LicenseRequest.batch.is_not(None), LicenseRequest.state.in_(sorted(OPEN))
    )
    newest = query.distinct().order_by(LicenseRequest.batch.desc()).limit(limit)
    return [each for each in session.scalars(newest) if each is not None]


def require_waiting(found: Standing) -> int:
    """How many requests of the batch wait for their approval.

    Raises:
        ConflictError: none does.
    """
    waiting = found.count({RequestState.REQUESTED})
    if not waiting:
        raise ConflictError(
            _("no request of {batch} waits for its approval").format(batch=found.name),
            hint=f"opskit license show {found.name}",
        )
    return waiting


def kinds_of(session: Session, number: int) -> Counter[LicenseKind]:
    """How many licences of which kind a batch asks for."""
    counted = session.execute(
        select(LicenseRequest.kind, func.count())
        .where(LicenseRequest.batch == number)
        .group_by(LicenseRequest.kind)
    )
    return Counter({LicenseKind(kind): count for kind, count in counted})


def numbers_of(
    session: Session,
    number: int,
    states: Collection[RequestState],
    *,
    kinds: Collection[LicenseKind] = tuple(LicenseKind),
    lock: bool = False,
) -> list[int]:
    """The requests of a batch in these states, in the order of the file."""
    query = (
        select(LicenseRequest.number)
        .where(LicenseRequest.batch == number)
        .where(LicenseRequest.state.in_(states), LicenseRequest.kind.in_(kinds))
        .order_by(LicenseRequest.number)
    )
    return list(session.scalars(query.with_for_update() if lock else query))
