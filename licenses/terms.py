"""What a licence request asks for, and the payload that it becomes."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from licenses.payload import (
    EPOCH,
    LAST_DATE,
    UNBOUND_SITE,
    UNLIMITED,
    ErpVersion,
    Extension,
    InvalidPayloadError,
    LicenseKind,
    LicensePayload,
    Unlimited,
    UserCount,
    site_digest,
)
from opskit.core.catalog import Catalog
from opskit.core.choosing import one_of
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.text import fold

_OPTIONS = {  # what a person types for a field of the payload
    "valid_from": "--valid-from",
    "last_day": "--valid-until",
    "maintenance_until": "--maintenance-until",
    "version_ceiling": "--version-ceiling",
    "named_users": "--named-users",
    "concurrent_users": "--concurrent-users",
    "grace_days": "--grace-days",
    "site": "--site",
}

_UNLIMITED = frozenset({UNLIMITED.value, "illimite", "unbegrenzt", "illimitato"})  # folded


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
    grace_days: int = 0
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the register adds when the licence takes shape."""

    serial: int
    sequence: int
    key_id: int
    client_number: int
    issued_on: date
    extensions: tuple[Extension, ...] = ()


def parse_kind(text: str) -> LicenseKind:
    """Raises InvalidError for a word that is no kind."""
    return one_of(LicenseKind, text, otherwise=_("{text} is no kind of licence"))


def parse_users(text: str) -> int | None:
    """`60` is 60 users and 0 is none; only the word `unlimited` means no limit, as clients read it.

    Raises:
        InvalidError: neither a number up to 65534 nor the word.
    """
    typed = text.strip()
    if fold(typed) in _UNLIMITED:
        return None
    count = int(typed) if typed.isascii() and typed.isdigit() else -1
    if not 0 <= count <= 0xFFFE:  # noqa: PLR2004 (the format's largest number)
        raise InvalidError(
            _("{text} is no number of users").format(text=repr(text)),
            hint=_("a number up to 65534, or the word unlimited"),
        )
    return count


def parse_grace(text: str) -> int:
    """Days after the last one on which the product still works, and warns.

    Raises:
        InvalidError: no whole number from 0 to 255.
    """
    typed = text.strip()
    days = int(typed) if typed.isascii() and typed.isdigit() else -1
    if not 0 <= days <= 0xFF:  # noqa: PLR2004 (the format's largest number)
        raise InvalidError(
            _("{text} is no number of grace days").format(text=repr(text)),
            hint=_("a number of days from 0 to 255"),
        )
    return days


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
            grace_days=terms.grace_days,
            overage_percent=0,
            named_users=_limit(terms.named_users),
            concurrent_users=_limit(terms.concurrent_users),
            version_ceiling=_ceiling(terms.version_ceiling),
            modules=catalog.module_bits(terms.modules),
            site=_site(terms.site),
            extensions=stamp.extensions,
        )
    except InvalidPayloadError as err:
        raise _unfit(terms, err) from err


def from_payload(payload: LicensePayload, catalog: Catalog) -> Terms:
    """What a licence grants; what the catalogue does not know is shown as its number.

    A site is known to a licence by its digest only, which stands for its text here.
    """
    products = {each.number: each.code for each in catalog.products}
    editions = {each.number: each.code for each in catalog.editions}
    return Terms(
        kind=payload.kind,
        product=products.get(payload.product, str(payload.product)),
        edition=editions.get(payload.edition, str(payload.edition)),
        modules=tuple(module.code for module in catalog.modules_of(payload.modules)),
        named_users=_count(payload.named_users),
        concurrent_users=_count(payload.concurrent_users),
        valid_from=payload.valid_from,
        last_day=payload.last_day,
        maintenance_until=payload.maintenance_until,
        version_ceiling=str(payload.version_ceiling) if payload.version_ceiling else None,
        grace_days=payload.grace_days,
        site=None if payload.site == UNBOUND_SITE else payload.site.hex(),
    )


def revocation(terms: Terms, *, today: date) -> Terms:
    """The terms that end a licence: nobody, nothing, on a day that is over everywhere.

    Whoever reads it remembers its sequence, which is above that of the licence it ends
    (docs/spec/license-key-v1.md, section 5). The day is three days before that of issue, at least,
    which counts in UTC and may begin after `today`.
    """
    over = today - timedelta(days=4)
    return replace(
        terms,
        modules=(),
        named_users=0,
        concurrent_users=0,
        valid_from=over,
        last_day=over,
        grace_days=0,
    )


def is_revocation(terms: Terms) -> bool:
    """Whether these terms let nobody use anything."""
    return not terms.modules and terms.named_users == 0 and terms.concurrent_users == 0


def check_terms(terms: Terms, catalog: Catalog, *, today: date) -> None:
    """Refuse at once what could never be issued, by building the payload with a blank stamp.

    Raises:
        InvalidError: a term does not fit the licence format, or nobody could use the licence.
    """
    if terms.modules and terms.named_users == 0 and terms.concurrent_users == 0:
        raise InvalidError(
            _("a licence needs at least one user"),
            hint=_("give --named-users, --concurrent-users or both"),
        )
    blank = Stamp(serial=1, sequence=1, key_id=1, client_number=1, issued_on=today)
    to_payload(terms, blank, catalog)


def describe(terms: Terms) -> list[tuple[str, str]]:
    """The terms as label and value, in the order in which one reads them aloud."""
    lines = [
        (_("Kind"), terms.kind.value),
        (_("Product"), f"{terms.product} {terms.edition}"),
        (_("Modules"), " ".join(terms.modules) or _("none")),
        (_("Named users"), str(shown_users(terms.named_users))),
        (_("Concurrent users"), str(shown_users(terms.concurrent_users))),
        (_("Valid from"), terms.valid_from.isoformat()),
        (_("Last usable day"), _day(terms.last_day)),
        (_("Maintenance until"), _day(terms.maintenance_until)),
        (_("Up to version"), terms.version_ceiling or _("any")),
    ]
    if terms.grace_days:
        lines.insert(-2, (_("Grace days"), str(terms.grace_days)))
    if terms.site is not None:
        lines.append((_("Site"), terms.site))
    return lines


def shown_users(count: int | None) -> int | str:
    """A number, or the word that `parse_users` understands."""
    return UNLIMITED.value if count is None else count


def _day(day: date | None) -> str:
    return day.isoformat() if day else _("without end")


def _count(count: UserCount) -> int | None:
    return None if isinstance(count, Unlimited) else count


def _limit(count: int | None) -> UserCount:
    return UNLIMITED if count is None else count


def _site(site: str | None) -> bytes:
    if site is None:
        return UNBOUND_SITE
    try:
        return site_digest(site)
    except ValueError as err:
        raise InvalidPayloadError("site", str(err)) from err


def _ceiling(version: str | None) -> ErpVersion | None:
    try:
        return ErpVersion.parse(version) if version else None
    except ValueError as err:
        raise InvalidError(
            _("--version-ceiling: {text} is no version").format(text=repr(version)),
            hint=_("a version looks like 12.4"),
        ) from err


def _unfit(terms: Terms, err: InvalidPayloadError) -> InvalidError:
    """Name the option instead of the field, which nobody typed."""
    option = _OPTIONS.get(err.field, err.field)
    value = getattr(terms, err.field, None)
    if err.field == "last_day" and value is not None and value < terms.valid_from:
        return InvalidError(
            _("{option}: {day} is before the first day, {first}").format(
                option=option, day=value, first=terms.valid_from
            ),
            hint=_("give a later day, or an earlier --valid-from"),
        )
    return InvalidError(
        _("{option}: a licence cannot say {value}").format(option=option, value=value),
        hint=_("days go from {first} to {last}, versions from 0.0 to 255.254").format(
            first=EPOCH, last=LAST_DATE
        ),
    )
