"""The steps of a path, counted on a day: by the database for everybody, or from one run.

Both ways give the same; ten thousand paths of thirty-five steps are one query.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, String, and_, case, cast, func, select
from sqlalchemy.orm import Session

from opskit.checklists.counting import count_of, is_late_on, is_settled
from opskit.checklists.models import Definition, Run, Step
from opskit.checklists.progress import is_late, percent_of
from opskit.checklists.states import SETTLED, State
from opskit.checklists.templates import StepTemplate, step_of

KIND = "onboarding"
REVIEW = "review-"  # the keys of review steps begin so
SOON = timedelta(days=7)  # what is due by then and blocked is a risk
PATIENCE = timedelta(days=5)  # so long a step may wait for its signature
ORDER = 100_000  # added to a position, so that texts sort like numbers


@dataclass(frozen=True, slots=True)
class Tally:
    """What a status is made of. `first_open` and `first_late` are the steps that come first."""

    done: int
    total: int
    late: int
    stuck: int
    unsigned: int
    next_review: date | None
    first_open: StepTemplate | None
    first_late: StepTemplate | None
    late_since: date | None

    @property
    def percent(self) -> int:
        return percent_of(self.done, self.total)


def tally_of(run: Run, *, on: date) -> Tally:
    """Of one run whose steps are at hand."""
    unsettled = [step for step in run.steps if step.state not in SETTLED]
    late = sorted(
        (step for step in unsettled if is_late(step, on=on)),
        key=lambda step: (step.due_on, step.position),
    )
    reviews = [step.due_on for step in unsettled if step.key.startswith(REVIEW)]
    return Tally(
        done=len(run.steps) - len(unsettled),
        total=len(run.steps),
        late=len(late),
        stuck=sum(
            step.state == State.BLOCKED and on <= step.due_on <= on + SOON for step in unsettled
        ),
        unsigned=sum(
            step.state == State.SUBMITTED
            and step.answered_at is not None
            and step.answered_at < _patient_until(on)
            for step in unsettled
        ),
        next_review=min(reviews, default=None),
        first_open=min(unsettled, key=lambda step: step.position).asked if unsettled else None,
        first_late=late[0].asked if late else None,
        late_since=late[0].due_on if late else None,
    )


def tallies(
    session: Session, *, on: date, run_ids: Iterable[int] | None = None
) -> dict[int, Tally]:
    """Of every path, or of these, by the id of the run."""
    counted = (
        select(Step.run_id, *_counts(on))
        .join(Run, Run.id == Step.run_id)
        .where(Run.kind == KIND, Step.dropped_at.is_(None))
        .group_by(Step.run_id)
    )
    if run_ids is not None:
        counted = counted.where(Step.run_id.in_(list(run_ids)))
    rows = session.execute(counted).all()
    asked = _asked(session, rows)
    return {row.run_id: _tally(row, asked) for row in rows}


def _counts(on: date) -> Sequence[ColumnElement[Any]]:
    """A date and the digest behind it stand in one text, whose least one is the first step."""
    is_open, is_behind = ~is_settled(), is_late_on(on)
    place = cast(Step.position + ORDER, String)
    day = cast(Step.due_on, String)
    due_soon = Step.due_on.between(on, on + SOON)
    is_unsigned = and_(Step.state == State.SUBMITTED, Step.answered_at < _patient_until(on))
    return (
        func.count().label("total"),
        count_of(is_settled()).label("done"),
        count_of(is_behind).label("late"),
        count_of(and_(Step.state == State.BLOCKED, due_soon)).label("stuck"),
        count_of(is_unsigned).label("unsigned"),
        func.min(case((and_(is_open, Step.key.startswith(REVIEW)), Step.due_on))).label("review"),
        func.min(case((is_open, place + Step.digest))).label("first_open"),
        func.min(case((is_behind, day + place + Step.digest))).label("first_late"),
    )


def _patient_until(on: date) -> datetime:
    """The moment before which a signature was asked for too long ago."""
    return datetime.combine(on - PATIENCE, time(), tzinfo=UTC)


def _asked(session: Session, rows: Sequence[Row[Any]]) -> dict[str, StepTemplate]:
    """What the first steps ask, by digest: everybody's together are few."""
    digests = {row.first_open[-64:] for row in rows if row.first_open}
    digests |= {row.first_late[-64:] for row in rows if row.first_late}
    found = session.execute(
        select(Definition.digest, Definition.body).where(Definition.digest.in_(digests))
    )
    return {digest: step_of(body) for digest, body in found}


def _tally(row: Row[Any], asked: Mapping[str, StepTemplate]) -> Tally:
    return Tally(
        done=row.done,
        total=row.total,
        late=row.late,
        stuck=row.stuck,
        unsigned=row.unsigned,
        next_review=row.review,
        first_open=asked[row.first_open[-64:]] if row.first_open else None,
        first_late=asked[row.first_late[-64:]] if row.first_late else None,
        late_since=date.fromisoformat(row.first_late[:10]) if row.first_late else None,
    )
