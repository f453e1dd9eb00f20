"""How every step of a run stands on a day: what pages, papers and tables are made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from opskit.checklists.models import OPEN, Run, Step
from opskit.checklists.progress import is_late
from opskit.checklists.services.changes import lapsed_of, needs_of, states_of
from opskit.checklists.states import State, blockers
from opskit.checklists.templates import Phase, StepTemplate

UNTOUCHED = frozenset({State.BLOCKED, State.READY})
NEXT = 3  # things to do, as many as one keeps in mind


@dataclass(frozen=True, slots=True)
class Standing:
    """One step on a day.

    It has lapsed when it was settled by something that no longer counts. `waits_for` are the
    unsettled steps that keep it from being begun, the nearest first.
    """

    step: Step
    asked: StepTemplate
    state: State
    is_late: bool
    has_lapsed: bool
    needs: tuple[str, ...]
    waits_for: tuple[Step, ...]

    def is_to_be_done(self, *, on: date) -> bool:
        """Whether somebody of the team can do something about it now."""
        match self.state:
            case State.READY | State.FAILED:
                return not self.waits_for
            case State.WAITING:
                return self.step.nudge_on is not None and self.step.nudge_on <= on
            case _:
                return self.has_lapsed


def standings(run: Run, *, on: date) -> list[Standing]:
    """The steps in their order."""
    needs, states = needs_of(run), states_of(run, on=on)
    steps = {step.key: step for step in run.steps}
    is_open = run.state == OPEN
    lapsed = lapsed_of(run, on=on) if is_open else frozenset[str]()

    def waits_for(step: Step) -> tuple[Step, ...]:
        if step.state not in UNTOUCHED:
            return ()
        return tuple(steps[key] for key in blockers(step.key, states, needs))

    return [
        Standing(
            step=step,
            asked=step.asked,
            state=State(step.state),
            is_late=is_open and is_late(step, on=on),
            has_lapsed=step.key in lapsed,
            needs=tuple(needs[step.key]),
            waits_for=waits_for(step),
        )
        for step in run.steps
    ]


def by_phase(run: Run, stands: Sequence[Standing]) -> list[tuple[Phase, list[Standing]]]:
    """The phases that have steps, in their order."""
    found = [
        (phase, [each for each in stands if each.asked.phase == phase.key]) for phase in run.phases
    ]
    return [(phase, steps) for phase, steps in found if steps]


def next_to_do(stands: Iterable[Standing], *, on: date) -> list[Standing]:
    """What to begin with: the first due, at most three."""
    ready = [each for each in stands if each.is_to_be_done(on=on)]
    return sorted(ready, key=lambda each: (each.step.due_on, each.step.position))[:NEXT]
