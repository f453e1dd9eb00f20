"""What every change to a run has in common: the lock, what follows from it, the event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from opskit.checklists.applying import apply_conditions
from opskit.checklists.errors import RunClosedError, SecondPersonError
from opskit.checklists.models import CANCELLED, CLOSED, OPEN, Run, Step
from opskit.checklists.states import SETTLED, Move, State, after, all_behind, derive
from opskit.checklists.templates import Gate
from opskit.core import events
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import Identity


@dataclass(frozen=True, slots=True)
class Pen:
    """Who writes into which run, when, for which ticket."""

    session: Session
    run: Run
    at: datetime
    actor: Identity
    ticket: str | None = None

    @property
    def is_own(self) -> bool:
        """Whether it is the run of whoever writes."""
        return self.actor.entity_id == self.run.prepared_by

    def lock(self, *, even_cancelled: bool = False) -> None:
        """Two people may write at once: the second one waits, then sees what the first did.

        The refresh cascades to the steps, and would drop what is not flushed yet.

        Raises:
            RunClosedError: the run was cancelled.
        """
        self.session.flush()
        self.session.refresh(self.run, with_for_update=True)
        if self.run.state == CANCELLED and not even_cancelled:
            raise run_cancelled(self.run)

    def require_open(self) -> None:
        """Raises RunClosedError where the run is closed."""
        if self.run.state == CLOSED:
            raise run_closed(self.run)

    def settle(self) -> None:
        """Block and free steps, close or open the run, as the states of its steps demand."""
        needs = needs_of(self.run)
        apply_conditions(self.run, needs)
        states = derive(states_of(self.run), needs)
        for step in self.run.steps:
            step.state = states[step.key]
            is_settled = step.state in SETTLED
            step.settled_at = (step.settled_at or self.at) if is_settled else None
        state = CLOSED if SETTLED.issuperset(states.values()) else OPEN
        if state != self.run.state:
            self.record_run("closed" if state == CLOSED else "opened")
            self.run.state = state
            self.run.ended_at = self.at if state == CLOSED else None

    def sign(self, step: Step) -> None:
        """Put the person's name under a step."""
        step.answered_by, step.answered_at = self.actor.entity_id, self.at
        step.ticket = self.ticket

    def demand_second_person(self, *, even_of_assignee: bool = False) -> None:
        """Raises SecondPersonError where it is the person's own run, or one they look after."""
        looks_after = even_of_assignee and self.actor.name == self.run.assignee
        if looks_after or self.is_own:
            raise SecondPersonError(
                _("{name} cannot decide this: {run} is their own").format(
                    name=self.actor.name, run=self.run.name
                ),
                hint=_("ask another person of the team"),
            )

    def record(
        self,
        action: str,
        step: Step,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        personal: Mapping[str, Any] | None = None,
    ) -> None:
        """Log a change of one step. Free text goes to `personal`, since people are named in it."""
        self._record(
            action, f"{self.run.name}/{step.key}", before=before, after=after, personal=personal
        )

    def record_run(
        self,
        action: str,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        personal: Mapping[str, Any] | None = None,
    ) -> None:
        """Log a change of the run itself."""
        self._record(action, self.run.name, before=before, after=after, personal=personal)

    def _record(
        self,
        action: str,
        subject: str,
        *,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
        personal: Mapping[str, Any] | None,
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


def refuse_over(run: Run) -> None:
    """Raises RunClosedError where the run is closed or cancelled."""
    if run.state == CANCELLED:
        raise run_cancelled(run)
    if run.state == CLOSED:
        raise run_closed(run)


def run_cancelled(run: Run) -> RunClosedError:
    return RunClosedError(
        _("{run} was cancelled").format(run=run.name),
        hint=_("to take it up again: {command}").format(
            command=f"opskit {run.kind} reopen {run.name} --reason TEXT"
        ),
    )


def run_closed(run: Run) -> RunClosedError:
    return RunClosedError(
        _("{run} is closed").format(run=run.name), hint=_("reopen a step to go on with it")
    )


def moved(run: Run, step: Step, move: Move) -> State:
    """The state that a move leads to.

    Raises:
        ConflictError: the step does not take it; the hint is the command that helps.
    """
    try:
        return after(State(step.state), move)
    except ConflictError as err:
        raise ConflictError(
            f"{run.name} {step.position} ({step.key}): {err.message}", hint=_way_out(run, step)
        ) from err


def _way_out(run: Run, step: Step) -> str:
    if step.state in SETTLED:
        return f"opskit {run.kind} reopen {run.name} {step.position} --reason TEXT"
    return f"opskit {run.kind} show {run.name}"


def needs_of(run: Run) -> dict[str, Sequence[str]]:
    """What every step waits for; a need that the run does not have is none."""
    of_template = run.template.content.needs
    keys = {step.key for step in run.steps}
    return {
        step.key: [need for need in of_template.get(step.key, step.asked.needs) if need in keys]
        for step in run.steps
    }


def states_of(run: Run, *, on: date | None = None) -> dict[str, State]:
    """The states of the steps; given a day, what is out of date by then counts as open."""
    lapsed = lapsed_of(run, on=on) if on else frozenset[str]()
    return {
        step.key: State.READY if step.key in lapsed else State(step.state) for step in run.steps
    }


def lapsed_of(run: Run, *, on: date) -> frozenset[str]:
    """The steps whose finding, answer for one day, or waiver no longer counts.

    Once a go is given, what it rested on has served: only what comes after it can still lapse.
    """
    stale = frozenset(step.key for step in run.steps if _is_stale(step, on=on))
    given = [s.key for s in run.steps if s.asked.gate is Gate.GO and s.state == State.DONE]
    if not (stale and given):
        return stale
    return stale & {*given, *all_behind(given[0], needs_of(run))}


def _is_stale(step: Step, *, on: date) -> bool:
    ends = {State.DONE: step.fresh_until, State.WAIVED: step.waived_until}
    end = ends.get(State(step.state))
    return end is not None and end < on
