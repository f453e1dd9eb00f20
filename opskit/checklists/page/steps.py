"""The steps on a page: their columns are as wide as the screen allows."""

import sys
from collections.abc import Iterator, Mapping, Sequence

from opskit.checklists.page.remarks import remarks
from opskit.checklists.page.text import (
    LEAST_WIDTH,
    in_language,
    name_of,
    printable_lines,
    wrapped,
)
from opskit.checklists.standing import Standing
from opskit.checklists.states import SETTLED, State
from opskit.core.i18n import _
from opskit.core.screen import Screen, Tone

TEXT_WIDTH = 64  # the longest step of the templates that come with opskit
INDENT = " " * 8  # a mark and a number
GAP = "  "
DAY_WIDTH = len("2027-01-20")
NAME_WIDTH = 12  # of whoever has a step, on a terminal
LAPSED = "[?]"
MARKS = {
    State.BLOCKED: "[~]",
    State.READY: "[ ]",
    State.DONE: "[x]",
    State.FAILED: "[!]",
    State.WAITING: "[w]",
    State.SUBMITTED: "[s]",
    State.NOT_APPLICABLE: "[-]",
    State.WAIVED: "[-]",
}
TONES = {
    State.DONE: Tone.GOOD,
    State.FAILED: Tone.BAD,
    State.WAITING: Tone.DOUBT,
    State.SUBMITTED: Tone.DOUBT,
}


class StepLines:
    """Writes the steps of one run below each other."""

    def __init__(
        self,
        screen: Screen,
        stands: Sequence[Standing],
        *,
        names: Mapping[str, str],
        sizes: Mapping[str, int],
    ) -> None:
        self._screen = screen
        self._names = names
        self._sizes = sizes
        self._star = any(each.step.is_pinned for each in stands)
        tails = [len("".join(self._tail(each))) for each in stands]
        taken = len(INDENT) + len(GAP) + DAY_WIDTH + self._star + max(tails, default=0)
        room = (screen.width or sys.maxsize) - taken
        self._text_width = max(LEAST_WIDTH, min(TEXT_WIDTH, room))

    def lines(self, stand: Standing) -> Iterator[str]:
        """One line for the step, and below it what there is to say."""
        sign = self._screen.paint(_sign(stand), _tone(stand))
        first, *rest = wrapped(in_language(stand.asked.text), self._text_width)
        whose, late = self._tail(stand)
        yield (
            f"{sign} {stand.step.position:>2}{GAP}{first:<{self._text_width}}{GAP}"
            f"{self._day(stand)}{whose}{self._screen.paint(late, Tone.BAD)}"
        ).rstrip()
        yield from (INDENT + line for line in rest)
        yield from self._below(stand)

    def next_lines(self, label: str, found: Sequence[Standing]) -> Iterator[str]:
        """`next: 5  Customisations listed  2026-12-21`, one below the other."""
        margin = len(label) + len(" 10") + len(GAP)
        room = self._screen.width and self._screen.width - margin - len(GAP) - DAY_WIDTH
        texts = [wrapped(in_language(stand.asked.text), room) for stand in found]
        widest = max(len(line) for lines in texts for line in lines)
        for stand, (first, *rest) in zip(found, texts, strict=True):
            day = self._screen.paint(
                stand.step.due_on.isoformat(), Tone.BAD if stand.is_late else None
            )
            yield f"{label} {stand.step.position:>2}{GAP}{first:<{widest}}{GAP}{day}"
            yield from (" " * margin + line for line in rest)
            label = " " * len(label)

    def _below(self, stand: Standing) -> Iterator[str]:
        width = self._screen.width and self._screen.width - len(INDENT)
        for remark in remarks(stand, names=self._names, sizes=self._sizes):
            for line in printable_lines(remark.text):
                for piece in wrapped(line, width):
                    yield INDENT + self._screen.paint(piece, remark.tone)

    def _day(self, stand: Standing) -> str:
        star = "*" if stand.step.is_pinned else " " * self._star
        return stand.step.due_on.isoformat() + star

    def _tail(self, stand: Standing) -> tuple[str, str]:
        """What follows the date of an open step: whose it is, and whether it is late."""
        late = GAP + _("late") if stand.is_late else ""
        return ("" if stand.state in SETTLED else GAP + self._owner(stand), late)

    def _owner(self, stand: Standing) -> str:
        """The person who has the step, else the role whose it is."""
        login = stand.step.assignee
        if not login:
            return stand.asked.owner
        name = name_of(login, self._names) or login
        return name if self._screen.width is None else _shortened(name)


def mark(state: State) -> str:
    """Three characters that say where a step stands."""
    return MARKS[state]


def _shortened(name: str) -> str:
    """A long name without most of the last one: `Camille P.`"""
    first, _blank, last = name.partition(" ")
    if len(name) > NAME_WIDTH and last:
        name = f"{first} {last[0]}."
    return name if len(name) <= NAME_WIDTH else name[: NAME_WIDTH - 1] + "…"


def _sign(stand: Standing) -> str:
    return LAPSED if stand.has_lapsed else mark(stand.state)


def _tone(stand: Standing) -> Tone | None:
    return Tone.BAD if stand.has_lapsed else TONES.get(stand.state)
