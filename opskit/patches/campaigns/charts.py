"""The board of a campaign as a picture: what is left, all clients by step, the worst one by one.

`picture` is what loads matplotlib. The same board gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from opskit.checklists.states import State
from opskit.core.i18n import _
from opskit.patches.campaigns.boards import LEGEND, Board, BoardLine, Cell, Mark
from opskit.patches.campaigns.burning import thinned

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_CLIENTS = 48  # lines of an A4 page that can still be read
MOST_DAYS = 6  # below the burn-down
LONGEST_TEXT = 46
LEAST_SHARE = 0.04  # of the clients that a number has room for
A4_WIDTH = 7.2  # inches, as all of these
HEAD, BURNDOWN, STEP, CLIENT = 0.9, 1.9, 0.14, 0.088
INK, FAINT = "#174a80", "#5f6773"
COLOURS: Mapping[Mark, str] = {  # told apart in grey too
    Mark.DONE: "#174a80",
    Mark.LEFT_OUT: "#9db7d3",
    Mark.TROUBLE: "#c0392b",
    Mark.WAITING: "#f0b429",
    Mark.READY: "#ffffff",
    Mark.BLOCKED: "#dfe3e8",
    Mark.NONE: "#ffffff",
}
WRITTEN = frozenset({Mark.TROUBLE, Mark.WAITING})  # for whoever prints without colours

Format = Literal["svg", "png"]


def picture(board: Board, form: Format) -> bytes:
    """SVG or PNG, readable on an A4 page."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    shown = board.lines[:MOST_CLIENTS]
    heights = [BURNDOWN, 0.5 + STEP * len(board.steps), 0.5 + CLIENT * max(4, len(shown))]
    with mpl.rc_context({"svg.hashsalt": "opskit", "svg.fonttype": "path", "font.size": 7}):
        figure = Figure(figsize=(A4_WIDTH, HEAD + sum(heights)), layout="constrained")
        axes = figure.subplots(3, 1, height_ratios=heights)
        figure.suptitle(
            _("Campaign {name}: version {version}, {on}").format(
                name=board.name, version=board.version, on=board.on
            ),
            fontsize=11,
            fontweight="bold",
            color=INK,
        )
        _draw_burndown(axes[0], board)
        _draw_steps(axes[1], board)
        _draw_clients(axes[2], board, shown)
        _add_legend(figure)
        return _saved(figure, form)


def _draw_burndown(axes: "Axes", board: Board) -> None:
    burned = board.burndown
    known = [each for each in burned.points if each.open is not None]
    _draw_line(
        axes,
        [(burned.begin, burned.steps), *((each.on, each.planned) for each in burned.points)],
        {"color": FAINT, "linestyle": "--", "linewidth": 1, "label": _("as planned")},
    )
    _draw_line(
        axes,
        [
            (burned.begin, burned.steps),
            *((min(each.on, board.on), each.open or 0) for each in known),
        ],
        {"color": INK, "linewidth": 1.8, "label": _("open")},
    )
    axes.axvline(board.on.toordinal(), color=FAINT, linewidth=0.6)
    if board.forecast.end is not None:
        place = board.forecast.end.toordinal(), 0.0
        axes.plot(*place, marker="v", color=COLOURS[Mark.TROUBLE], clip_on=False)
        label = _("expected end {end}").format(end=board.forecast.end)
        axes.annotate(
            label, place, xytext=(4, 7), textcoords="offset points", ha="right", fontsize=6
        )
    days = [each.on for each in thinned(burned.points, MOST_DAYS)]
    axes.set_xticks([day.toordinal() for day in days], [str(day) for day in days], fontsize=6)
    axes.set_ylim(0, max(1, burned.steps) * 1.05)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper right")
    _title(axes, _("Open steps"))


def _draw_line(axes: "Axes", points: Sequence[tuple[date, int]], style: Mapping[str, Any]) -> None:
    axes.plot(
        [day.toordinal() for day, _count in points], [count for _day, count in points], **style
    )


def _draw_steps(axes: "Axes", board: Board) -> None:
    """For each step all clients, by where they stand."""
    places = range(len(board.steps))
    before = [0] * len(board.steps)
    for mark in LEGEND:
        counts = [_count(each.states, mark) for each in board.steps]
        drawn = axes.barh(
            places, counts, left=before, color=COLOURS[mark], edgecolor=FAINT, linewidth=0.3
        )
        if mark in WRITTEN:
            least = LEAST_SHARE * (board.clients - board.cancelled)
            shown = [f"{mark} {count}" if count > least else "" for count in counts]
            axes.bar_label(drawn, shown, label_type="center", fontsize=5)
        before = [old + count for old, count in zip(before, counts, strict=True)]
    names = [f"{_shortened(each.tally.text)}  {at}" for at, each in enumerate(board.steps, 1)]
    axes.set_yticks(places, names, fontsize=6)
    axes.invert_yaxis()
    axes.margins(y=0.01)
    axes.set_xlim(0, max([1, *before]))
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right"]].set_visible(False)
    _title(axes, _("Clients by step"))


def _draw_clients(axes: "Axes", board: Board, shown: Sequence[BoardLine]) -> None:
    """One square for each step of each client."""
    from matplotlib.colors import ListedColormap

    marks = list(COLOURS)
    rows = [[_mark(line.cells.get(each.tally.key)) for each in board.steps] for line in shown] or [
        [Mark.NONE] * max(1, len(board.steps))
    ]
    axes.pcolormesh(
        [[marks.index(mark) for mark in row] for row in rows],
        cmap=ListedColormap([COLOURS[mark] for mark in marks]),
        vmin=-0.5,
        vmax=len(marks) - 0.5,
        edgecolors="#b6bcc4",
        linewidth=0.3,
    )
    for down, row in enumerate(rows):
        for across, mark in enumerate(row):
            if mark in WRITTEN:
                middle = across + 0.5, down + 0.5
                axes.text(*middle, mark, ha="center", va="center", fontsize=4.5)
    columns = range(len(board.steps))
    axes.set_xticks([at + 0.5 for at in columns], [str(at + 1) for at in columns], fontsize=6)
    names = [f"{line.client}  {line.on}" for line in shown]
    axes.set_yticks([at + 0.5 for at in range(len(shown))], names, fontsize=5.5)
    axes.tick_params(length=0)
    axes.xaxis.tick_top()
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
    clients = board.clients - board.cancelled
    _title(
        axes,
        _("Step by step")
        if len(shown) == clients
        else _("Step by step: {shown} of {count} clients, those in most trouble first").format(
            shown=len(shown), count=clients
        ),
    )


def _add_legend(figure: "Figure") -> None:
    from matplotlib.patches import Patch

    patches = [
        Patch(
            facecolor=COLOURS[mark],
            edgecolor=FAINT,
            linewidth=0.4,
            label=f"{mark} {mark.in_words()}",
        )
        for mark in LEGEND
    ]
    figure.legend(
        handles=patches, loc="outside lower center", ncols=len(patches), frameon=False, fontsize=6
    )


def _title(axes: "Axes", text: str) -> None:
    axes.set_title(text, loc="left", fontsize=8.5, fontweight="bold", color=INK)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1].rstrip()}…"


def _count(states: Mapping[str, int], mark: Mark) -> int:
    return sum(
        count for state, count in states.items() if Cell(State(state), late=False).mark is mark
    )


def _mark(cell: Cell | None) -> Mark:
    return Mark.NONE if cell is None else cell.mark


def _saved(figure: "Figure", form: Format) -> bytes:
    """Without the time and the version that matplotlib would write into the file."""
    file = BytesIO()
    metadata = {"svg": {"Date": None, "Creator": "opskit"}, "png": {"Software": None}}
    figure.savefig(file, format=form, dpi=200, metadata=metadata[form])
    return file.getvalue()
