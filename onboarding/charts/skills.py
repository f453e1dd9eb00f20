"""The skills of one person: a radar of the groups, or a heat map of every skill."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, nan, pi, sin
from textwrap import fill
from typing import TYPE_CHECKING, Any

from onboarding.charts.drawing import (
    ALARM,
    FAINT,
    INK,
    LINE,
    Format,
    height_of,
    page,
    remark,
    saved,
    shortened,
)
from onboarding.skills.matrix import Matrix
from onboarding.skills.tree import HIGHEST
from opskit.checklists.page import in_language
from opskit.core.i18n import _
from opskit.core.screen import Screen, Tone

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RADAR_HEIGHT, HEAD, ROW = 6.4, 1.3, 0.2  # inches
LEAST_CORNERS = 3  # a radar of two groups is a line
LONGEST_LINE = 20  # of a name beside the radar
OWN, MENTOR, DARK, BLANK = ALARM, INK, "#1b1f27", "#eceef1"


@dataclass(frozen=True, slots=True)
class SkillRow:
    """What both think of one skill; None: nobody said so far."""

    key: str
    text: str
    own: int | None
    mentor: int | None


@dataclass(frozen=True, slots=True)
class SkillGroup:
    """Skills that belong together, and their means."""

    key: str
    title: str
    own: float | None
    mentor: float | None
    rows: Sequence[SkillRow]


@dataclass(frozen=True, slots=True)
class SkillChart:
    """A tree of skills with what was judged until a day."""

    title: str
    on: date
    levels: Sequence[str]
    groups: Sequence[SkillGroup]

    @property
    def rows(self) -> list[SkillRow]:
        return [row for group in self.groups for row in group.rows]


def skill_chart(matrix: Matrix) -> SkillChart:
    """The matrix as it is drawn."""
    groups = []
    for group in matrix.tree.groups:
        mean = matrix.mean(group)
        rows = [
            SkillRow(
                skill.key,
                in_language(skill.text),
                matrix.pair(skill).own,
                matrix.pair(skill).mentor,
            )
            for skill in group.skills
        ]
        groups.append(SkillGroup(group.key, in_language(group.title), mean.own, mean.mentor, rows))
    title = _("{name}: {path}, {on}").format(
        name=matrix.learner.person.name, path=in_language(matrix.tree.title), on=matrix.on
    )
    levels = [in_language(level.title) for level in matrix.tree.levels]
    return SkillChart(title, matrix.on, levels, groups)


def radar(chart: SkillChart, form: Format) -> bytes:
    """The means of the groups; few groups, or none judged, still give a readable page."""
    if len(chart.groups) < LEAST_CORNERS:
        return heat_map(chart, form)
    with page(chart.title, RADAR_HEIGHT) as figure:
        axes: Any = figure.add_subplot(projection="polar")
        angles = [2 * pi * at / len(chart.groups) for at in range(len(chart.groups))]
        _draw_web(axes, angles, chart)
        look = {"color": MENTOR, "linestyle": "-", "label": _("mentor")}
        _outline(axes, angles, [group.mentor for group in chart.groups], look)
        look = {"color": OWN, "linestyle": "--", "label": _("self")}
        _outline(axes, angles, [group.own for group in chart.groups], look)
        _add_legend(figure, axes, chart.groups)
        return saved(figure, form)


def _draw_web(axes: Any, angles: Sequence[float], chart: SkillChart) -> None:  # noqa: ANN401
    """A ring for each level, a spoke for each group; the names stand outside, turned away."""
    axes.set_theta_offset(pi / 2)
    axes.set_theta_direction(-1)
    axes.set_ylim(0, HIGHEST)
    axes.set_yticks(range(1, HIGHEST + 1), [""] * HIGHEST)
    axes.set_xticks(angles, [_broken(group.title) for group in chart.groups], fontsize=7)
    axes.tick_params(axis="x", pad=2)
    for name, angle in zip(axes.get_xticklabels(), angles, strict=True):
        name.set_horizontalalignment(_side(sin(angle), "left", "right"))
        name.set_verticalalignment(_side(cos(angle), "bottom", "top"))
    axes.grid(color=LINE, linewidth=0.5)
    axes.spines["polar"].set_color(LINE)
    ground = {"facecolor": "#ffffff", "edgecolor": "none", "pad": 0.5}
    look = {"fontsize": 6, "color": FAINT, "ha": "center", "bbox": ground, "zorder": 1.8}
    for level in range(1, min(HIGHEST + 1, len(chart.levels))):
        axes.text(angles[1] / 2, level, chart.levels[level], **look)


def _side(way: float, positive: str, negative: str) -> str:
    """On which side of its place a name stands, by the way that its spoke goes."""
    return "center" if abs(way) < 0.1 else positive if way > 0 else negative  # noqa: PLR2004


def _broken(title: str) -> str:
    """In lines that leave room for the picture between the names of both sides."""
    return fill(shortened(title), LONGEST_LINE)


def _outline(
    axes: "Axes", angles: Sequence[float], values: Sequence[float | None], look: Mapping[str, Any]
) -> None:
    """A line from group to group, with a gap where nobody judged; a whole one is filled."""
    known = [nan if value is None else value for value in values]
    round_trip = [*angles, angles[0]], [*known, known[0]]
    axes.plot(*round_trip, linewidth=1.8, marker="o", markersize=3.5, clip_on=False, **look)
    if None not in values:
        axes.fill(angles, known, color=look["color"], alpha=0.08)


def _add_legend(figure: "Figure", axes: "Axes", groups: Sequence[SkillGroup]) -> None:
    handles, labels = axes.get_legend_handles_labels()
    if any(group.own is None or group.mentor is None for group in groups):
        from matplotlib.lines import Line2D

        handles.append(Line2D([], [], linestyle=""))
        labels.append(_("no point: not judged yet"))
    look = {"ncols": 3, "frameon": False, "handlelength": 3}
    figure.legend(handles=handles, labels=labels, loc="outside lower center", **look)


def heat_map(chart: SkillChart, form: Format) -> bytes:
    """A row a skill, a column for each who judged; the level is written in its square, which is
    grey where nobody judged.
    """
    from matplotlib.colors import LinearSegmentedColormap

    rows = chart.rows
    shades = LinearSegmentedColormap.from_list("levels", ["#ffffff", "#9db7d3", INK])
    colours = shades.with_extremes(bad=BLANK)
    with page(chart.title, height_of(len(rows), head=HEAD, row=ROW)) as figure:
        axes = figure.add_subplot()
        if not rows:
            remark(axes, _("the tree has no skills"))
            axes.set_axis_off()
            return saved(figure, form)
        values = [[_shade(row.own), _shade(row.mentor)] for row in rows]
        axes.pcolormesh(values, cmap=colours, vmin=0, vmax=HIGHEST, edgecolors=LINE, linewidth=0.4)
        for down, row in enumerate(rows):
            for across, level in enumerate((row.own, row.mentor)):
                ink = "#ffffff" if (level or 0) > HIGHEST // 2 else DARK
                text = "–" if level is None else f"{level} {_name(chart, level)}"
                middle = across + 0.5, down + 0.5
                axes.text(*middle, text, ha="center", va="center", fontsize=6.5, color=ink)
        axes.set_xticks([0.5, 1.5], [_("self"), _("mentor")])
        axes.xaxis.tick_top()
        names = [shortened(row.text) for row in rows]
        axes.set_yticks([at + 0.5 for at in range(len(rows))], names, fontsize=6.5)
        _draw_groups(axes, chart.groups)
        axes.invert_yaxis()
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        return saved(figure, form)


def _shade(level: int | None) -> float:
    return nan if level is None else float(level)


def _draw_groups(axes: "Axes", groups: Sequence[SkillGroup]) -> None:
    """The name of each group at the right, a line between two of them."""
    begin = 0
    for group in groups:
        end = begin + len(group.rows)
        axes.hlines(end, 0, 2, color=FAINT, linewidth=1)
        axes.annotate(
            group.title,
            (1, (begin + end) / 2),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=7,
            color=INK,
        )
        begin = end


def _name(chart: SkillChart, level: int) -> str:
    return chart.levels[level] if level < len(chart.levels) else ""


def terminal_lines(chart: SkillChart, screen: Screen) -> list[str]:
    """A line a skill with both levels; in a pipe key, self and mentor."""
    if screen.width is None:
        return [
            f"{row.key}\t{_number(row.own, '')}\t{_number(row.mentor, '')}" for row in chart.rows
        ]
    wide = max((len(row.text) for row in chart.rows), default=0)
    wide = min(wide, max(20, screen.width - 2 * (HIGHEST + 4) - 4))
    lines = [screen.paint(chart.title, Tone.HEADING)]
    heads = f"{_('self'):<{HIGHEST + 4}}  {_('mentor')}"
    lines.append(f"{'':<{wide}}  {heads}")
    for group in chart.groups:
        lines.append(screen.paint(group.title, Tone.HEADING))
        for row in group.rows:
            text = row.text if len(row.text) <= wide else f"{row.text[: wide - 1]}…"
            lines.append(f"{text:<{wide}}  {_blocks(row.own)}  {_blocks(row.mentor)}".rstrip())
    return lines


def _blocks(level: int | None) -> str:
    bar = "" if level is None else "■" * level + "·" * (HIGHEST - level)
    return f"{bar:<{HIGHEST}}  {_number(level, '–')} "


def _number(level: int | None, nothing: str) -> str:
    return nothing if level is None else str(level)
