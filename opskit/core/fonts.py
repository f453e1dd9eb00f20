"""DejaVu in the PDF, so that every client's name appears: Latin with all accents, Greek, Cyrillic.

The files are those that matplotlib brings; it is only looked for, not loaded.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

REGULAR, BOLD, MONO = "DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono"


@cache
def register_fonts() -> None:
    """Make the three known to reportlab; it embeds the characters that a page uses."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    folder = font_folder()
    for name in (REGULAR, BOLD, MONO):
        registerFont(TTFont(name, str(folder / f"{name}.ttf")))


def font_folder() -> Path:
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("matplotlib, whose fonts a PDF uses", name="matplotlib")
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
