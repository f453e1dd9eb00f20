"""Crockford's base32, made for people who read aloud and type (specification, section 1.1).

write(1042, 4) == "010J"
fold("o1-0j") == "010J"
"""

from collections.abc import Iterable
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOL_BITS: Final = 5

_SEPARATORS: Final = " \t\u00a0\u202f-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_LOOK_ALIKES: Final = {"O": "0", "o": "0", "I": "1", "i": "1", "L": "1", "l": "1"}
_LOWER_CASE: Final = {symbol.lower(): symbol for symbol in ALPHABET if symbol.isalpha()}
_FOLDING: Final = str.maketrans(
    {**_LOWER_CASE, **_LOOK_ALIKES, **dict.fromkeys(_SEPARATORS, "")},
)
_VALUES: Final = {symbol: value for value, symbol in enumerate(ALPHABET)}


def fold(text: str) -> str:
    """The symbols that somebody meant: no spaces and dashes, upper case, 0 for O, 1 for I and L.

    What is no symbol stays, so that `are_symbols` can tell.
    """
    return text.translate(_FOLDING)


def are_symbols(text: str) -> bool:
    return all(symbol in _VALUES for symbol in text)


def values(symbols: str) -> list[int]:
    """0 to 31 for each symbol of a folded text."""
    return [_VALUES[symbol] for symbol in symbols]


def symbols(numbers: Iterable[int]) -> str:
    return "".join(ALPHABET[number] for number in numbers)


def write(number: int, count: int) -> str:
    """A number as `count` symbols, the highest first."""
    return symbols(number >> SYMBOL_BITS * place & 0x1F for place in reversed(range(count)))


def read(symbols: str) -> int:
    """The number that folded symbols write."""
    number = 0
    for value in values(symbols):
        number = number << SYMBOL_BITS | value
    return number


def in_groups(symbols: str, size: int) -> str:
    """`ABCDE-FGHJK-MN`"""
    return "-".join(symbols[start : start + size] for start in range(0, len(symbols), size))
