"""Codes that support reads out when a licence cannot be renewed in time (specification, section 9).

A licence carries the end of a hash chain, the anchor. Each code is an earlier link: whoever holds
the anchor can check a code and cannot make one. The vendor keeps the secret that begins the chain.

    grant = redeem(payload, "7K3QM-...", last_used=0, at=now)    # in the product, which then asks
    verify(text, keys, at=now, grants={payload.serial: grant.until})    # whether it helps
    code(secret, serial=1042, number=1)                          # at the vendor's
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from licenses import crockford
from licenses.payload import (
    ANCHOR_NUMBER,
    ANCHOR_SIZE,
    LINK_BITS,
    Extension,
    LicensePayload,
)
from licenses.refusals import LicenseRefusedError, Reason
from licenses.validity import ends_at

CHAIN_LENGTH: Final = 24
CODE_SYMBOLS: Final = 20
SECRET_SIZE: Final = 32
MAX_DAYS: Final = 15
LINK_DOMAIN: Final = b"opskit/emergency/v1\0"
SEED_DOMAIN: Final = b"opskit/emergency/seed/v1\0"

_GROUP: Final = 5


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code gives: the licence's end is put off until an instant, which is excluded.

    The installation keeps `number`, for ever, as the last used one of this licence's serial.
    """

    number: int
    days: int
    last_day: date  # as people are told it; it counts everywhere on Earth
    until: datetime


def redeem(payload: LicensePayload, code_text: str, last_used: int, at: datetime) -> Grant:
    """Accept a code for an authentic licence; `last_used` is 0 before the first one.

    Raises:
        LicenseRefusedError: one of the four emergency reasons, in the specification's order.
        ValueError: `at` has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone cannot be compared")
    anchored = _anchor_of(payload)
    if anchored is None:
        raise LicenseRefusedError(Reason.EMERGENCY_NONE, "the licence has no anchor")
    days, anchor = anchored
    number = _number(_read(code_text), anchor, payload.serial)
    if number is None:
        raise LicenseRefusedError(Reason.EMERGENCY_WRONG, "no code of this licence")
    if number <= last_used:
        raise LicenseRefusedError(
            Reason.EMERGENCY_REPLAY, f"code {number}, and {last_used} was used already"
        )
    last_day = put_off_to(days, at)
    return Grant(number, days, last_day, ends_at(last_day))


def put_off_to(days: int, at: datetime) -> date:
    """The last day that a code of so many days gives, entered at that instant."""
    return at.astimezone(UTC).date() + timedelta(days=days)


def chain(secret: bytes, serial: int) -> tuple[int, ...]:
    """The 25 links of a licence, each of 100 bits: the anchor, then codes 1 to 24.

    Raises:
        ValueError: the secret has not 32 bytes.
    """
    if len(secret) != SECRET_SIZE:
        raise ValueError(f"the secret has {SECRET_SIZE} bytes")
    seed = _first_bits(SEED_DOMAIN + secret + serial.to_bytes(4, "big"))
    return (*reversed([*_towards_anchor(seed, CHAIN_LENGTH, serial)]), seed)


def anchor_extension(secret: bytes, serial: int, days: int) -> Extension:
    """What the licence carries, so that each code of the secret grants it some days.

    Raises:
        ValueError: the days are not between 1 and 15.
    """
    if not 1 <= days <= MAX_DAYS:
        raise ValueError(f"a code grants 1 to {MAX_DAYS} days")
    value = days << LINK_BITS | chain(secret, serial)[0]
    return Extension(ANCHOR_NUMBER, value.to_bytes(ANCHOR_SIZE, "big"))


def code(secret: bytes, serial: int, number: int) -> str:
    """Code 1 to 24 of a licence, as it is read out.

    Raises:
        ValueError: there is no such number.
    """
    if not 1 <= number <= CHAIN_LENGTH:
        raise ValueError(f"codes go from 1 to {CHAIN_LENGTH}")
    symbols = crockford.write(chain(secret, serial)[number], CODE_SYMBOLS)
    return crockford.in_groups(symbols, _GROUP)


def days_granted(payload: LicensePayload) -> int | None:
    """The days of each code of a licence; None for one that takes no codes."""
    anchored = _anchor_of(payload)
    return None if anchored is None else anchored[0]


def _anchor_of(payload: LicensePayload) -> tuple[int, int] | None:
    """Days a code grants, and the anchor."""
    for extension in payload.extensions:
        if extension.number == ANCHOR_NUMBER:
            return divmod(int.from_bytes(extension.value, "big"), 1 << LINK_BITS)
    return None


def _read(code_text: str) -> int:
    symbols = crockford.fold(code_text)
    if len(symbols) != CODE_SYMBOLS or not crockford.are_symbols(symbols):
        raise LicenseRefusedError(
            Reason.EMERGENCY_MALFORMED, f"a code has {CODE_SYMBOLS} letters and digits"
        )
    return crockford.read(symbols)


def _number(link: int, anchor: int, serial: int) -> int | None:
    """Which link of the chain it is: that many steps away from the anchor."""
    numbers = range(1, CHAIN_LENGTH + 1)
    return next(
        (each for each in numbers if [*_towards_anchor(link, each, serial)][-1] == anchor), None
    )


def _towards_anchor(link: int, number: int, serial: int) -> Iterator[int]:
    """The links below number `number`, down to the anchor."""
    for each in range(number, 0, -1):
        step = serial.to_bytes(4, "big") + bytes([each]) + link.to_bytes(ANCHOR_SIZE, "big")
        link = _first_bits(LINK_DOMAIN + step)
        yield link


def _first_bits(message: bytes) -> int:
    digest = hashlib.sha256(message).digest()
    return int.from_bytes(digest[:ANCHOR_SIZE], "big") >> ANCHOR_SIZE * 8 - LINK_BITS
