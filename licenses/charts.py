"""Licences by the month in which they end and by module: as a picture, and for the terminal.

Only counts come in here; `picture` is what loads matplotlib.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from opskit.core.i18n import _
from opskit.core.screen import Screen, Tone

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_MONTHS = 24  # what ends after two years is one bar
LEAST_PLACES = 12  # so that a few bars do not fill the page
APART = 1.7  # from one bar that is no month to the next
A4_WIDTH, SHORT, ROW = 7.2, 3.6, 0.24  # inches
COLOUR, FAINT = "#174a80", "#5f6773"
LEAST_BAR = 10  # columns of a terminal

Format = Literal["svg", "png"]


@dataclass(frozen=True, slots=True)
class Bar:
    """`label` is short, `name` says it in full where that helps."""

    label: str
    count: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars in the order in which they are drawn; `upright` where they follow the calendar."""

    title: str
    bars: Sequence[Bar]
    upright: bool

    @property
    def total(self) -> int:
        return sum(bar.count for bar in self.bars)

    @property
    def highest(self) -> int:
        return max((bar.count for bar in self.bars), default=0)


def by_expiry_month(counts: Mapping[date | None, int]) -> Chart:
    """Licences by the month of their last day; `None` counts those without an end.

    Any day stands for its month. Months in between are drawn empty, for a gap is news too.
    """
    months: dict[tuple[int, int], int] = {}
    for day, count in counts.items():
        if day is not None:
            months[day.year, day.month] = months.get((day.year, day.month), 0) + count
    shown = _months(min(months), max(months)) if months else []
    bars = [Bar(f"{year}-{month:02}", months.get((year, month), 0)) for year, month in shown]
    later = sum(count for month, count in months.items() if month > shown[-1])
    without_end = counts.get(None, 0)
    rest = [(_("later"), later), (_("without end"), without_end)]
    bars += [Bar(label, count) for label, count in rest if count]
    return Chart(_("Licences by the month in which they end"), bars, upright=True)


def by_module(counts: Mapping[str, int], names: Mapping[str, str]) -> Chart:
    """Licences by module, the most frequent first; `names` in the person's language."""
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    bars = [Bar(code, count, names.get(code, "")) for code, count in ranked]
    return Chart(_("Licences by module"), bars, upright=False)


def terminal_lines(chart: Chart, screen: Screen) -> list[str]:
    """Bars as wide as the terminal; in a pipe a label, a tab and a count a line."""
    if screen.width is None:
        return [f"{bar.label}\t{bar.count}" for bar in chart.bars]
    labels = _aligned([bar.label for bar in chart.bars])
    names = _aligned([f"  {bar.name}" if bar.name else "" for bar in chart.bars])
    counts = [str(bar.count) for bar in chart.bars]
    digits = max(map(len, counts), default=0)
    room = screen.width - len(labels[0]) - len(names[0]) - digits - 3 if labels else 0
    heads = [
        f"{one}{two}  {three:>{digits}}"
        for one, two, three in zip(labels, names, counts, strict=True)
    ]
    bars = [_blocks(bar.count, chart.highest, max(LEAST_BAR, room)) for bar in chart.bars]
    lines = [f"{head} {bar}".rstrip() for head, bar in zip(heads, bars, strict=True)]
    return [screen.paint(chart.title, Tone.HEADING), *lines]


def picture(chart: Chart, form: Format) -> bytes:
    """SVG or PNG, readable across an A4 page; the same counts give the same bytes."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    high = SHORT if chart.upright else max(SHORT, 1.0 + ROW * len(chart.bars))
    with mpl.rc_context({"svg.hashsalt": "opskit", "svg.fonttype": "path", "font.size": 8}):
        figure = Figure(figsize=(A4_WIDTH, high), layout="constrained")
        axes = figure.add_subplot()
        if chart.upright:
            _draw_upright(axes, chart)
        else:
            _draw_lying(axes, chart)
        axes.set_title(chart.title, loc="left", fontsize=11, fontweight="bold", color=COLOUR)
        axes.spines[["top", "right"]].set_visible(False)
        return _saved(figure, form)


def _aligned(texts: Sequence[str]) -> list[str]:
    widest = max(map(len, texts), default=0)
    return [f"{text:<{widest}}" for text in texts]


def _months(first: tuple[int, int], last: tuple[int, int]) -> list[tuple[int, int]]:
    """Every month from the first to the last, at most two years of them."""
    start, end = (year * 12 + month - 1 for year, month in (first, last))
    end = min(end, start + MOST_MONTHS - 1)
    return [(at // 12, at % 12 + 1) for at in range(start, end + 1)]


def _blocks(count: int, highest: int, room: int) -> str:
    """A bar in eighths of a column; what is there at all is seen."""
    eighths = round(count * room * 8 / highest) if highest else 0
    eighths = max(eighths, 1 if count else 0)
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()


def _draw_upright(axes: "Axes", chart: Chart) -> None:
    from matplotlib.ticker import MaxNLocator

    places = _places(chart.bars)
    colours = [COLOUR if _is_month(bar) else FAINT for bar in chart.bars]
    drawn = axes.bar(places, [bar.count for bar in chart.bars], color=colours, width=0.75)
    axes.bar_label(drawn, _shown_counts(chart), padding=2, fontsize=7, color=FAINT)
    axes.set_xticks(places, _month_labels(chart.bars), fontsize=6.5)
    axes.set_xlim(-0.7, max([LEAST_PLACES, *places]) + 0.7)
    axes.set_ylabel(_("Licences"), color=FAINT)
    axes.tick_params(axis="x", length=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylim(0, max(1, chart.highest) * 1.12)


def _draw_lying(axes: "Axes", chart: Chart) -> None:
    from matplotlib.ticker import MaxNLocator

    places = range(len(chart.bars))
    drawn = axes.barh(places, [bar.count for bar in chart.bars], color=COLOUR, height=0.72)
    axes.bar_label(drawn, _shown_counts(chart), padding=3, fontsize=7, color=FAINT)
    axes.set_yticks(places, [f"{bar.name}  {bar.label}".strip() for bar in chart.bars])
    axes.invert_yaxis()
    axes.margins(y=0.01)
    axes.set_xlabel(_("Licences"), color=FAINT)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlim(0, max(1, chart.highest) * 1.08)


def _shown_counts(chart: Chart) -> list[str]:
    return [str(bar.count) if bar.count else "" for bar in chart.bars]


def _is_month(bar: Bar) -> bool:
    return bar.label[:4].isdigit()


def _places(bars: Sequence[Bar]) -> list[float]:
    """Months side by side, the others apart: their words need room."""
    places: list[float] = []
    for bar in bars:
        places.append((places[-1] if places else -1.0) + (1.0 if _is_month(bar) else APART))
    return places


def _month_labels(bars: Sequence[Bar]) -> list[str]:
    """The month, and below it the year where a new one begins; words go below each other."""
    shown: list[str] = []
    years: set[str] = set()
    for bar in bars:
        year, _dash, month = bar.label.partition("-")
        if _is_month(bar):
            shown.append(f"{int(month)}\n{'' if year in years else year}")
            years.add(year)
        else:
            shown.append(bar.label.replace(" ", "\n") + ("" if " " in bar.label else "\n"))
    return shown


def _saved(figure: "Figure", form: Format) -> bytes:
    """Without the time and the version that matplotlib would write into the file."""
    file = BytesIO()
    metadata = {"svg": {"Date": None, "Creator": "opskit"}, "png": {"Software": None}}
    figure.savefig(file, format=form, dpi=200, metadata=metadata[form])
    return file.getvalue()
