"""The names that cross between utilities: client codes, ticket keys, human numbers."""

import re
from dataclasses import dataclass

from opskit.core.errors import InvalidError
from opskit.core.i18n import _

_CLIENT_CODE = re.compile(r"[A-Z][A-Z0-9-]{1,15}")
_TICKET_KEY = re.compile(r"[A-Z][A-Z0-9]{1,9}-[1-9][0-9]{0,8}")
_NUMBER = re.compile(r"([A-Z]?)([1-9][0-9]{0,9})")
_LARGEST = {"L": 0xFFFF_FFFF}  # a licence has 32 bits for it, and an offline one uses them all
_LARGEST_OF_OTHERS = 999_999_999


@dataclass(frozen=True, slots=True)
class ClientCode:
    """A client company's short name, such as `DELEZE`."""

    value: str

    def __post_init__(self) -> None:
        if not _CLIENT_CODE.fullmatch(self.value):
            raise InvalidError(
                _("{code} is no client code").format(code=repr(self.value)),
                hint=_("2 to 16 capital letters, digits or dashes, for example DELEZE"),
            )

    @classmethod
    def parse(cls, text: str) -> "ClientCode":
        return cls(text.strip().upper())

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class TicketKey:
    """A ticket in the company's ticket platform, such as `CS-1234`."""

    value: str

    def __post_init__(self) -> None:
        if not _TICKET_KEY.fullmatch(self.value):
            raise InvalidError(
                _("{key} is no ticket key").format(key=repr(self.value)),
                hint=_("a ticket key looks like CS-1234"),
            )

    @classmethod
    def parse(cls, text: str) -> "TicketKey":
        key = text.strip().upper()
        return cls(key if _TICKET_KEY.fullmatch(key) else text)  # refused as it was typed

    def __str__(self) -> str:
        return self.value


def format_number(letter: str, number: int) -> str:
    """`R` and 12 make `R12`, the way people say it."""
    return f"{letter}{number}"


def parse_number(letter: str, text: str) -> int:
    """`R12`, `r12` or `12` is 12.

    Raises:
        InvalidError: it is no number, or one of another kind of thing.
    """
    match = _NUMBER.fullmatch(text.strip().upper())
    largest = _LARGEST.get(letter, _LARGEST_OF_OTHERS)
    if match is None or match[1] not in ("", letter) or int(match[2]) > largest:
        raise InvalidError(
            _("{text} is no number of this kind").format(text=repr(text)),
            hint=_("it looks like {example}").format(example=format_number(letter, 12)),
        )
    return int(match[2])
