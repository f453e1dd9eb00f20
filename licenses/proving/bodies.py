"""What the body of a licence has to be after the columns of its row.

Making a payload and writing it down is the one truth, and too slow for a million. Of a body, one
part depends on the terms alone and is made once for all licences that share them; the rest, the
stamp, is five numbers (docs/spec/license-key-v1.md, section 2).
"""

import json
import struct
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from licenses.keyformat import decode, encode
from licenses.payload import ANCHOR_NUMBER, ANCHOR_SIZE, EPOCH, LicenseKind
from licenses.refusals import LicenseRefusedError
from licenses.terms import Stamp, Terms, to_payload
from opskit.core.catalog import Catalog
from opskit.core.errors import OpsError

REMEMBERED = 1 << 16  # terms; each takes some hundred bytes

_STAMP = struct.Struct(">xBxxIIHH")
_FIXED_SIZE = 45
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
    def expected(columns: tuple[object, ...]) -> bytes | None:
        try:
            terms = _terms(TermsColumns(*columns))  # type: ignore[arg-type] # as `pages` selects them
            return terms_part(encode(to_payload(terms, _BLANK, catalog)))
        except (OpsError, ValueError, TypeError):
            return None

    return expected


def _terms(columns: TermsColumns) -> Terms:
    return Terms(
        kind=LicenseKind(columns.kind),
        product=columns.product,
        edition=columns.edition,
        modules=tuple(json.loads(columns.modules)),
        named_users=columns.named_users,
        concurrent_users=columns.concurrent_users,
        valid_from=date.fromisoformat(columns.valid_from),
        last_day=_day(columns.last_day),
        maintenance_until=_day(columns.maintenance_until),
        version_ceiling=columns.version_ceiling,
        grace_days=columns.grace_days,
        site=columns.site,
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
