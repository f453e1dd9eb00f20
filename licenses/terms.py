"""What a licence request asks for, and the payload that it becomes."""

from dataclasses import dataclass
from datetime import date

from licenses.payload import (
    UNBOUND_SITE,
    UNLIMITED,
    ErpVersion,
    InvalidPayloadError,
    LicenseKind,
    LicensePayload,
    UserCount,
)
from opskit.core.catalog import Catalog
from opskit.core.errors import InvalidError
from opskit.core.i18n import _


@dataclass(frozen=True, slots=True)
class Terms:
    """As a person states them. `None` users are unlimited, `None` dates have no end.

    Named and concurrent seats are two pools that add up; a client without the second has 0 of it.
    """

    kind: LicenseKind
    product: str
    edition: str
    modules: tuple[str, ...]
    named_users: int | None
    concurrent_users: int | None
    valid_from: date
    last_day: date | None
    maintenance_until: date | None
    version_ceiling: str | None


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the register adds when the licence takes shape."""

    serial: int
    sequence: int
    key_id: int
    client_number: int
    issued_on: date


def parse_kind(text: str) -> LicenseKind:
    """Raises InvalidError for a word that is no kind."""
    try:
        return LicenseKind(text.strip().lower())
    except ValueError as err:
        raise InvalidError(
            _("{text} is no kind of licence").format(text=repr(text)),
            hint=", ".join(LicenseKind),
        ) from err


def parse_users(text: str) -> int | None:
    """`60` is 60 users; only the word `unlimited` means no limit, so that 0 never does.

    Raises:
        InvalidError: neither a number from 1 to 65534 nor the word.
    """
    typed = text.strip()
    if typed.lower() == UNLIMITED.value:
        return None
    count = int(typed) if typed.isascii() and typed.isdigit() else 0
    if not 1 <= count <= 0xFFFE:  # noqa: PLR2004 (the format's largest number)
        raise InvalidError(
            _("{text} is no number of users").format(text=repr(text)),
            hint=_("a number from 1 to 65534, or the word unlimited"),
        )
    return count


def parse_modules(text: str, catalog: Catalog) -> tuple[str, ...]:
    """`FIN ap,AR` in the catalogue's order, each once.

    Raises:
        NotFoundError: an unknown module, with the nearest codes.
        InvalidError: none at all, or one that is no longer sold.
    """
    asked = {catalog.module(code) for code in text.replace(",", " ").split()}
    retired = [module.code for module in asked if module.retired]
    if not asked or retired:
        raise InvalidError(
            _("no longer sold: {modules}").format(modules=" ".join(retired))
            if retired
            else _("a licence needs at least one module"),
            hint="opskit license catalog",
        )
    return tuple(module.code for module in catalog.modules if module in asked)


def to_payload(terms: Terms, stamp: Stamp, catalog: Catalog) -> LicensePayload:
    """The exact content that is approved and signed.

    Raises:
        InvalidError: a date, number or version does not fit the licence format.
    """
    try:
        return LicensePayload(
            kind=terms.kind,
            key_id=stamp.key_id,
            product=catalog.product(terms.product).number,
            edition=catalog.edition(terms.edition).number,
            serial=stamp.serial,
            client_number=stamp.client_number,
            sequence=stamp.sequence,
            issued_on=stamp.issued_on,
            valid_from=terms.valid_from,
            last_day=terms.last_day,
            maintenance_until=terms.maintenance_until,
            grace_days=0,
            overage_percent=0,
            named_users=_limit(terms.named_users),
            concurrent_users=_limit(terms.concurrent_users),
            version_ceiling=_ceiling(terms.version_ceiling),
            modules=catalog.module_bits(terms.modules),
            site=UNBOUND_SITE,
        )
    except InvalidPayloadError as err:
        raise InvalidError(
            _("a licence cannot say this: {reason}").format(reason=err),
            hint=_("check the dates and numbers: opskit license request --help"),
        ) from err


def check_terms(terms: Terms, catalog: Catalog, *, today: date) -> None:
    """Refuse at once what could never be issued, by building the payload with a blank stamp."""
    blank = Stamp(serial=1, sequence=1, key_id=1, client_number=1, issued_on=today)
    to_payload(terms, blank, catalog)


def describe(terms: Terms) -> list[tuple[str, str]]:
    """The terms as label and value, in the order in which one reads them aloud."""
    return [
        (_("Kind"), terms.kind.value),
        (_("Product"), f"{terms.product} {terms.edition}"),
        (_("Modules"), " ".join(terms.modules)),
        (_("Named users"), str(shown_users(terms.named_users))),
        (_("Concurrent users"), str(shown_users(terms.concurrent_users))),
        (_("Valid from"), terms.valid_from.isoformat()),
        (_("Last usable day"), _day(terms.last_day)),
        (_("Maintenance until"), _day(terms.maintenance_until)),
        (_("Up to version"), terms.version_ceiling or _("any")),
    ]


def shown_users(count: int | None) -> int | str:
    """A number, or the word that `parse_users` understands."""
    return UNLIMITED.value if count is None else count


def _day(day: date | None) -> str:
    return day.isoformat() if day else _("without end")


def _limit(count: int | None) -> UserCount:
    return UNLIMITED if count is None else count


def _ceiling(version: str | None) -> ErpVersion | None:
    try:
        return ErpVersion.parse(version) if version else None
    except ValueError as err:
        raise InvalidError(str(err), hint=_("a version looks like 12.4")) from err
