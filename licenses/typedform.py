"""The typed form: signed bytes as lines that a person copies (specification, section 7).

    1: 25000-40204-12000-0...
    2: ...

Each line ends with two check symbols of a Reed-Solomon code over GF(32). Its place goes into them,
so that a line at the wrong place is as wrong as one with a typing error, and the line has a number
by which a person finds it again.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from licenses import crockford
from licenses.refusals import LicenseRefusedError, Reason
from licenses.textlines import lines_of

DATA_SYMBOLS: Final = 25
CHECK_SYMBOLS: Final = 2
LINE_SYMBOLS: Final = DATA_SYMBOLS + CHECK_SYMBOLS
MAX_LINES: Final = 33
BEGIN: Final = "-----BEGIN OPSKIT TYPED LICENCE-----"
END: Final = "-----END OPSKIT TYPED LICENCE-----"

_GROUP: Final = 5
_LAST_LINE: Final = 64
_FIELD_POLYNOMIAL: Final = 0b100101


def wrap(signed: bytes) -> str:
    """The lines for a page, numbered and in groups."""
    numbered = enumerate(_checked_lines(signed), start=1)
    return "".join(f"{number}: {crockford.in_groups(line, _GROUP)}\n" for number, line in numbered)


def qr_text(signed: bytes) -> str:
    """The same symbols in one piece, for a QR code in alphanumeric mode."""
    return "".join(_checked_lines(signed))


def unwrap(text: str | bytes) -> bytes:
    """The signed bytes of a typed form: lines, or one piece.

    Raises:
        LicenseRefusedError: too long, nothing that looks like a line, a wrong line (`lines` tells
            which), or symbols that are not the one way to write their bytes.
    """
    return from_lines(written(lines_of(text)))


def written(lines: Sequence[str]) -> list[str]:
    """The lines that hold more than spaces and dashes, such as a rule between two blocks."""
    return [line for line in lines if crockford.fold(line)]


def from_lines(lines: Sequence[str]) -> bytes:
    """`unwrap`, for lines that all hold something."""
    folded = [crockford.fold(line) for line in lines]
    if len(folded) == 1 and ":" not in folded[0]:
        folded = _pieces(folded[0], LINE_SYMBOLS)
    typed = [_Line.read(line) for line in folded]
    if not any(len(line.values) == LINE_SYMBOLS for line in typed):
        raise LicenseRefusedError(Reason.NOT_A_KEY, "nothing looks like a line of a typed key")
    if len(typed) > MAX_LINES:
        raise LicenseRefusedError(Reason.TOO_LONG, f"more than {MAX_LINES} lines")
    wrong = [
        number
        for number, line in enumerate(typed, start=1)
        if not line.fits(number, last=number == len(typed))
    ]
    if wrong:
        raise _wrong_lines(typed, wrong)
    return _to_bytes([value for line in typed for value in line.values[:-CHECK_SYMBOLS]])


class _Line(NamedTuple):
    """One line as it was typed: the number before its colon, if any, and its symbols' values."""

    written: str | None
    values: list[int]

    @classmethod
    def read(cls, folded: str) -> "_Line":
        """A line with a character that is no symbol has no values, so that it fits nowhere."""
        before, colon, symbols = folded.rpartition(":")
        values = crockford.values(symbols) if crockford.are_symbols(symbols) else []
        return cls(before if colon else None, values)

    def fits(self, number: int, *, last: bool) -> bool:
        return self.written in (None, str(number)) and self.belongs(number, last=last)

    def belongs(self, number: int, *, last: bool) -> bool:
        """Whether the symbols are those of this place, whatever number is written."""
        shortest = CHECK_SYMBOLS + 1 if last else LINE_SYMBOLS
        if not shortest <= len(self.values) <= LINE_SYMBOLS:
            return False
        message, checks = self.values[:-CHECK_SYMBOLS], self.values[-CHECK_SYMBOLS:]
        return check_symbols([*_place(number, last=last), *message]) == checks


def check_symbols(message: Sequence[int]) -> list[int]:
    """The remainder of message x^2 divided by x^2 + 3x + 2 over GF(32): two values, 0 to 31."""
    first = second = 0
    for value in message:
        carry = value ^ first
        doubled = _double(carry)
        first, second = second ^ carry ^ doubled, doubled
    return [first, second]


def _double(value: int) -> int:
    """Multiplication by 2 in GF(32) with the polynomial x^5 + x^2 + 1."""
    return value << 1 ^ (_FIELD_POLYNOMIAL if value & 0x10 else 0)


def _place(number: int, *, last: bool) -> list[int]:
    """Two values in front of a line which nobody writes."""
    return list(divmod(number + _LAST_LINE * last, 32))


def _checked_lines(signed: bytes) -> list[str]:
    pieces = _pieces(_to_symbols(signed), DATA_SYMBOLS)
    return [
        data + _checks(crockford.values(data), number, last=number == len(pieces))
        for number, data in enumerate(pieces, start=1)
    ]


def _checks(data: Sequence[int], number: int, *, last: bool) -> str:
    return crockford.symbols(check_symbols([*_place(number, last=last), *data]))


def _pieces(symbols: str, size: int) -> list[str]:
    return [symbols[start : start + size] for start in range(0, len(symbols), size)]


def _to_symbols(signed: bytes) -> str:
    count = -(-len(signed) * 8 // crockford.SYMBOL_BITS)
    padding = count * crockford.SYMBOL_BITS - len(signed) * 8
    return crockford.write(int.from_bytes(signed, "big") << padding, count)


def _to_bytes(data: Sequence[int]) -> bytes:
    bits = len(data) * crockford.SYMBOL_BITS
    size, padding = divmod(bits, 8)
    if padding >= crockford.SYMBOL_BITS:
        raise LicenseRefusedError(Reason.BAD_TYPED_LENGTH, f"{len(data)} symbols write no bytes")
    number = crockford.read(crockford.symbols(data))
    if number & (1 << padding) - 1:
        raise LicenseRefusedError(Reason.NON_ZERO_PADDING, "unused bits are not zero")
    return (number >> padding).to_bytes(size, "big")


def _wrong_lines(typed: Sequence[_Line], wrong: Sequence[int]) -> LicenseRefusedError:
    """The kindest true thing to say about lines that do not fit."""
    total = len(typed)
    # right but for being the last or not: the fault is another line's, absent or too many
    faulty = [number for number in wrong if not typed[number - 1].fits(number, last=number < total)]
    if not faulty and list(wrong) == [total]:
        return _refusal(Reason.MISSING_TYPED_LINE, f"line {total + 1} is missing", total + 1)
    wrong = faulty or wrong
    first = wrong[0]
    others = (place for place in range(1, total + 2) if place != first)
    for place in others:
        if typed[first - 1].belongs(place, last=False):
            found = f"in the place of line {first} stands line {place}"
            return _refusal(Reason.MISPLACED_TYPED_LINE, found, first)
    return _refusal(Reason.BAD_TYPED_LINE, f"wrong: {', '.join(map(str, wrong))}", *wrong)


def _refusal(reason: Reason, detail: str, *lines: int) -> LicenseRefusedError:
    return LicenseRefusedError(reason, detail, lines=lines)
