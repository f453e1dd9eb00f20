"""Which share of a cohort stood where after how many days; nothing of fewer than five people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onboarding.boards.cohorts import Cohort
from onboarding.boards.milestones import MILESTONES, milestone_title
from onboarding.charts.drawing import FAINT, LINE, LINES, Format, heading, page, saved
from opskit.core.i18n import _
from opskit.core.screen import Screen, Tone

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEAD, PANEL = 1.0, 2.4  # inches
MOST_LINES = 8  # cohorts in one panel that can still be told apart, the latest
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
    """One for each milestone."""
    shown = sorted(cohorts, key=lambda each: (-each.year, each.pole))[:MOST_LINES]
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
    """A panel below the other, with the same days."""
    with page(
        _("Cohorts: how long until somebody works alone"), HEAD + PANEL * len(shown)
    ) as figure:
        last = max((curve.points[-1][0] for each in shown for curve in each.curves), default=180)
        names = list(dict.fromkeys(curve.cohort for each in shown for curve in each.curves))
        for axes, panel in zip(figure.subplots(len(shown), 1), shown, strict=True):
            _draw(axes, panel, last, names)
        return saved(figure, form)


def _draw(axes: "Axes", panel: Panel, last: int, names: Sequence[str]) -> None:
    for curve in panel.curves:
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
            label=_("{cohort} ({people} people, median {days} days)").format(
                cohort=curve.cohort, people=curve.people, days=curve.median_days
            ),
        )
    if panel.curves:
        axes.legend(frameon=False, loc="upper left", fontsize=6.5)
    else:
        nobody = _("fewer than five people stand here yet")
        axes.text(0.5, 0.5, nobody, transform=axes.transAxes, ha="center", color=FAINT)
    axes.set_xlim(0, max(30, last) * 1.02)
    axes.set_ylim(0, 105)
    axes.set_ylabel("%", color=FAINT)
    axes.set_xlabel(_("days from the first day"), color=FAINT, fontsize=7)
    axes.grid(color=LINE, linewidth=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    heading(axes, panel.title)


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
