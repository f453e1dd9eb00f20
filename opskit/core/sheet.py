"""A sheet of paper that is written from the top: texts that wrap, and where the next one goes.

Texts are drawn as they are. reportlab's paragraphs would read a client's name as markup and fetch
the pictures in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opskit.core.fonts import BOLD, REGULAR

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

A4 = (595.28, 841.89)  # points
MARGIN = 51.0  # 18 mm
LEFT, RIGHT, TOP = MARGIN, A4[0] - MARGIN, A4[1] - MARGIN
WIDTH = RIGHT - LEFT
LEADING = 1.35  # a line's height, as a multiple of the font's size

Colour = tuple[float, float, float]
INK: Colour = (0.1, 0.12, 0.16)
FAINT: Colour = (0.38, 0.41, 0.47)
RULE: Colour = (0.78, 0.8, 0.84)
TINT: Colour = (0.955, 0.96, 0.97)
ACCENT: Colour = (0.09, 0.29, 0.5)


@dataclass(frozen=True, slots=True)
class Style:
    size: float
    font: str = REGULAR
    colour: Colour = INK

    @property
    def leading(self) -> float:
        return self.size * LEADING


BODY = Style(8.4)
NOTE = Style(7.2, colour=FAINT)
HEADING = Style(9.5, BOLD, ACCENT)


@dataclass
class Sheet:
    """`y` is the top of what comes next; everything is smaller by `scale` on a crowded sheet."""

    canvas: "Canvas"
    scale: float = 1.0
    y: float = TOP

    def scaled(self, style: Style) -> Style:
        return Style(style.size * self.scale, style.font, style.colour)

    def skip(self, points: float) -> None:
        self.y -= points * self.scale

    def rule(self, colour: Colour = RULE) -> None:
        self.canvas.setStrokeColorRGB(*colour)
        self.canvas.setLineWidth(0.7)
        self.canvas.line(LEFT, self.y, RIGHT, self.y)

    def heading(self, text: str) -> None:
        self.skip(7)
        self.text(text, HEADING)
        self.skip(2)

    def text(self, text: str, style: Style, *, x: float = LEFT, width: float = WIDTH) -> None:
        """A wrapped text; the next one goes below it."""
        self.y -= self.text_at(text, style, x=x, y=self.y, width=width)

    def text_at(self, text: str, style: Style, *, x: float, y: float, width: float) -> float:
        """Draw a wrapped text with its top at `y`; how high it is."""
        scaled = self.scaled(style)
        lines = wrapped(text, scaled, width)
        self.canvas.setFont(scaled.font, scaled.size)
        self.canvas.setFillColorRGB(*scaled.colour)
        for number, line in enumerate(lines, start=1):
            baseline = y - number * scaled.leading + (scaled.leading - scaled.size) * 0.8
            self.canvas.drawString(x, baseline, line)
        return len(lines) * scaled.leading


def wrapped(text: str, style: Style, width: float) -> Sequence[str]:
    """The text in lines of that width; only a word that is wider itself gets broken."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if text_width(longer, style) <= width:
            lines[-1] = longer
            continue
        pieces = _broken(word, style, width)
        lines = [*lines, *pieces] if lines[-1] else pieces
    return lines


def text_width(text: str, style: Style) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, style.font, style.size))


def _broken(word: str, style: Style, width: float) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, style) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces
