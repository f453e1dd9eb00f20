"""One cell of a table, read into a value or refused with a reason that its owner understands.

Every reader takes the text of the cell and raises an OpsError; `importing` puts file, line and
field before its message.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from opskit.core.business_days import CANTONS
from opskit.core.dates import parse_date
from opskit.core.errors import InvalidError
from opskit.core.i18n import _

Reader = Callable[[str], Any]

LONGEST_TEXT = 200
LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_THOUSANDS = str.maketrans("", "", " '’\u00a0\u202f")
_CALENDAR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}")
_ANY_DAY = date(2000, 1, 1)  # only today and +10bd count from it, and those are refused here


def optional_text(cell: str) -> str:
    """Text on one line, accents composed, at most 200 characters."""
    text = unicodedata.normalize("NFC", " ".join(cell.split()))
    if not text.isprintable():
        raise _refused(_("there is a character in it that cannot be seen"))
    if len(text) > LONGEST_TEXT:
        raise _refused(_("is longer than {most} characters").format(most=LONGEST_TEXT))
    return text


def required_text(cell: str) -> str:
    """Text that must not be empty."""
    text = optional_text(cell)
    if not text:
        raise _refused(_("is empty"))
    return text


def email(cell: str) -> str:
    """A mail address, or nothing. Accents before the `@` are allowed (RFC 6531)."""
    text = optional_text(cell)
    if text and (len(text) > LONGEST_EMAIL or not _EMAIL.fullmatch(text)):
        raise _refused(_("{text} is no mail address").format(text=repr(text)))
    return text


def one_of(choices: Sequence[str]) -> Callable[[str], str]:
    """A reader for a closed list; case does not count."""

    def read(cell: str) -> str:
        text = required_text(cell).lower()
        if text not in choices:
            raise _refused(
                _("{text} is none of {choices}").format(text=repr(text), choices=", ".join(choices))
            )
        return text

    return read


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A reader for a number in digits; the Swiss thousands in `1'200` are understood."""

    def read(cell: str) -> int:
        text = required_text(cell)
        digits = text.translate(_THOUSANDS)
        if not re.fullmatch(r"-?[0-9]{1,12}", digits):
            raise _refused(_("{text} is no whole number").format(text=repr(text)))
        number = int(digits)
        if not least <= number <= most:
            raise _refused(
                _("{number} is not between {least} and {most}").format(
                    number=number, least=least, most=most
                )
            )
        return number

    return read


def optional_day(cell: str) -> date | None:
    """`2027-01-20`, `20.01.2027`, or nothing."""
    return day(cell) if cell.strip() else None


def day(cell: str) -> date:
    """`2027-01-20` or `20.01.2027`."""
    text = required_text(cell)
    if not _CALENDAR.fullmatch(text):
        raise _refused(
            _("{text} is no date, such as 2027-12-31 or 31.12.2027").format(text=repr(text))
        )
    return parse_date(text, today=_ANY_DAY)


def optional_canton(cell: str) -> str | None:
    """A canton, or nothing."""
    return canton(cell) if cell.strip() else None


def canton(cell: str) -> str:
    text = required_text(cell).upper()
    if text not in CANTONS:
        raise _refused(_("{canton} is no Swiss canton").format(canton=repr(text)))
    return text


def _refused(reason: str) -> InvalidError:
    return InvalidError(reason, hint=_("mend the row and import it again"))
