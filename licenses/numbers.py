"""`show` takes the number of a request or of a licence."""

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.refs import parse_number


def parse_either(text: str) -> tuple[str, int]:
    """`l1042` is ("L", 1042); `R12` and `12` are ("R", 12).

    Raises:
        InvalidError: it is neither.
    """
    letter = "L" if text.strip().upper().startswith("L") else "R"
    try:
        return letter, parse_number(letter, text)
    except InvalidError as err:
        raise InvalidError(
            err.message, hint=_("a request looks like R12, a licence like L1042")
        ) from err
