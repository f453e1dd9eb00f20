"""Which encoding a person's file is in: UTF-8, or the cp1252 that Excel writes."""

import codecs

from opskit.core.errors import InvalidError
from opskit.core.i18n import _


def decode(content: bytes, *, source: str) -> tuple[str, str]:
    """The text and its encoding, in the spelling that writes the same bytes again.

    Raises:
        InvalidError: it is no text, or mixes two encodings.
    """
    for start, reason in _other_kinds().items():
        if content.startswith(start):
            raise _no_text(source, reason)
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise _no_text(f"{source}:{line}", _("there is a NUL byte, so this is no text"))
    encoding = "utf-8-sig" if content.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError as err:
        line = content[: err.start].count(b"\n") + 1
        if encoding == "utf-8-sig" or _has_utf8_accents(content):
            reason = _("this line is not UTF-8, but others are")
            raise _no_text(f"{source}:{line}", reason) from err
    try:
        return content.decode("cp1252"), "cp1252"
    except UnicodeDecodeError as err:
        raise _no_text(f"{source}:{line}", _("this is neither UTF-8 nor Windows text")) from err


def _other_kinds() -> dict[bytes, str]:
    """How files begin that people take for CSV."""
    return {
        b"PK\x03\x04": _("this is an Excel workbook, not CSV"),
        b"\xd0\xcf\x11\xe0": _("this is an old Excel workbook, not CSV"),
        b"%PDF-": _("this is a PDF, no table"),
        codecs.BOM_UTF16_LE: _("this is UTF-16 text, not CSV"),
        codecs.BOM_UTF16_BE: _("this is UTF-16 text, not CSV"),
    }


def _has_utf8_accents(content: bytes) -> bool:
    """Whether a line is UTF-8 beyond ASCII; in a cp1252 file that hardly happens by chance."""
    return any(not line.isascii() and _is_utf8(line) for line in content.splitlines())


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _no_text(where: str, reason: str) -> InvalidError:
    return InvalidError(
        f"{where}: {reason}", hint=_("save it as CSV, in UTF-8 or as Excel writes CSV")
    )
