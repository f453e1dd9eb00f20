"""What is due this week on a path: the newcomer's own steps first, then those of the others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from onboarding.names import NEWCOMER
from opskit.checklists.models import Run
from opskit.checklists.page import in_language, mark
from opskit.checklists.page.text import wrapped
from opskit.checklists.standing import Standing, standings
from opskit.checklists.states import SETTLED
from opskit.core.i18n import _, colon
from opskit.core.screen import PAPER, Screen, Tone

FRIDAY = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Week:
    """Open steps that are due until Friday, the late ones among them, by their dates.

    `following` is the newcomer's next step after that, where nothing is due.
    """

    first: date
    last: date
    own: tuple[Standing, ...]
    others: tuple[Standing, ...]
    following: Standing | None


def week_of(run: Run, *, login: str, on: date) -> Week:
    """The week of that day, from Monday to Friday; on a weekend the one before it."""
    first = on - timedelta(days=on.weekday())
    last = first + FRIDAY
    open_steps = sorted(
        (each for each in standings(run, on=on) if each.state not in SETTLED),
        key=lambda each: (each.step.due_on, each.step.position),
    )
    due = [each for each in open_steps if each.step.due_on <= last]
    later = [each for each in open_steps if each.step.due_on > last and _is_own(each, login)]
    return Week(
        first=first,
        last=last,
        own=tuple(each for each in due if _is_own(each, login)),
        others=tuple(each for each in due if not _is_own(each, login)),
        following=later[0] if later else None,
    )


def week_lines(week: Week, *, names: Mapping[str, str], screen: Screen = PAPER) -> list[str]:
    """The week in lines: what the newcomer does, then what others do."""
    title = _("This week, {first} to {last}").format(first=week.first, last=week.last)
    lines = [screen.paint(title, Tone.HEADING)]
    if week.own:
        lines += _steps(week.own, screen, names, with_owner=False)
    elif week.following is None:
        lines.append(_("nothing is left to do"))
    else:
        step = week.following
        told = _("nothing is due; next on {day}").format(day=step.step.due_on)
        lines.append(f"{colon(told)} {step.step.position}  {in_language(step.asked.text)}")
    if week.others:
        lines += ["", screen.paint(_("From others until then"), Tone.HEADING)]
        lines += _steps(week.others, screen, names, with_owner=True)
    return lines


def _is_own(stand: Standing, login: str) -> bool:
    """A step is the newcomer's by its owner, unless it was given to somebody else."""
    given = stand.step.assignee
    return given == login if given else stand.asked.owner == NEWCOMER


def _steps(
    stands: Sequence[Standing], screen: Screen, names: Mapping[str, str], *, with_owner: bool
) -> Iterator[str]:
    for stand in stands:
        step = stand.step
        about = [step.due_on.isoformat()]
        if with_owner:
            given = step.assignee
            about.append(names.get(given, given) if given else stand.asked.owner)
        if stand.is_late:
            about.append(_("late"))
        if stand.waits_for:
            numbers = ", ".join(str(each.position) for each in stand.waits_for)
            about.append(_("after {numbers}").format(numbers=numbers))
        text = f"{in_language(stand.asked.text)} ({', '.join(about)})"
        first, *rest = wrapped(text, screen.width and screen.width - 8)
        tone = Tone.BAD if stand.is_late else None
        yield f"{mark(stand.state)} {step.position:>2}  {screen.paint(first, tone)}"
        yield from (f"        {screen.paint(line, tone)}" for line in rest)
