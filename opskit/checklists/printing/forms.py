"""The forms in which a paper is written, each as the bytes of a file."""

from enum import StrEnum
from pathlib import Path

from opskit.checklists.printing.content import Paper
from opskit.core.choosing import one_of
from opskit.core.i18n import _


class Form(StrEnum):
    """What `--format` takes."""

    MARKDOWN = "md"
    HTML = "html"
    PDF = "pdf"


def form_of(text: str | None, out: Path) -> Form:
    """The form that was asked for, else the one that the file's name ends in.

    Raises:
        InvalidError: there is no such form.
    """
    wanted = out.suffix.lstrip(".") if text is None else text
    return one_of(Form, wanted, otherwise=_("{text} is no form of a paper"))


def written(paper: Paper, form: Form) -> bytes:
    """The content of the file; only what the form needs is loaded."""
    match form:
        case Form.MARKDOWN:
            from opskit.checklists.printing.markdown import markdown

            return markdown(paper).encode()
        case Form.HTML:
            from opskit.checklists.printing.html import html

            return html(paper).encode()
        case Form.PDF:
            from opskit.checklists.printing.pdf import pdf

            return pdf(paper)
