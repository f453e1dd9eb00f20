"""One of a few words, as typed."""

from enum import StrEnum
from typing import TypeVar

from opskit.core.errors import InvalidError

Choice = TypeVar("Choice", bound=StrEnum)


def one_of(choices: type[Choice], text: str, *, otherwise: str) -> Choice:
    """The choice whose word it is, in either case.

    Raises:
        InvalidError: it is none; `otherwise` says so, with `{text}` for what was typed.
    """
    try:
        return choices(text.strip().lower())
    except ValueError as err:
        raise InvalidError(otherwise.format(text=repr(text)), hint=", ".join(choices)) from err
