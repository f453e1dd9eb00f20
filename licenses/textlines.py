"""A text as it arrives: capped first, then its lines (specification, section 5.1)."""

import re
from typing import Final

from licenses.refusals import LicenseRefusedError, Reason

MAX_TEXT_SIZE: Final = 8192

_BLANKS: Final = " \t"
_BYTE_ORDER_MARK: Final = "\ufeff"
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


def lines_of(text: str | bytes) -> list[str]:
    """The lines that hold something, without blanks at their ends.

    Raises:
        LicenseRefusedError: the text is too long, or not UTF-8.
    """
    lines = (line.strip(_BLANKS) for line in _LINE_END.split(_decoded(text)))
    return [line for line in lines if line]


def _decoded(text: str | bytes) -> str:
    # characters are counted first: a giant text is not even encoded
    if len(text) > MAX_TEXT_SIZE:
        raise _too_long()
    try:
        raw = text.encode() if isinstance(text, str) else text
        decoded = raw.decode()
    except UnicodeError as err:
        raise LicenseRefusedError(Reason.NOT_A_KEY, "the text is not UTF-8") from err
    if len(raw) > MAX_TEXT_SIZE:
        raise _too_long()
    return decoded.removeprefix(_BYTE_ORDER_MARK)


def _too_long() -> LicenseRefusedError:
    return LicenseRefusedError(Reason.TOO_LONG, f"more than {MAX_TEXT_SIZE} bytes of text")
