"""A row of a file of requests becomes a wish, or a list of what is wrong with it. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from licenses.batching.columns import COLUMNS, REMARK
from licenses.payload import LicenseKind
from licenses.services.requests import Wish, check_wish
from licenses.terms import Terms, parse_grace, parse_kind, parse_modules, parse_users
from opskit.core.catalog import Catalog
from opskit.core.cells import Reader, optional_day, optional_text, required_text
from opskit.core.errors import InvalidError, OpsError
from opskit.core.i18n import _
from opskit.core.importing import ParsedRow, Problem, RejectedRow, parse_rows
from opskit.core.refs import ClientCode, TicketKey
from opskit.core.tabular import Row, Table
from opskit.core.workbooks import parse_file

_NAMES_OPTION = re.compile(r"--([a-z-]+): (.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """What a row asks for; the fields are the columns."""

    client: str
    kind: LicenseKind
    modules: tuple[str, ...]
    named_users: int | None
    concurrent_users: int | None
    valid_from: date
    valid_until: date | None
    maintenance_until: date
    version_ceiling: str | None
    product: str
    edition: str
    grace_days: int
    site: str | None
    order_ref: str | None
    ticket: TicketKey | None

    def wish(self) -> Wish:
        terms = Terms(
            kind=self.kind,
            product=self.product,
            edition=self.edition,
            modules=self.modules,
            named_users=self.named_users,
            concurrent_users=self.concurrent_users,
            valid_from=self.valid_from,
            last_day=self.valid_until,
            maintenance_until=self.maintenance_until,
            version_ceiling=self.version_ceiling,
            grace_days=self.grace_days,
            site=self.site,
        )
        return Wish(terms=terms, order_ref=self.order_ref, ticket=self.ticket)


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A row that can be issued as it stands, once its client is known."""

    row: Row
    client: str
    wish: Wish


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole file; `digest` is the SHA-256 of its bytes in hexadecimal."""

    table: Table
    digest: str
    asked: tuple[AskedRow, ...]
    rejected: tuple[RejectedRow, ...]

    @property
    def rows(self) -> int:
        return len(self.asked) + len(self.rejected)


def read(content: bytes, path: Path, catalog: Catalog, *, today: date) -> Sheet:
    """Every row, either as a wish or with all its problems.

    Raises:
        InvalidError: the file as a whole cannot be used, or asks for nothing.
    """
    table = parse_file(content, path, COLUMNS)
    rows = [row for row in table.rows if row.fault or not row.raw.lstrip().startswith(REMARK)]
    if not rows:
        raise InvalidError(
            _("{file}: there is no request in it").format(file=path),
            hint=_("fill in rows below the example; one that begins with # asks for nothing"),
        )
    parsed, rejected = parse_rows(rows, readers(catalog), BatchLine, unique=())
    asked: list[AskedRow] = []
    for each in parsed:
        made = _checked(each, catalog, today=today)
        if isinstance(made, RejectedRow):
            rejected.append(made)
        else:
            asked.append(made)
    rejected.sort(key=lambda each: each.row.line)
    return Sheet(table, sha256(content).hexdigest(), tuple(asked), tuple(rejected))


def readers(catalog: Catalog) -> Mapping[str, Reader]:
    """A reader for each column; days have to be spelled out, since `today` passes."""
    return {
        "client": lambda cell: ClientCode.parse(required_text(cell)).value,
        "kind": lambda cell: parse_kind(required_text(cell)),
        "modules": lambda cell: parse_modules(re.sub("[;+/]", " ", required_text(cell)), catalog),
        "named_users": lambda cell: parse_users(required_text(cell)),
        "concurrent_users": _or(0, parse_users),
        "valid_from": _day,
        "valid_until": optional_day,
        "maintenance_until": _day,
        "version_ceiling": _or(None, str.strip),
        "product": _or(catalog.products[0].code, lambda cell: catalog.product(cell).code),
        "edition": _or(catalog.editions[0].code, lambda cell: catalog.edition(cell).code),
        "grace_days": _or(0, parse_grace),
        "site": _or(None, str.strip),
        "order_ref": _or(None, str.strip),
        "ticket": _or(None, TicketKey.parse),
    }


def _or(default: object, read_cell: Callable[[str], Any]) -> Reader:
    """A reader for a cell that may be empty."""

    def read_text(cell: str) -> Any:  # noqa: ANN401 (as every Reader)
        text = optional_text(cell)
        return read_cell(text) if text else default

    return read_text


def _day(cell: str) -> date | None:
    required_text(cell)
    return optional_day(cell)


def _checked(
    parsed: ParsedRow[BatchLine], catalog: Catalog, *, today: date
) -> AskedRow | RejectedRow:
    """What is wrong with the terms as a whole names the column instead of the option."""
    wish = parsed.record.wish()
    try:
        check_wish(wish, catalog, today=today)
    except OpsError as err:
        option = _NAMES_OPTION.fullmatch(err.message)
        field, reason = (option[1].replace("-", "_"), option[2]) if option else ("row", err.message)
        return RejectedRow(parsed.row, (Problem(field, reason),))
    return AskedRow(parsed.row, parsed.record.client, wish)
