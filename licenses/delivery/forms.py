"""The forms in which a licence is handed over, each as the bytes of a file."""

from enum import StrEnum

from licenses.delivery.content import Certificate
from licenses.document import license_file
from opskit.core.i18n import _


class Form(StrEnum):
    """What `--format` takes."""

    FILE = "file"
    TYPED = "typed"
    PDF = "pdf"

    def in_words(self) -> str:
        """For a person; options, JSON and the database have the English word."""
        return {
            Form.FILE: _("file"),
            Form.TYPED: _("page to type from"),
            Form.PDF: _("certificate"),
        }[self]


_ENDINGS = {Form.FILE: "lic", Form.TYPED: "txt", Form.PDF: "pdf"}


def file_name(content: Certificate, form: Form) -> str:
    """`L1042.lic`"""
    return f"{content.number}.{_ENDINGS[form]}"


def rendered(content: Certificate, form: Form, language: str) -> bytes:
    """The licence in that form; the file's headers are English, whatever the language."""
    match form:
        case Form.FILE:
            codes = [each.code for each in content.known_modules]
            return license_file(content.signed, client=content.client, modules=codes).encode()
        case Form.TYPED:
            from licenses.delivery.typed_page import typed_page

            return typed_page(content, language).encode()
        case Form.PDF:
            from licenses.delivery.certificate import certificate

            return certificate(content, language)
