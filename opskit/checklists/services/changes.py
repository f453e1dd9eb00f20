"""What every change to a run has in common: the lock, what follows from it, the event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from opskit.checklists.models import CLOSED, OPEN, Run, Step
from opskit.checklists.states import SETTLED, State, derive
from opskit.core import events
from opskit.core.identity import Identity


@dataclass(frozen=True, slots=True)
class Pen:
    """Who writes into which run, when, for which ticket."""

    session: Session
    run: Run
    at: datetime
    actor: Identity
    ticket: str | None = None

    def lock(self) -> None:
        """Two people may write at once: the second one waits, then sees what the first did.

        The refresh cascades to the steps, and would drop what is not flushed yet.
        """
        self.session.flush()
        self.session.refresh(self.run, with_for_update=True)

    def settle(self) -> None:
        """Block and free steps, close or open the run, as the states of its steps demand."""
        states = derive(states_of(self.run), needs_of(self.run))
        for step in self.run.steps:
            step.state = states[step.key]
        state = CLOSED if SETTLED.issuperset(states.values()) else OPEN
        if state != self.run.state:
            self._record("closed" if state == CLOSED else "opened", self.run.name)
            self.run.state = state

    def sign(self, step: Step) -> None:
        """Put the person's name under a step."""
        step.answered_by, step.answered_at = self.actor.entity_id, self.at
        step.ticket = self.ticket

    def record(
        self,
        action: str,
        step: Step,
        *,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        personal: Mapping[str, Any] | None = None,
    ) -> None:
        """Log a change of one step. Free text goes to `personal`, since people are named in it."""
        self._record(
            action, f"{self.run.name}/{step.key}", before=before, after=after, personal=personal
        )

    def _record(
        self,
        action: str,
        subject: str,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        personal: Mapping[str, Any] | None = None,
    ) -> None:
        events.record(
            self.session,
            actor=self.actor,
            at=self.at,
            action=f"{self.run.kind}.{action}",
            subject=subject,
            client=self.run.client,
            ticket=self.ticket,
            before=before,
            after=after,
            personal=personal,
        )


def needs_of(run: Run) -> dict[str, list[str]]:
    return {step.key: step.needs for step in run.steps}


def states_of(run: Run, *, on: date | None = None) -> dict[str, State]:
    """The states of the steps; given a day, a finding that is out of date counts as open."""
    return {
        step.key: State.READY if on and _is_stale(step, on) else State(step.state)
        for step in run.steps
    }


def _is_stale(step: Step, on: date) -> bool:
    return step.state == State.DONE and step.fresh_until is not None and step.fresh_until < on
