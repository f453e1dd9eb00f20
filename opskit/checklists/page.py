"""A run as plain lines, for the terminal, a file or a mail.

A page begins like this (shortened):

P7  Patch preparation  DELEZE  2027-01-20  1/19  5 %  1 late

Opening the file
[x]  1  File opened, current and target version noted    2026-12-17
        11.9 to 12.4
[!]  2  Maintenance contract active on the patch date    2026-12-17  sales  late
        lapsed on 2026-11-04
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import assert_never

from opskit.checklists.models import Run, Step
from opskit.checklists.progress import is_late, progress
from opskit.checklists.states import SETTLED, State
from opskit.core.i18n import _, language

TEXT_WIDTH = 64  # the longest step of the templates that come with opskit
INDENT = " " * 8


def page_lines(run: Run, *, on: date) -> list[str]:
    """The whole page: one line of summary, then the phases with their steps."""
    lines = [summary(run, on=on)]
    for phase in run.phases:
        steps = [step for step in run.steps if step.phase == phase["key"]]
        if steps:
            lines += ["", in_language(phase["title"])]
            lines += [line for step in steps for line in step_lines(step, on=on)]
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


def step_lines(step: Step, *, on: date) -> Iterator[str]:
    """One line for the step, and one below for what was answered or found."""
    line = f"{mark(State(step.state))} {step.position:>2}  {in_language(step.text):<{TEXT_WIDTH}}"
    line += f"  {step.due_on.isoformat()}"
    if step.state not in SETTLED:
        line += f"  {step.owner}"
    if is_late(step, on=on):
        line += "  " + _("late")
    yield line
    for detail in _details(step):
        yield from (INDENT + _printable(line) for line in detail.splitlines())


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
