"""A path along the calendar: when each step was due, and when it was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from onboarding.boards.tallies import REVIEW
from onboarding.charts.drawing import (
    ALARM,
    AMBER,
    FAINT,
    INK,
    LINE,
    Format,
    heading,
    height_of,
    page,
    remark,
    saved,
    shortened,
)
from onboarding.charts.scale import marks, whole_months
from opskit.checklists.models import Run
from opskit.checklists.page import in_language
from opskit.checklists.progress import is_late
from opskit.checklists.states import SETTLED
from opskit.core.i18n import _
from opskit.core.screen import Screen, Tone

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEAD, ROW = 1.3, 0.19  # inches
MOST_MARKS = 9  # under the picture
LEAST_BAR = 22  # columns of a terminal: two days
LONGEST_LABEL, LEAST_LABEL = 34, 12


class Mark(StrEnum):
    """How a step looks."""

    DONE = "done"
    DONE_LATE = "done-late"
    OPEN = "open"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Bar:
    """One step: due on a day, done on a day or not yet."""

    key: str
    phase: str
    text: str
    due_on: date
    done_on: date | None
    mark: Mark

    @property
    def is_review(self) -> bool:
        return self.key.startswith(REVIEW)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Steps in their order; `on` is the day from which they are seen."""

    title: str
    on: date
    start_on: date
    bars: Sequence[Bar]

    @property
    def first(self) -> date:
        return min(self._days())

    @property
    def last(self) -> date:
        return max(self._days())

    def _days(self) -> list[date]:
        """What is late reaches to today."""
        done = [each.done_on for each in self.bars if each.done_on is not None]
        late = [self.on for each in self.bars if each.mark is Mark.LATE]
        return [self.start_on, *(each.due_on for each in self.bars), *done, *late]


def timeline(run: Run, *, on: date) -> Timeline:
    """The steps of a path, phase by phase; what was put in later stands where it is due."""
    titles = {phase.key: in_language(phase.title) for phase in run.phases}
    places = {key: at for at, key in enumerate(titles)}
    ordered = sorted(
        run.steps, key=lambda step: (places.get(step.asked.phase, len(places)), step.due_on)
    )
    bars = []
    for step in ordered:
        done_on = None
        if step.state in SETTLED and step.settled_at is not None:
            done_on = step.settled_at.astimezone().date()
        asked = step.asked
        bars.append(
            Bar(
                key=step.key,
                phase=titles.get(asked.phase, asked.phase),
                text=in_language(asked.text),
                due_on=step.due_on,
                done_on=done_on,
                mark=_mark(
                    is_done=step.state in SETTLED,
                    was_late=done_on is not None and done_on > step.due_on,
                    late=is_late(step, on=on),
                ),
            )
        )
    title = _("{name}: {path}, {on}").format(name=run.subject, path=in_language(run.title), on=on)
    return Timeline(title, on, run.anchor_on, bars)


def _mark(*, is_done: bool, was_late: bool, late: bool) -> Mark:
    if is_done:
        return Mark.DONE_LATE if was_late else Mark.DONE
    return Mark.LATE if late else Mark.OPEN


def picture(shown: Timeline, form: Format) -> bytes:
    """SVG or PNG, readable on an A4 page."""
    with page(shown.title, height_of(len(shown.bars), head=HEAD, row=ROW)) as figure:
        axes = figure.add_subplot()
        _draw_phases(axes, shown.bars)
        _draw_steps(axes, shown.bars, shown.on)
        _draw_days(axes, shown)
        if not shown.bars:
            remark(axes, _("the path has no steps"))
        _add_legend(figure)
        return saved(figure, form)


def _draw_phases(axes: "Axes", bars: Sequence[Bar]) -> None:
    """Every second phase on a tint, its name at the right."""
    begin = 0
    for number, name in enumerate(dict.fromkeys(bar.phase for bar in bars)):
        count = sum(bar.phase == name for bar in bars)
        if number % 2 == 0:
            axes.axhspan(begin - 0.5, begin + count - 0.5, color="#eef2f7", linewidth=0)
        axes.annotate(
            name,
            (1, begin + (count - 1) / 2),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=6.5,
            color=INK,
        )
        begin += count


def _draw_steps(axes: "Axes", bars: Sequence[Bar], on: date) -> None:
    """From the due day to the day when it was done, or until today while it is late."""
    for row, bar in enumerate(bars):
        due = bar.due_on.toordinal()
        end = on if bar.mark is Mark.LATE else bar.done_on
        if end is not None and end > bar.due_on:
            axes.hlines(row, due, end.toordinal(), color=ALARM, linewidth=1.6)
        elif end is not None and end < bar.due_on:
            axes.hlines(row, end.toordinal(), due, color=LINE, linewidth=1.2)
        shape = "D" if bar.is_review else "o"
        edge = ALARM if bar.mark is Mark.LATE else FAINT
        axes.plot([due], [row], marker=shape, ms=4.5, mfc="#ffffff", mec=edge, zorder=3)
        if bar.mark in {Mark.DONE, Mark.DONE_LATE}:
            place = (bar.done_on or bar.due_on).toordinal()
            colour = INK if bar.mark is Mark.DONE else AMBER
            axes.plot([place], [row], marker=shape, markersize=4.5, color=colour, zorder=4)
    names = [shortened(bar.text) for bar in bars]
    axes.set_yticks(range(len(bars)), names, fontsize=6)
    axes.invert_yaxis()
    axes.margins(y=0.01)


def _draw_days(axes: "Axes", shown: Timeline) -> None:
    """The calendar's marks, the first day of work, and today."""
    axes.axvline(shown.start_on.toordinal(), color=FAINT, linewidth=0.8, linestyle=":")
    if shown.first <= shown.on <= shown.last + timedelta(days=31):
        axes.axvline(shown.on.toordinal(), color=ALARM, linewidth=0.8)
    named = {day.toordinal(): name for day, name in marks(shown.first, shown.last, most=MOST_MARKS)}
    axes.set_xticks(list(named), list(named.values()), fontsize=6)
    axes.set_xlim(*(day.toordinal() for day in whole_months(shown.first, shown.last)))
    axes.grid(axis="x", color=LINE, linewidth=0.3)
    axes.tick_params(length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    heading(axes, _("Steps by the day on which they are due"))


def _add_legend(figure: "Figure") -> None:
    from matplotlib.lines import Line2D

    looks: Mapping[str, tuple[str, str, str]] = {
        _("due"): ("o", "#ffffff", FAINT),
        _("late"): ("o", "#ffffff", ALARM),
        _("done in time"): ("o", INK, INK),
        _("done late"): ("o", AMBER, AMBER),
        _("review"): ("D", "#ffffff", FAINT),
    }
    handles = [
        Line2D([], [], linestyle="", marker=shape, mfc=inner, mec=outer, ms=5, label=label)
        for label, (shape, inner, outer) in looks.items()
    ]
    handles += [
        Line2D([], [], color=ALARM, linewidth=0.8, label=_("today")),
        Line2D([], [], color=FAINT, linewidth=0.8, linestyle=":", label=_("first day")),
    ]
    figure.legend(
        handles=handles, loc="outside lower center", ncols=len(handles), frameon=False, fontsize=6.5
    )


def terminal_lines(shown: Timeline, screen: Screen) -> list[str]:
    """A line a step, scaled to the terminal; in a pipe key, due day, done day and mark."""
    if screen.width is None:
        return [
            f"{bar.key}\t{bar.due_on}\t{bar.done_on or ''}\t{bar.mark.value}" for bar in shown.bars
        ]
    most = max(LEAST_LABEL, min(LONGEST_LABEL, screen.width - LEAST_BAR - 2))
    wide = max((min(len(bar.text), most) for bar in shown.bars), default=0)
    room = max(LEAST_BAR, screen.width - wide - 2)
    lines = [screen.paint(shown.title, Tone.HEADING)]
    lines.append(f"{'':<{wide}}  {shown.first}{shown.last!s:>{room - len('2027-01-01')}}")
    phase = ""
    for bar in shown.bars:
        if bar.phase != phase:
            phase = bar.phase
            lines.append(screen.paint(phase, Tone.HEADING))
        text = bar.text if len(bar.text) <= wide else f"{bar.text[: wide - 1]}…"
        lines.append(f"{text:<{wide}}  {_ruled(bar, shown, room, screen)}".rstrip())
    lines.append(_("○ due  ● done  ! late  | today"))
    return lines


def _ruled(bar: Bar, shown: Timeline, room: int, screen: Screen) -> str:
    """The step on the scale from the first to the last day."""
    cells = [" "] * room
    if shown.first <= shown.on <= shown.last:
        cells[_place(shown.on, shown, room)] = "|"
    cells[_place(bar.due_on, shown, room)] = "!" if bar.mark is Mark.LATE else "○"
    if bar.mark in {Mark.DONE, Mark.DONE_LATE}:
        cells[_place(bar.done_on or bar.due_on, shown, room)] = "●"
    tones = {Mark.LATE: Tone.BAD, Mark.DONE: Tone.GOOD, Mark.DONE_LATE: Tone.DOUBT}
    return screen.paint("".join(cells).rstrip(), tones.get(bar.mark))


def _place(day: date, shown: Timeline, room: int) -> int:
    """The column of a day."""
    extent = max(1, (shown.last - shown.first).days)
    return (day - shown.first).days * (room - 1) // extent
