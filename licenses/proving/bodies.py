"""What the body of a licence has to be after the columns of its row.

Making a payload and writing it down is the one truth, and too slow for a million. Of a body, one
part depends on the terms alone; the rest, the stamp, is five numbers. Of the terms, what is bought
is written down once for all licences that share it; days and users, which differ, are put into
their places (docs/spec/license-key-v1.md, section 2).
"""

import json
import struct
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from licenses.keyformat import decode, encode
from licenses.payload import ANCHOR_NUMBER, ANCHOR_SIZE, EPOCH, LicenseKind
from licenses.refusals import LicenseRefusedError
from licenses.terms import Stamp, Terms, to_payload
from opskit.core.catalog import Catalog
from opskit.core.errors import OpsError

REMEMBERED = 1 << 12  # days, and kinds of purchase; each takes some hundred bytes

_STAMP = struct.Struct(">xBxxIIHH")
_FIXED_SIZE = 45
_DAYS, _USERS = struct.Struct(">HHH"), struct.Struct(">HH")
_DAYS_AT, _USERS_AT = 3, 11  # in the terms part
_ABSENT = 0xFFFF
_ANCHOR = bytes([ANCHOR_NUMBER, ANCHOR_SIZE])
_ONE_DAY = 0x10  # the days are the upper four bits
_BLANK = Stamp(serial=1, sequence=1, key_id=1, client_number=1, issued_on=EPOCH)


class StampFields(NamedTuple):
    """The numbers that the register added to the terms; `issued_on` in days."""

    key_id: int
    serial: int
    client_number: int
    sequence: int
    issued_on: int


class TermsColumns(NamedTuple):
    """The columns of `licenses.rows`, as text where the database has more than one form."""

    kind: str
    product: str
    edition: str
    modules: str  # JSON
    named_users: int | None
    concurrent_users: int | None
    valid_from: str
    last_day: str | None
    maintenance_until: str | None
    version_ceiling: str | None
    grace_days: int
    site: str | None


_ANY: Mapping[str, Any] = {  # what differs from licence to licence
    "named_users": None,
    "concurrent_users": None,
    "valid_from": EPOCH.isoformat(),
    "last_day": None,
    "maintenance_until": None,
}


def stamp_of(body: bytes) -> StampFields:
    return StampFields._make(_STAMP.unpack_from(body))


def terms_part(body: bytes) -> bytes:
    """Kind, product, edition, and all from the first day to the site."""
    return body[0:1] + body[2:4] + body[16:_FIXED_SIZE]


def extensions_are_sound(body: bytes) -> bool:
    """Whether the area after the fixed fields is what a verifier lets pass."""
    area = body[_FIXED_SIZE:]
    if not area or _is_anchor(area):
        return True
    try:
        decode(body)
    except LicenseRefusedError:
        return False
    return True


def _is_anchor(area: bytes) -> bool:
    """An emergency anchor that grants a day or more, and nothing else: what nearly all carry."""
    return len(area) == len(_ANCHOR) + ANCHOR_SIZE and area[:2] == _ANCHOR and area[2] >= _ONE_DAY


def expecting(catalog: Catalog) -> Callable[[tuple[object, ...]], bytes | None]:
    """The terms part that columns ask for; None for columns that no licence can say."""

    @lru_cache(maxsize=REMEMBERED)
    def written(bought: TermsColumns) -> bytes:
        return terms_part(encode(to_payload(_terms(bought), _BLANK, catalog)))

    def expected(columns: tuple[object, ...]) -> bytes | None:
        wanted = TermsColumns(*columns)  # type: ignore[arg-type] # as `pages` selects them
        try:
            return _put_in(written(wanted._replace(**_ANY)), wanted)
        except (OpsError, ValueError, TypeError, struct.error):
            return None

    return expected


def _put_in(part: bytes, wanted: TermsColumns) -> bytes:
    """The days and users in their places.

    Raises:
        ValueError: there is no such day or number, or the last day is before the first.
    """
    first, last = _day(wanted.valid_from), _day(wanted.last_day)
    if first == _ABSENT or last < first:  # without an end, it is above every day
        raise ValueError("these days are in no order")
    days = _DAYS.pack(first, last, _day(wanted.maintenance_until))
    users = _USERS.pack(_users(wanted.named_users), _users(wanted.concurrent_users))
    between, after = part[_DAYS_AT + _DAYS.size : _USERS_AT], part[_USERS_AT + _USERS.size :]
    return part[:_DAYS_AT] + days + between + users + after


@lru_cache(maxsize=REMEMBERED)
def _day(text: str | None) -> int:
    if text is None:
        return _ABSENT
    days = (date.fromisoformat(text) - EPOCH).days
    if days >= _ABSENT:
        raise ValueError(text)
    return days


def _users(count: int | None) -> int:
    if count == _ABSENT:
        raise ValueError(count)
    return _ABSENT if count is None else count


def _terms(columns: TermsColumns) -> Terms:
    return Terms(
        kind=LicenseKind(columns.kind),
        product=columns.product,
        edition=columns.edition,
        modules=tuple(json.loads(columns.modules)),
        named_users=columns.named_users,
        concurrent_users=columns.concurrent_users,
        valid_from=date.fromisoformat(columns.valid_from),
        last_day=None,
        maintenance_until=None,
        version_ceiling=columns.version_ceiling,
        grace_days=columns.grace_days,
        site=columns.site,
    )
