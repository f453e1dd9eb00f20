"""A run as plain lines, for the terminal, a file or a mail.

A page begins like this (shortened):

P7  Patch preparation  DELEZE  2027-01-20  1/19  5 %  1 late  Camille Perret

next: 2  Maintenance contract active on the patch date    2026-12-17

Opening the file
[x]  1  File opened, current and target version noted    2026-12-17
        11.9 to 12.4 (Bob Rey, 2026-12-16 09:12, CS-1003)
[!]  2  Maintenance contract active on the patch date    2026-12-17  sales  late
        lapsed on 2026-11-04 (checked 2026-12-18 07:30)
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from opskit.checklists.models import OPEN, Comment, Decision, Run
from opskit.checklists.page.remarks import comment_in_words, decision_in_words
from opskit.checklists.page.steps import TEXT_WIDTH, StepLines, mark
from opskit.checklists.page.text import (
    NOBODY,
    in_language,
    name_of,
    printable,
    printable_lines,
    wrapped,
)
from opskit.checklists.progress import progress
from opskit.checklists.services.deciding import GO
from opskit.checklists.standing import Standing, by_phase, next_to_do, standings
from opskit.checklists.templates import Mode, Phase
from opskit.core.i18n import _, colon
from opskit.core.screen import PAPER, Screen, Tone
from opskit.core.words import in_words

__all__ = ["TEXT_WIDTH", "in_language", "mark", "page_lines", "summary"]


def page_lines(
    run: Run,
    *,
    on: date,
    screen: Screen = PAPER,
    names: Mapping[str, str] = NOBODY,
    comments: Sequence[Comment] = (),
    decision: Decision | None = None,
    sizes: Mapping[str, int] = {},
) -> list[str]:
    """The whole page: summary, decision, what comes next, the phases with their steps, comments.

    `names` are people's by entity and by login, `sizes` those of files by digest, in bytes.
    """
    stands = standings(run, on=on)
    steps = StepLines(screen, stands, names=names, sizes=sizes)
    lines = wrapped(summary(run, on=on, names=names), screen.width)
    if decision is not None:
        lines += _decision(decision, names, screen)
    if run.state == OPEN:
        lines += _next(steps, next_to_do(stands, on=on))
    for phase, of_phase in by_phase(run, stands):
        lines += ["", *_heading(phase, screen)]
        lines += [line for each in of_phase for line in steps.lines(each)]
    if any(each.step.is_pinned for each in stands):
        lines += ["", _("* a date that was set by hand")]
    if comments:
        lines += ["", screen.paint(_("Comments"), Tone.HEADING)]
        lines += [line for each in comments for line in _comment(each, run, names, screen)]
    return lines


def summary(run: Run, *, on: date, names: Mapping[str, str] = NOBODY) -> str:
    """Number, title, subject, anchor date, progress, and who looks after it."""
    now = progress(run.steps, on=on)
    parts = [
        run.name,
        in_language(run.title),
        printable(run.subject),
        run.anchor_on.isoformat(),
        f"{now.done}/{now.total}",
        f"{now.percent} %",
    ]
    if run.state != OPEN:
        parts.append(in_words(run.state))
    elif now.late:
        parts.append(_("{count} late").format(count=now.late))
    if run.assignee:
        parts.append(name_of(run.assignee, names) or run.assignee)
    return "  ".join(parts)


def _heading(phase: Phase, screen: Screen) -> list[str]:
    title = in_language(phase.title)
    if phase.mode is Mode.READ_DO:
        title = _("{phase} (one after the other: read, then do)").format(phase=title)
    return [screen.paint(line, Tone.HEADING) for line in wrapped(title, screen.width)]


def _next(steps: StepLines, found: Sequence[Standing]) -> Iterator[str]:
    if found:
        yield ""
        yield from steps.next_lines(colon(_("next")), found)


def _decision(decision: Decision, names: Mapping[str, str], screen: Screen) -> list[str]:
    tone = Tone.GOOD if decision.decision == GO else Tone.BAD
    text = decision_in_words(decision, names)
    pieces = [piece for line in printable_lines(text) for piece in wrapped(line, screen.width)]
    return [screen.paint(piece, tone) for piece in pieces]


def _comment(comment: Comment, run: Run, names: Mapping[str, str], screen: Screen) -> Iterator[str]:
    for line in printable_lines(comment_in_words(comment, run, names)):
        yield from wrapped(line, screen.width)
