"""The short number of a licence for the phone, never accepted as a key (specification, section 8).

    str(reference_of(signed)) == "L1042-7K3Q"

The serial finds the licence in the register, the four symbols tell that both mean the same one.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from licenses import crockford, keyformat

REFERENCE_DOMAIN: Final = b"opskit/reference/v1\0"
CHECK_SYMBOLS: Final = 4

_LETTERS: Final = ("L", "l")
_MOST_DIGITS: Final = 10
_HIGHEST_SERIAL: Final = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Reference:
    """A serial, and four symbols that depend on every byte of the licence."""

    serial: int
    check: str

    def __str__(self) -> str:
        return f"L{self.serial}-{self.check}"


def reference_of(signed: bytes) -> Reference:
    """The reference number of signed bytes.

    Raises:
        LicenseRefusedError: the bytes have not the form of a licence.
    """
    body, _signature = keyformat.split_signature(signed)
    digest = hashlib.sha256(REFERENCE_DOMAIN + signed).digest()
    first_bits = int.from_bytes(digest[:3], "big") >> 24 - crockford.SYMBOL_BITS * CHECK_SYMBOLS
    return Reference(keyformat.decode(body).serial, crockford.write(first_bits, CHECK_SYMBOLS))


def parse(text: str) -> Reference | None:
    """The reference number that somebody typed, or None when it is none."""
    written = text.strip(" \t")
    symbols = crockford.fold(written[1:])
    digits, check = symbols[:-CHECK_SYMBOLS], symbols[-CHECK_SYMBOLS:]
    fine = (
        written.startswith(_LETTERS)
        and digits.isascii()
        and digits.isdecimal()
        and len(digits) <= _MOST_DIGITS
        and str(int(digits)) == digits
        and int(digits) <= _HIGHEST_SERIAL
        and crockford.are_symbols(check)
    )
    return Reference(int(digits), check) if fine else None
