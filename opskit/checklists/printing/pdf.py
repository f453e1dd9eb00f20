"""A paper as A4 pages. The same paper gives the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from opskit.checklists.printing.content import Paper, PaperPhase, PaperStep, Task
from opskit.checklists.printing.pages import Foot, Pages
from opskit.core.fonts import BOLD, register_fonts
from opskit.core.sheet import (
    A4,
    ACCENT,
    FAINT,
    LEFT,
    RIGHT,
    RULE,
    TINT,
    WIDTH,
    Colour,
    Style,
    wrapped,
)

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

TITLE = Style(18, BOLD, ACCENT)
HEADING = Style(11, BOLD, ACCENT)
LABEL = Style(8, colour=FAINT)
COLUMN = Style(7.2, BOLD, FAINT)
BODY = Style(9)
STRONG = Style(9, BOLD)
QUIET = Style(9, colour=FAINT)
NOTE = Style(7.6, colour=FAINT)
ALARM: Colour = (0.67, 0.07, 0.07)
PRESSING = Style(9, BOLD, ALARM)
BANNER = Style(9, BOLD, ALARM)
LABEL_WIDTH = 130.0
GUTTER = 10.0
ROW = 3.5  # points above and below a row


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the cells of a row begin, and how wide they are."""

    box: float = 16.0
    number: float = 20.0
    state: float = 106.0
    due: float = 98.0
    who: float = 0.0

    @property
    def text(self) -> float:
        return WIDTH - self.box - self.number - self.state - self.due - self.who


def pdf(paper: Paper) -> bytes:
    """The file. Drawn twice: how many pages there are is known at the end."""
    register_fonts()
    pages = _draw(_canvas(BytesIO(), paper), paper, total=0)
    file = BytesIO()
    canvas = _canvas(file, paper)
    _draw(canvas, paper, total=pages)
    canvas.save()
    return file.getvalue()


def _canvas(file: BytesIO, paper: Paper) -> "Canvas":
    """Invariant: no time and no random id in the file."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(file, pagesize=A4, invariant=1, pageCompression=1, lang=paper.words.code)
    canvas.setTitle(f"{paper.title}, {paper.name}")
    canvas.setCreator("opskit")
    return canvas


def _draw(canvas: "Canvas", paper: Paper, *, total: int) -> int:
    """Everything; how many pages that took."""
    pages = Pages(canvas, running=f"{paper.title}, {paper.name}", foot=_foot(paper, total))
    _head(pages, paper)
    if paper.tasks is not None:
        _tasks(pages, paper, paper.tasks)
    columns = _Columns(state=92.0, due=66.0, who=82.0) if paper.has_owners else _Columns()
    for phase in paper.phases:
        _phase(pages, paper, phase, columns)
    _comments(pages, paper)
    _contacts(pages, paper)
    return pages.finish()


def _foot(paper: Paper, total: int) -> Foot:
    return lambda page: paper.words.page.format(page=page, pages=total)


def _head(pages: Pages, paper: Paper) -> None:
    sheet = pages.sheet
    if paper.banner:
        sheet.text(paper.banner, BANNER)
        sheet.skip(4)
    sheet.text(paper.title, TITLE)
    sheet.skip(4)
    sheet.rule(ACCENT)
    sheet.skip(8)
    _facts(pages, paper.facts)


def _facts(pages: Pages, facts: Sequence[tuple[str, str]]) -> None:
    width = WIDTH - LABEL_WIDTH
    for label, value in facts:
        height = max(_height(label, LABEL, LABEL_WIDTH), _height(value, BODY, width)) + 2
        pages.require(height)
        sheet = pages.sheet
        sheet.text_at(label, LABEL, x=LEFT, y=sheet.y - 1, width=LABEL_WIDTH - GUTTER)
        sheet.text_at(value, BODY, x=LEFT + LABEL_WIDTH, y=sheet.y, width=width)
        sheet.y -= height


def _tasks(pages: Pages, paper: Paper, tasks: Sequence[Task]) -> None:
    """On a tinted ground with a bar: what the reader must not miss. A page may end within."""
    pages.sheet.skip(14)
    pages.require(60)
    _tinted(pages, paper.words.your_part, HEADING, above=8)
    if not tasks:
        _tinted(pages, paper.words.nothing_now, BODY, below=8)
    for number, task in enumerate(tasks, start=1):
        last = 5.0 if number == len(tasks) else 0.0
        _tinted(pages, f"☐ {task.text}", BODY)
        _tinted(
            pages, task.due, PRESSING if task.is_pressing else STRONG, indent=13, below=4 + last
        )
    pages.sheet.skip(4)


def _tinted(
    pages: Pages,
    text: str,
    style: Style,
    *,
    indent: float = 0,
    above: float = 0,
    below: float = 0,
) -> None:
    left = LEFT + 14 + indent
    width = RIGHT - left - 10
    height = _height(text, style, width) + above + below + 2
    pages.require(height)
    sheet, canvas = pages.sheet, pages.sheet.canvas
    canvas.setFillColorRGB(*TINT)
    canvas.rect(LEFT, sheet.y - height, WIDTH, height + 0.3, stroke=0, fill=1)
    canvas.setFillColorRGB(*ACCENT)
    canvas.rect(LEFT, sheet.y - height, 3, height + 0.3, stroke=0, fill=1)
    sheet.text_at(text, style, x=left, y=sheet.y - above, width=width)
    sheet.y -= height


def _phase(pages: Pages, paper: Paper, phase: PaperPhase, columns: _Columns) -> None:
    """A heading stays with its first step; a phase that fits on a page is not torn for a line."""
    sheet = pages.sheet
    sheet.skip(14)
    heights = [_row_height(step, columns) for step in phase.steps]
    head = _height(phase.title, HEADING, WIDTH) + 4 + _height(paper.words.step, COLUMN, WIDTH) + 6
    pages.require(head + sum(heights[:2]))
    sheet.text(phase.title, HEADING)
    sheet.skip(4)
    _column_heads(pages, paper, phase, columns)
    for at, (step, height) in enumerate(zip(phase.steps, heights, strict=True)):
        is_last_but_one = at == len(heights) - 2
        pages.require(height + heights[-1] if is_last_but_one else height)
        _row(pages, step, columns)


def _column_heads(pages: Pages, paper: Paper, phase: PaperPhase, columns: _Columns) -> None:
    words, sheet = paper.words, pages.sheet
    texts = ["", words.number, *phase.heads_in(words), words.who]
    for text, (x, width) in zip(texts, _places(columns), strict=False):
        if text:
            sheet.text_at(text, COLUMN, x=x, y=sheet.y, width=max(width, 1) + GUTTER)
    sheet.skip(COLUMN.leading + 2)
    sheet.rule(RULE)


def _row(pages: Pages, step: PaperStep, columns: _Columns) -> None:
    """The cells side by side, then the notes below, line by line over the end of a page."""
    sheet = pages.sheet
    sheet.skip(ROW)
    text_style = QUIET if step.is_settled else BODY
    cells = [
        ("☑" if step.is_settled else "☐", BODY),
        (str(step.number), QUIET),
        (step.text, text_style),
        (step.state, text_style),
        (step.due, PRESSING if step.is_pressing else text_style),
        (step.who, text_style),
    ]
    heights = [
        sheet.text_at(text, style, x=x, y=sheet.y, width=width)
        for (text, style), (x, width) in zip(cells, _places(columns), strict=False)
        if text
    ]
    sheet.y -= max(heights)
    x, width = LEFT + columns.box + columns.number, WIDTH - columns.box - columns.number
    for note in step.notes:
        for line in wrapped(note, NOTE, width):
            pages.require(NOTE.leading)
            pages.sheet.text_at(line, NOTE, x=x, y=pages.sheet.y, width=width + 1)
            pages.sheet.y -= NOTE.leading
    sheet.skip(ROW)
    sheet.rule(RULE)


def _places(columns: _Columns) -> list[tuple[float, float]]:
    """The left end and the width of each cell; the last one only where it is wide."""
    widths = [columns.box, columns.number, columns.text, columns.state, columns.due, columns.who]
    places, x = [], LEFT
    for width in widths:
        if width:
            places.append((x, width - GUTTER if width > columns.number else width))
        x += width
    return places


def _row_height(step: PaperStep, columns: _Columns) -> float:
    """Of the cells and the first lines below; the rest may go on over the page."""
    places = _places(columns)
    cells = [step.text, step.state, step.due, step.who]
    heights = [
        _height(text, BODY, width)
        for text, (_x, width) in zip(cells, places[2:], strict=False)
        if text
    ]
    return max(heights) + 2 * ROW + min(len(step.notes), 3) * NOTE.leading


def _comments(pages: Pages, paper: Paper) -> None:
    if not paper.comments:
        return
    _heading(pages, paper.words.comments)
    for comment in paper.comments:
        for line in wrapped(comment, BODY, WIDTH):
            pages.require(BODY.leading)
            pages.sheet.text(line, BODY, width=WIDTH + 1)
        pages.sheet.skip(3)


def _contacts(pages: Pages, paper: Paper) -> None:
    if paper.contacts:
        _heading(pages, paper.words.contacts, with_next=len(paper.contacts) * 15.0)
        _facts(pages, paper.contacts)


def _heading(pages: Pages, text: str, *, with_next: float = 15.0) -> None:
    pages.sheet.skip(14)
    pages.require(HEADING.leading + 4 + with_next)
    pages.sheet.text(text, HEADING)
    pages.sheet.skip(4)


def _height(text: str, style: Style, width: float) -> float:
    return len(wrapped(text, style, width)) * style.leading
