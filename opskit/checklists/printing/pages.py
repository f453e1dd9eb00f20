"""A4 pages that follow each other: what does not fit any more begins the next one."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from opskit.core.sheet import FAINT, LEFT, MARGIN, RIGHT, TOP, Sheet, Style, text_width

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

BOTTOM = MARGIN + 14  # above the number of the page
SMALL = Style(7.2, colour=FAINT)

Foot = Callable[[int], str]  # what stands below, by the number of the page


class Pages:
    """`sheet` is the page that is written on; every one after the first says what it belongs to."""

    def __init__(self, canvas: "Canvas", *, running: str, foot: Foot) -> None:
        self.sheet = Sheet(canvas)
        self._running = running
        self._foot = foot
        self._page = 1
        self._write_foot()

    def require(self, height: float) -> None:
        """Go to the next page unless there is that much room; what is higher than a page begins
        where it is.
        """
        if self.sheet.y - height < BOTTOM and height < TOP - BOTTOM:
            self._turn()

    def finish(self) -> int:
        """How many pages there are."""
        return self._page

    def _turn(self) -> None:
        self.sheet.canvas.showPage()
        self._page += 1
        self.sheet.y = TOP
        self.sheet.text_at(self._running, SMALL, x=LEFT, y=TOP + 16, width=RIGHT - LEFT)
        self._write_foot()

    def _write_foot(self) -> None:
        text = self._foot(self._page)
        x = RIGHT - text_width(text, SMALL)
        self.sheet.text_at(text, SMALL, x=x, y=MARGIN - 8, width=RIGHT - x + 1)
