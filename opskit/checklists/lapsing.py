"""Steps that were settled by something that no longer counts, and what that blocks.

Nobody has to touch a run for that: it is worked out from what is stored, for many runs at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased

from opskit.checklists.models import OPEN, Definition, PublishedTemplate, Run, Step
from opskit.checklists.states import Needs, State, derive
from opskit.checklists.templates import step_of, template_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def has_lapsed(today: date) -> ColumnElement[bool]:
    """As `changes.lapsed_of` has it of one run; of what comes after a go nothing is asked for."""
    is_stale = or_(
        and_(Step.state == State.DONE.value, Step.fresh_until < today),
        and_(Step.state == State.WAIVED.value, Step.waived_until < today),
    )
    return and_(is_stale, ~_has_its_go())


def _has_its_go() -> ColumnElement[bool]:
    """Whether the go of the step's run is given: what it rested on has served."""
    other = aliased(Step)
    gates = select(Definition.digest).where(Definition.body.contains('"gate":"go"'))
    return (
        select(other.key)
        .where(other.run_id == Step.run_id, other.dropped_at.is_(None))
        .where(other.state == State.DONE.value, other.digest.in_(gates))
        .exists()
    )


@dataclass(slots=True)
class _Stand:
    """One run: the states of its steps as they count today, and what each waits for."""

    of_template: Needs
    states: dict[str, State] = field(default_factory=dict)
    own_needs: dict[str, Sequence[str]] = field(default_factory=dict)

    def blocked(self) -> Iterator[str]:
        needs = {
            key: [need for need in self.of_template.get(key, own) if need in self.states]
            for key, own in self.own_needs.items()
        }
        states = derive(self.states, needs).items()
        return (key for key, state in states if state is State.BLOCKED)


def blocked_by_now(session: "Session", *, kind: str, today: date) -> set[tuple[int, str]]:
    """The run and key of the steps that are stored as ready, and rest on what has lapsed."""
    of_templates = _needs_of_templates(session, kind)
    runs: dict[int, _Stand] = {}
    for row in session.execute(_steps_beside_lapsed(kind, today)):
        run = runs.setdefault(row.run_id, _Stand(of_templates[row.template_digest]))
        run.states[row.key] = State.READY if row.has_lapsed else State(row.state)
        run.own_needs[row.key] = step_of(row.body).needs
    return {(number, key) for number, run in runs.items() for key in run.blocked()}


def _steps_beside_lapsed(kind: str, today: date) -> Select[int, str, str, bool, str, str]:
    """Every step of the open runs of which one has lapsed."""
    lapsed = has_lapsed(today)
    affected = select(Step.run_id).where(lapsed, Step.dropped_at.is_(None))
    return (
        select(
            *(Step.run_id, Step.key, Step.state, lapsed.label("has_lapsed")),
            *(Definition.body, Run.template_digest),
        )
        .join(Run, Run.id == Step.run_id)
        .join(Definition, Definition.digest == Step.digest)
        .where(Run.kind == kind, Run.state == OPEN, Run.id.in_(affected))
        .where(Step.dropped_at.is_(None))
    )


def _needs_of_templates(session: "Session", kind: str) -> Mapping[str, Needs]:
    """By the digest of the template, for those that an open run pins."""
    pinned = select(Run.template_digest).where(Run.kind == kind, Run.state == OPEN)
    query = select(PublishedTemplate.digest, PublishedTemplate.body)
    found = session.execute(query.where(PublishedTemplate.digest.in_(pinned)))
    return {digest: template_of(body).needs for digest, body in found}
