"""The board of a campaign: who stands where, and where it is heading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from opskit.checklists.states import SETTLED, State
from opskit.core.i18n import _
from opskit.core.screen import Tone
from opskit.patches.campaigns.bottlenecks import Bottleneck, StepTally
from opskit.patches.campaigns.burning import Burndown
from opskit.patches.campaigns.forecasting import Forecast


class Mark(StrEnum):
    """One cell of the heat map: where one client stands at one step."""

    DONE = "x"
    LEFT_OUT = "-"
    TROUBLE = "!"
    WAITING = "w"
    READY = "."
    BLOCKED = "~"
    NONE = " "

    def in_words(self) -> str:
        """For the legend."""
        return {
            Mark.DONE: _("done"),
            Mark.LEFT_OUT: _("waived or not applicable"),
            Mark.TROUBLE: _("failed or late"),
            Mark.WAITING: _("waits for somebody"),
            Mark.READY: _("ready"),
            Mark.BLOCKED: _("blocked"),
            Mark.NONE: _("no such step"),
        }[self]


LEGEND = tuple(mark for mark in Mark if mark is not Mark.NONE)
_MARKS = {
    State.DONE: Mark.DONE,
    State.WAIVED: Mark.LEFT_OUT,
    State.NOT_APPLICABLE: Mark.LEFT_OUT,
    State.FAILED: Mark.TROUBLE,
    State.WAITING: Mark.WAITING,
    State.SUBMITTED: Mark.WAITING,
    State.READY: Mark.READY,
    State.BLOCKED: Mark.BLOCKED,
}
_TONES = {
    Mark.DONE: Tone.GOOD,
    Mark.LEFT_OUT: Tone.GOOD,
    Mark.TROUBLE: Tone.BAD,
    Mark.WAITING: Tone.DOUBT,
}


@dataclass(frozen=True, slots=True)
class Cell:
    state: str
    late: bool

    @property
    def mark(self) -> Mark:
        """A step that could be done and is late is trouble; a blocked one is somebody else's."""
        mark = _MARKS[State(self.state)]
        return Mark.TROUBLE if self.late and mark is Mark.READY else mark

    @property
    def tone(self) -> Tone | None:
        """Whatever is late is red."""
        return Tone.BAD if self.late else _TONES.get(self.mark)


@dataclass(frozen=True, slots=True)
class BoardStep:
    """A column: one step of the template, and how many clients stand where at it."""

    tally: StepTally
    states: Mapping[str, int]

    @property
    def settled(self) -> int:
        return sum(self.states.get(state, 0) for state in SETTLED)

    @property
    def clients(self) -> int:
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A row: one client. `cells` has the steps of its run by key."""

    run: str
    client: str
    on: date
    state: str
    settled: int
    steps: int
    late: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Board:
    """`lines` are the worst first, perhaps not all of them; the rest counts every client."""

    name: str
    version: str
    on: date
    clients: int
    closed: int
    cancelled: int
    steps: Sequence[BoardStep]
    lines: Sequence[BoardLine]
    burndown: Burndown
    bottlenecks: Sequence[Bottleneck]
    forecast: Forecast

    @property
    def hidden(self) -> int:
        """How many clients have no line here."""
        return self.clients - self.cancelled - len(self.lines)
