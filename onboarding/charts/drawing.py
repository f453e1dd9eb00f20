"""What all pictures of the onboarding have in common: a page, its ink, its bytes."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from textwrap import fill
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

A4_WIDTH, A4_HEIGHT = 7.2, 10.7  # inches, without the margins
LEAST_ROW = 0.12  # inches: a lower one cannot be read
INK, FAINT, ALARM, AMBER = "#174a80", "#5f6773", "#c0392b", "#f0b429"
PALE, LINE = "#9db7d3", "#b6bcc4"
LINES = ("#174a80", "#c0392b", "#2e8b57", "#b8860b", "#6a3d9a", "#00838f", "#5f6773", "#d81b60")
LONGEST_TEXT = 58
LONGEST_TITLE = 72

Format = Literal["svg", "png"]


@contextmanager
def page(title: str, height: float) -> "Iterator[Figure]":
    """A figure as wide as an A4 page, under its title."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style: dict[Any, Any] = {"svg.hashsalt": "opskit", "svg.fonttype": "path", "font.size": 8}
    style["text.parse_math"] = False  # a step may be about dollars
    with mpl.rc_context(style):
        figure = Figure(figsize=(A4_WIDTH, height), layout="constrained")
        figure.suptitle(fill(title, LONGEST_TITLE), fontsize=11, fontweight="bold", color=INK)
        yield figure


def height_of(rows: int, *, head: float, row: float) -> float:
    """Of a page with so many rows: they move together to fit, as long as one can read them."""
    if rows == 0:
        return head + row
    return head + rows * min(row, max(LEAST_ROW, (A4_HEIGHT - head) / rows))


def saved(figure: "Figure", form: Format) -> bytes:
    """Without the time and the version that matplotlib would write: the same picture, the same
    bytes.
    """
    file = BytesIO()
    metadata = {"svg": {"Date": None, "Creator": "opskit"}, "png": {"Software": None}}
    figure.savefig(file, format=form, dpi=200, metadata=metadata[form])
    return file.getvalue()


def heading(axes: "Axes", text: str) -> None:
    axes.set_title(text, loc="left", fontsize=8.5, fontweight="bold", color=INK)


def remark(axes: "Axes", text: str) -> None:
    """In the middle, where there is nothing else to be drawn."""
    look: dict[str, Any] = {"ha": "center", "va": "center", "color": FAINT, "fontsize": 9}
    axes.text(0.5, 0.5, text, transform=axes.transAxes, **look)


def shortened(text: str) -> str:
    """As much as fits beside the picture."""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1].rstrip()}…"
