"""How a consultant is doing, in words: pure, from the steps and the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from opskit.checklists.models import Run, Step
from opskit.checklists.page import in_language
from opskit.checklists.progress import progress
from opskit.checklists.states import SETTLED
from opskit.core.i18n import _

REVIEW = "review-"  # the keys of review steps begin so


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of the board."""

    phase: str
    done: int
    total: int
    percent: int
    late: int
    next_review: date | None
    status: str


def standing(run: Run, *, on: date) -> Standing:
    """Where a consultant stands on a day."""
    now = progress(run.steps, on=on)
    open_steps = [step for step in run.steps if step.state not in SETTLED]
    return Standing(
        phase=_phase(run, open_steps),
        done=now.done,
        total=now.total,
        percent=now.percent,
        late=now.late,
        next_review=min(
            (step.due_on for step in open_steps if step.key.startswith(REVIEW)), default=None
        ),
        status=_status(run, late=now.late, is_open=bool(open_steps), on=on),
    )


def _phase(run: Run, open_steps: Sequence[Step]) -> str:
    """The phase of the first open step."""
    if not open_steps:
        return _("finished")
    titles = {phase.key: in_language(phase.title) for phase in run.phases}
    return titles[open_steps[0].asked.phase]


def _status(run: Run, *, late: int, is_open: bool, on: date) -> str:
    if not is_open:
        return _("done")
    if late:
        return _("late ({count})").format(count=late)
    if on < run.anchor_on:
        days = (run.anchor_on - on).days
        return _("starts tomorrow") if days == 1 else _("starts in {days} days").format(days=days)
    return _("on track")
