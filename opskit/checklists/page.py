"""A run as plain lines, for the terminal, a file or a mail.

A page begins like this (shortened):

P7  Patch preparation  DELEZE  2027-01-20  1/19  5 %  1 late

Opening the file
[x]  1  File opened, current and target version noted    2026-12-17
        11.9 to 12.4
[!]  2  Maintenance contract active on the patch date    2026-12-17  sales  late
        lapsed on 2026-11-04
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from textwrap import wrap
from typing import assert_never

from opskit.checklists.models import Run, Step
from opskit.checklists.progress import is_late, progress
from opskit.checklists.states import SETTLED, State
from opskit.core.i18n import _, language
from opskit.core.screen import PAPER, Screen, Tone

TEXT_WIDTH = 64  # the longest step of the templates that come with opskit
LEAST_WIDTH = 20  # a narrower terminal breaks the lines itself
INDENT = " " * 8
TONES = {State.DONE: Tone.GOOD, State.FAILED: Tone.BAD}
DUE_WIDTH = 12  # two spaces and the date


def page_lines(run: Run, *, on: date, screen: Screen = PAPER) -> list[str]:
    """The whole page: one line of summary, then the phases with their steps."""
    paper = _Paper(screen, run.steps, on)
    lines = _wrapped(summary(run, on=on), screen.width)
    for phase in run.phases:
        steps = [step for step in run.steps if step.phase == phase["key"]]
        if steps:
            lines += ["", screen.paint(in_language(phase["title"]), Tone.HEADING)]
            lines += [line for step in steps for line in paper.step_lines(step)]
    return lines


def summary(run: Run, *, on: date) -> str:
    """Number, title, subject, anchor date and progress."""
    now = progress(run.steps, on=on)
    parts = [
        run.name,
        in_language(run.title),
        run.subject,
        run.anchor_on.isoformat(),
        f"{now.done}/{now.total}",
        f"{now.percent} %",
    ]
    if now.late:
        parts.append(_("{count} late").format(count=now.late))
    return "  ".join(parts)


class _Paper:
    """Where the lines of the steps are written: their texts are as wide as the screen allows."""

    def __init__(self, screen: Screen, steps: Sequence[Step], on: date) -> None:
        self._screen = screen
        self._on = on
        tails = [len(text) for step in steps for text in ["".join(self._tail(step))]]
        room = (screen.width or sys.maxsize) - len(INDENT) - DUE_WIDTH - max(tails, default=0)
        self._text_width = max(LEAST_WIDTH, min(TEXT_WIDTH, room))

    def step_lines(self, step: Step) -> Iterator[str]:
        """One line for the step, and one below for what was answered or found."""
        state = State(step.state)
        sign = self._screen.paint(mark(state), TONES.get(state))
        first, *rest = _wrapped(in_language(step.text), self._text_width)
        owner, late = self._tail(step)
        yield (
            f"{sign} {step.position:>2}  {first:<{self._text_width}}  {step.due_on.isoformat()}"
            f"{owner}{self._screen.paint(late, Tone.BAD)}"
        )
        yield from (INDENT + line for line in rest)
        width = self._screen.width and max(LEAST_WIDTH, self._screen.width - len(INDENT))
        for detail in _details(step):
            for line in detail.splitlines():
                yield from (INDENT + piece for piece in _wrapped(_printable(line), width))

    def _tail(self, step: Step) -> tuple[str, str]:
        """What follows the date of an open step: whose it is, and whether it is late."""
        return (
            "" if step.state in SETTLED else f"  {step.owner}",
            "  " + _("late") if is_late(step, on=self._on) else "",
        )


def mark(state: State) -> str:
    """Three characters that say where a step stands."""
    match state:
        case State.DONE:
            return "[x]"
        case State.READY:
            return "[ ]"
        case State.FAILED:
            return "[!]"
        case State.BLOCKED:
            return "[~]"
        case State.WAIVED | State.NOT_APPLICABLE:
            return "[-]"
        case _:
            assert_never(state)


def in_language(words: Mapping[str, str]) -> str:
    """The text in the person's language, else in English."""
    return words.get(language(), words["en"])


def _wrapped(text: str, width: int | None) -> list[str]:
    return [text] if width is None else (wrap(text, width, break_on_hyphens=False) or [""])


def _printable(text: str) -> str:
    # An answer may come from anywhere; it must not move the cursor or colour the terminal.
    return "".join(char if char.isprintable() else "?" for char in text)


def _details(step: Step) -> Iterator[str]:
    if step.state == State.WAIVED:
        yield _("waived: {reason}").format(reason=step.answer)
    elif step.state == State.NOT_APPLICABLE:
        yield _("not applicable: {reason}").format(reason=step.answer)
    else:
        if step.answer:
            yield step.answer
        if step.proof:
            yield step.proof
