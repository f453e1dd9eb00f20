"""What a licence says, in words and whole values (docs/spec/license-key-v1.md, section 2).

A payload that exists can be written down: every value fits its field, and the dates are in order.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

EPOCH: Final = date(2020, 1, 1)
LAST_DATE: Final = EPOCH + timedelta(days=0xFFFE)
MODULE_BITS: Final = 48
_ALL_MODULES: Final = frozenset(range(MODULE_BITS))
UNBOUND_SITE: Final = bytes(8)
SITE_DOMAIN: Final = b"opskit/site/v1\0"
EXTENSION_ROOM: Final = 403
ANCHOR_NUMBER: Final = 1
ANCHOR_SIZE: Final = 13
LINK_BITS: Final = 100

_U8: Final = 0xFF
_U16: Final = 0xFFFF
_U32: Final = 0xFFFF_FFFF


class LicenseKind(StrEnum):
    """What a licence is for; a public key may sign some kinds only."""

    PRODUCTION = "production"
    TEST = "test"
    DEMO = "demo"
    TEMPORARY = "temporary"


class Unlimited(Enum):
    """A number of users that is no number, so that nobody types it by mistake."""

    UNLIMITED = "unlimited"


UNLIMITED: Final = Unlimited.UNLIMITED
UserCount = int | Unlimited


class ErpVersion(NamedTuple):
    """The two levels of a product version that a licence looks at."""

    major: int
    minor: int

    @classmethod
    def parse(cls, text: str) -> "ErpVersion":
        """Read `12.4` or `12.4.7`; deeper levels do not count.

        Raises:
            ValueError: the text does not begin with two numbers.
        """
        major, _, rest = text.partition(".")
        minor = rest.partition(".")[0]
        if not all(level.isascii() and level.isdigit() for level in (major, minor)):
            raise ValueError(f"{text!r} is no version such as 12.4")
        return cls(int(major), int(minor))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


@dataclass(frozen=True, slots=True)
class Extension:
    """A later addition: a verifier that does not know its number skips it, unless critical."""

    number: int
    value: bytes
    critical: bool = False


class InvalidPayloadError(ValueError):
    """A licence that cannot be written down: which field, and why."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class LicensePayload:
    """Everything a licence says. `None` as a date or as the ceiling means: without an end.

    Raises:
        InvalidPayloadError: a value does not fit its field, or the dates are inverted.
    """

    kind: LicenseKind
    key_id: int
    product: int
    edition: int
    serial: int
    client_number: int
    sequence: int
    issued_on: date
    valid_from: date
    last_day: date | None
    maintenance_until: date | None
    grace_days: int
    overage_percent: int
    named_users: UserCount
    concurrent_users: UserCount
    version_ceiling: ErpVersion | None
    modules: frozenset[int]
    site: bytes = UNBOUND_SITE
    extensions: tuple[Extension, ...] = ()

    def __post_init__(self) -> None:
        for field, value, highest in _numbers(self):
            if not 0 <= value <= highest:
                raise InvalidPayloadError(field, f"{value} is not between 0 and {highest}")
        _check_dates(self)
        _check_ceiling(self.version_ceiling)
        _check_extensions(self.extensions)
        if not self.modules <= _ALL_MODULES:
            raise InvalidPayloadError("modules", f"bits go from 0 to {MODULE_BITS - 1}")
        if len(self.site) != len(UNBOUND_SITE):
            raise InvalidPayloadError("site", f"a site digest has {len(UNBOUND_SITE)} bytes")


def site_digest(site: str) -> bytes:
    """What binds a licence to the installation that knows itself by this text.

    Raises:
        ValueError: the text is empty, or its digest would mean "bound to no site".
    """
    digest = hashlib.sha256(SITE_DOMAIN + site.encode()).digest()[: len(UNBOUND_SITE)]
    if not site or digest == UNBOUND_SITE:
        raise ValueError(f"a licence cannot be bound to the site {site!r}")
    return digest


def anchor_complaint(extension: Extension) -> str | None:
    """Why an extension of number 1 is no emergency anchor; other numbers are not looked at."""
    if extension.number != ANCHOR_NUMBER:
        return None
    if extension.critical:
        return "an emergency anchor is not critical"
    if len(extension.value) != ANCHOR_SIZE:
        return f"an emergency anchor has {ANCHOR_SIZE} bytes"
    days = int.from_bytes(extension.value, "big") >> LINK_BITS
    return None if days else "an emergency anchor grants at least 1 day"


def _numbers(payload: LicensePayload) -> Iterator[tuple[str, int, int]]:
    """Each number with its field's name and highest value."""
    for field in ("key_id", "product", "edition", "grace_days", "overage_percent"):
        yield field, getattr(payload, field), _U8
    for field in ("serial", "client_number"):
        yield field, getattr(payload, field), _U32
    yield "sequence", payload.sequence, _U16
    for field in ("named_users", "concurrent_users"):
        count: UserCount = getattr(payload, field)
        if not isinstance(count, Unlimited):
            yield field, count, _U16 - 1


def _check_dates(payload: LicensePayload) -> None:
    for field in ("issued_on", "valid_from", "last_day", "maintenance_until"):
        day: date | None = getattr(payload, field)
        if day is not None and not EPOCH <= day <= LAST_DATE:
            raise InvalidPayloadError(field, f"{day} is not between {EPOCH} and {LAST_DATE}")
    if payload.last_day is not None and payload.last_day < payload.valid_from:
        raise InvalidPayloadError(
            "last_day", f"{payload.last_day} is before the first day {payload.valid_from}"
        )


def _check_ceiling(ceiling: ErpVersion | None) -> None:
    if ceiling is None:
        return
    if not all(0 <= level <= _U8 for level in ceiling) or ceiling == (_U8, _U8):
        raise InvalidPayloadError("version_ceiling", f"{ceiling} is not between 0.0 and 255.254")


def _check_extensions(extensions: tuple[Extension, ...]) -> None:
    numbers = [extension.number for extension in extensions]
    if not all(0 < number < 0x80 for number in numbers):  # noqa: PLR2004 -- seven bits of a tag
        raise InvalidPayloadError("extensions", "numbers go from 1 to 127")
    if any(after <= before for before, after in pairwise(numbers)):
        raise InvalidPayloadError("extensions", "numbers must ascend")
    for complaint in filter(None, map(anchor_complaint, extensions)):
        raise InvalidPayloadError("extensions", complaint)
    sizes = [len(extension.value) for extension in extensions]
    if any(size > _U8 for size in sizes):
        raise InvalidPayloadError("extensions", f"a value has at most {_U8} bytes")
    if sum(2 + size for size in sizes) > EXTENSION_ROOM:
        raise InvalidPayloadError("extensions", f"there is room for {EXTENSION_ROOM} bytes in all")
