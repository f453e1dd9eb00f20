"""`show` and `deliver` take the number of a request or of a licence."""

from opskit.core.errors import InvalidError
from opskit.core.refs import parse_number


def parse_either(text: str, *, otherwise: str) -> tuple[str, int]:
    """`l1042` is ("L", 1042); `R12` and `12` are ("R", 12).

    Raises:
        InvalidError: it is neither; `otherwise` is the hint.
    """
    letter = "L" if text.strip().upper().startswith("L") else "R"
    try:
        return letter, parse_number(letter, text)
    except InvalidError as err:
        raise InvalidError(err.message, hint=otherwise) from err
