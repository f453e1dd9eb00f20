"""The certificate: one A4 page in the client's language, the same bytes for the same licence."""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from licenses.delivery.content import Certificate
from licenses.delivery.qr import qr_code
from licenses.delivery.typed_page import support_lines
from licenses.delivery.wording import Wording, wording
from opskit.core.fonts import BOLD, MONO, register_fonts
from opskit.core.sheet import (
    A4,
    ACCENT,
    BODY,
    FAINT,
    INK,
    LEFT,
    MARGIN,
    NOTE,
    RIGHT,
    TINT,
    WIDTH,
    Sheet,
    Style,
    text_width,
)

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

SCALES = (1.16, 1.1, 1.05, 1.0, 0.96, 0.92, 0.88, 0.84, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55)
MODULE_COLUMNS = 3
GUTTER = 14.0
QR_SIDE = 138.0  # 49 mm: a camera reads the modules of a full key at 0.7 mm

TITLE = Style(19, BOLD, ACCENT)
NAME = Style(13.5, BOLD)
LABEL = Style(7.4, colour=FAINT)
VALUE = Style(9.6)
CODE = Style(7.6, MONO, FAINT)
KEY = Style(12.6, MONO)


def certificate(content: Certificate, language: str) -> bytes:
    """The PDF. A crowded page is written smaller, a short one larger."""
    register_fonts()
    words = wording(language)
    scale = next((each for each in SCALES if _fits(content, words, each)), SCALES[-1])
    file = BytesIO()
    canvas = _canvas(file, content, words)
    _draw(Sheet(canvas, scale), content, words)
    canvas.save()
    return file.getvalue()


def _fits(content: Certificate, words: Wording, scale: float) -> bool:
    """Drawn on paper that is thrown away."""
    sheet = Sheet(_canvas(BytesIO(), content, words), scale)
    _draw(sheet, content, words)
    return sheet.y >= MARGIN * 0.8


def _canvas(file: BytesIO, content: Certificate, words: Wording) -> "Canvas":
    """Invariant: no time and no random id in the file."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(file, pagesize=A4, invariant=1, pageCompression=1, lang=words.code)
    canvas.setTitle(f"{content.title(words)} {content.number}, {content.client}")
    canvas.setAuthor(content.support.name)
    canvas.setCreator("opskit")
    return canvas


def _draw(sheet: Sheet, content: Certificate, words: Wording) -> None:
    _head(sheet, content, words)
    _facts(sheet, content, words)
    _modules(sheet, content, words)
    _key(sheet, content, words)
    _entering(sheet, words)
    _support(sheet, content, words)


def _head(sheet: Sheet, content: Certificate, words: Wording) -> None:
    number = sheet.scaled(TITLE)
    room = text_width(content.number, number)
    sheet.text_at(content.number, TITLE, x=RIGHT - room, y=sheet.y, width=room + 1)
    sheet.text(content.title(words), TITLE, width=WIDTH - room - GUTTER)
    sheet.skip(4)
    sheet.rule(ACCENT)
    sheet.skip(7)
    label = words.labelled(words.reference, content.reference)
    room = text_width(label, sheet.scaled(BODY))
    sheet.text_at(label, BODY, x=RIGHT - room, y=sheet.y - 3, width=room + 1)
    sheet.text(content.client, NAME, width=WIDTH - room - GUTTER)
    sheet.skip(7)


def _facts(sheet: Sheet, content: Certificate, words: Wording) -> None:
    """Two columns, the second one the dates and limits."""
    facts = list(content.facts(words))
    half = 6  # client to issue; then validity to site
    width = (WIDTH - GUTTER) / 2
    top = sheet.y
    ends = []
    for column, part in enumerate((facts[:half], facts[half:])):
        sheet.y = top
        for label, value, note in part:
            _fact(sheet, (label, value, note), x=LEFT + column * (width + GUTTER), width=width)
        ends.append(sheet.y)
    sheet.y = min(ends)
    for note in content.notes(words):
        sheet.text(note, BODY)


def _fact(sheet: Sheet, fact: tuple[str, str, str], *, x: float, width: float) -> None:
    label, value, note = fact
    sheet.text(label, LABEL, x=x, width=width)
    sheet.text(value, VALUE, x=x, width=width)
    if note:
        sheet.text(note, NOTE, x=x, width=width)
    sheet.skip(4)


def _modules(sheet: Sheet, content: Certificate, words: Wording) -> None:
    """Down the columns, in the catalogue's order."""
    sheet.heading(words.modules)
    modules = content.modules(words)
    if not modules:
        sheet.text(words.no_modules, BODY)
        return
    rows = -(-len(modules) // MODULE_COLUMNS)
    width = (WIDTH - (MODULE_COLUMNS - 1) * GUTTER) / MODULE_COLUMNS
    indent = max(text_width(code, sheet.scaled(CODE)) for code, _name in modules) + 6
    for row in range(rows):
        heights = []
        for column, (code, name) in enumerate(modules[row::rows]):
            x = LEFT + column * (width + GUTTER)
            sheet.text_at(code, CODE, x=x, y=sheet.y - 0.6, width=width)
            room = width - indent
            heights.append(sheet.text_at(name, BODY, x=x + indent, y=sheet.y, width=room))
        sheet.y -= max(heights)


def _key(sheet: Sheet, content: Certificate, words: Wording) -> None:
    """The typed lines, and beside them the same as a QR code."""
    sheet.heading(words.license + " " + content.number)
    top = sheet.y
    side = QR_SIDE * min(1.0, max(sheet.scale, 0.8))
    width = WIDTH - side - GUTTER
    lines = content.typed_lines
    style = _fitting(KEY, lines, sheet, width - 2 * GUTTER)
    leading = style.size * sheet.scale * 1.5
    height = len(lines) * leading + GUTTER
    sheet.canvas.setFillColorRGB(*TINT)
    sheet.canvas.roundRect(LEFT, top - height, width, height, 4, stroke=0, fill=1)
    digits = len(str(len(lines)))
    for place, line in enumerate(lines):
        number, _colon, symbols = line.partition(":")
        text = f"{number:>{digits}}:{symbols}"
        y = top - GUTTER / 2 - place * leading
        sheet.text_at(text, style, x=LEFT + GUTTER, y=y, width=width)
    _draw_qr(sheet.canvas, content.signed, x=RIGHT - side, top=top, side=side)
    caption = sheet.text_at(words.code_caption, NOTE, x=RIGHT - side, y=top - side - 2, width=side)
    sheet.y = min(top - height, top - side - 2 - caption)
    sheet.skip(2)


def _fitting(style: Style, lines: Sequence[str], sheet: Sheet, width: float) -> Style:
    """The style, smaller where the widest line needs it."""
    widest = max(text_width(line + " ", sheet.scaled(style)) for line in lines)
    return Style(style.size * min(1.0, width / widest), style.font, style.colour)


def _draw_qr(canvas: "Canvas", signed: bytes, *, x: float, top: float, side: float) -> None:
    """One path for all modules: drawn one by one, a viewer shows hair lines between them."""
    matrix = qr_code(signed).matrix
    module = side / len(matrix)  # the quiet zone is the white paper around
    path = canvas.beginPath()
    for row, modules in enumerate(matrix):
        for column, dark in enumerate(modules):
            if dark:
                path.rect(x + column * module, top - (row + 1) * module, module, module)
    canvas.setFillColorRGB(*INK)
    canvas.drawPath(path, stroke=0, fill=1)


def _entering(sheet: Sheet, words: Wording) -> None:
    sheet.heading(words.entering)
    for number, step in enumerate(words.entering_steps, start=1):
        sheet.text_at(f"{number}.", BODY, x=LEFT, y=sheet.y, width=GUTTER)
        sheet.text(step, BODY, x=LEFT + GUTTER, width=WIDTH - GUTTER)


def _support(sheet: Sheet, content: Certificate, words: Wording) -> None:
    sheet.heading(words.whom_to_call)
    sheet.text(words.call_note.format(reference=content.reference), BODY)
    sheet.text("  ·  ".join(support_lines(content, words)), BODY)
