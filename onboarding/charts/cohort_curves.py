"""Which share of a cohort stood where after how many days; nothing of fewer than five people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onboarding.boards.cohorts import Cohort
from onboarding.boards.milestones import MILESTONES, milestone_title
from onboarding.charts.drawing import FAINT, LINE, LINES, Format, heading, page, remark, saved
from opskit.core.i18n import _
from opskit.core.screen import Screen, Tone

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEAD, PANEL = 1.0, 2.4  # inches
MOST_LINES = 8  # cohorts in one panel that can still be told apart
LEAST_BAR, BAR = 10, 30  # columns of a terminal
STYLES = ("-", "--", "-.", ":")  # told apart in grey too


@dataclass(frozen=True, slots=True)
class Curve:
    """One cohort at one milestone: days and shares, rising."""

    cohort: str
    people: int
    median_days: int | None
    points: Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Panel:
    """A milestone, and the cohorts of which something may be told there."""

    milestone: str
    title: str
    curves: Sequence[Curve]


def panels(cohorts: Sequence[Cohort]) -> list[Panel]:
    """One for each milestone, with the latest cohorts first."""
    shown = sorted(cohorts, key=lambda each: (-each.year, each.pole))
    found = []
    for key in MILESTONES:
        curves = [
            Curve(each.name, each.people, reached.median_days, reached.curve(each.people))
            for each in shown
            for reached in each.reached
            if reached.milestone == key and reached.count is not None
        ]
        found.append(Panel(key, milestone_title(key), curves))
    return found


def picture(shown: Sequence[Panel], form: Format) -> bytes:
    """A panel below the other, with the same days; of the latest cohorts, as many as one can
    tell apart.
    """
    known = list(dict.fromkeys(curve.cohort for each in shown for curve in each.curves))
    names = known[:MOST_LINES]
    with page(_title(len(names), len(known)), HEAD + PANEL * len(shown)) as figure:
        drawn = [curve for each in shown for curve in each.curves if curve.cohort in names]
        last = max((curve.points[-1][0] for curve in drawn), default=180)
        for axes, panel in zip(figure.subplots(len(shown), 1), shown, strict=True):
            _draw(axes, panel, last, names)
        return saved(figure, form)


def _title(shown: int, known: int) -> str:
    title = _("Cohorts: how long until somebody works alone")
    if shown == known:
        return title
    return _("{title} (the latest {shown} of {known})").format(
        title=title, shown=shown, known=known
    )


def _draw(axes: "Axes", panel: Panel, last: int, names: Sequence[str]) -> None:
    curves = [curve for curve in panel.curves if curve.cohort in names]
    for curve in curves:
        at = names.index(curve.cohort)
        days = [day for day, _share in curve.points] + [last]
        shares = [100 * share for _day, share in curve.points]
        axes.step(
            days,
            [*shares, shares[-1]],
            where="post",
            color=LINES[at % len(LINES)],
            linestyle=STYLES[at % len(STYLES)],
            linewidth=1.6,
            label=f"{curve.cohort}\n{_measured(curve)}",
        )
    if curves:
        axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5), fontsize=6.5)
    else:
        remark(axes, _("fewer than five people stand here yet"))
    axes.set_xlim(0, max(30, last) * 1.02)
    axes.set_ylim(0, 105)
    axes.set_ylabel("%", color=FAINT)
    axes.set_xlabel(_("days from the first day"), color=FAINT, fontsize=7)
    axes.grid(color=LINE, linewidth=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    heading(axes, panel.title)


def _measured(curve: Curve) -> str:
    return _("{people} people, median {days} days").format(
        people=curve.people, days=curve.median_days
    )


def terminal_lines(shown: Sequence[Panel], screen: Screen) -> list[str]:
    """The medians as bars; in a pipe milestone, cohort, people and median days."""
    if screen.width is None:
        return [
            f"{panel.milestone}\t{curve.cohort}\t{curve.people}\t{curve.median_days}"
            for panel in shown
            for curve in panel.curves
        ]
    longest = max((curve.median_days or 0 for panel in shown for curve in panel.curves), default=0)
    wide = max((len(curve.cohort) for panel in shown for curve in panel.curves), default=0)
    room = max(LEAST_BAR, min(BAR, screen.width - wide - 14))
    lines = []
    for panel in shown:
        lines.append(screen.paint(panel.title, Tone.HEADING))
        if not panel.curves:
            lines.append(_("fewer than five people stand here yet"))
        for curve in panel.curves:
            days = curve.median_days or 0
            bar = "█" * max(1, round(days * room / longest)) if longest else ""
            lines.append(
                _("{cohort}  {bar} {days} days").format(
                    cohort=f"{curve.cohort:<{wide}}", bar=bar, days=days
                )
            )
    return lines
