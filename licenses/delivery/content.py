"""What the documents say, made anew from the signed bytes: they cannot promise anything else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from licenses import reference, typedform
from licenses.delivery.wording import Wording
from licenses.keyformat import decode, split_signature
from licenses.payload import UNBOUND_SITE, LicensePayload, Unlimited, UserCount, site_digest
from licenses.terms import from_payload, is_revocation
from opskit.core.catalog import Catalog, Module, Names
from opskit.core.config import Settings
from opskit.core.refs import format_number


@dataclass(frozen=True, slots=True)
class Support:
    """Whom the client calls; what is empty is left out."""

    name: str = ""
    phone: str = ""
    email: str = ""


def support_of(settings: Settings) -> Support:
    """As the team's settings name it."""
    return Support(
        name=settings.support_name,
        phone=settings.support_phone,
        email=settings.support_email or settings.mail_from,
    )


@dataclass(frozen=True)
class Certificate:
    """A licence with the words that its bytes lack.

    `site` is the text of the installation, which is shown only where the licence is bound to it.
    """

    signed: bytes
    client: str
    catalog: Catalog
    support: Support
    site: str | None = None

    @cached_property
    def payload(self) -> LicensePayload:
        return decode(split_signature(self.signed)[0])

    @property
    def number(self) -> str:
        return format_number("L", self.payload.serial)

    @property
    def reference(self) -> str:
        """For the phone; never a key."""
        return str(reference.reference_of(self.signed))

    @property
    def known_modules(self) -> list[Module]:
        """In the catalogue's order."""
        return self.catalog.modules_of(self.payload.modules)

    @property
    def typed_lines(self) -> list[str]:
        """`1: ABCDE-...`"""
        return typedform.wrap(self.signed).splitlines()

    @property
    def is_withdrawal(self) -> bool:
        return is_revocation(from_payload(self.payload, self.catalog))

    def notes(self, words: Wording) -> list[str]:
        """What the dates mean for whoever enters the licence, a sentence each."""
        if self.is_withdrawal:
            return []
        first, last = self.payload.valid_from, self.payload.last_day
        begins_later = first > self.payload.issued_on
        return [
            *([words.not_before.format(day=words.date(first))] if begins_later else []),
            *([words.last_day_note] if last is not None else []),
        ]

    def title(self, words: Wording) -> str:
        return words.withdrawal if self.is_withdrawal else words.certificate

    def product(self, words: Wording) -> str:
        """`ERP, Enterprise`; a number where the catalogue has lost the name."""
        products = {each.number: each.names for each in self.catalog.products}
        editions = {each.number: each.names for each in self.catalog.editions}
        return ", ".join(
            names.in_language(words.code) if names else str(number)
            for number, names in (
                (self.payload.product, products.get(self.payload.product)),
                (self.payload.edition, editions.get(self.payload.edition)),
            )
        )

    def modules(self, words: Wording) -> list[tuple[str, str]]:
        """Code and name, in the catalogue's order; those it does not know come last, by bit."""
        known = self.known_modules
        unknown = sorted(self.payload.modules - {each.bit for each in known})
        named = [(each.code, _name(each.names, words)) for each in known]
        return [*named, *((f"#{bit}", "") for bit in unknown)]

    def facts(self, words: Wording) -> Iterator[tuple[str, str, str]]:
        """Label, value, and a remark or nothing, in the order of the page."""
        payload = self.payload
        yield words.client_number, str(payload.client_number), ""
        yield words.kind, words.kinds[payload.kind], ""
        yield words.product, self.product(words), ""
        yield words.named_users, _users(payload.named_users, words), ""
        yield words.concurrent_users, _users(payload.concurrent_users, words), ""
        yield words.issued_on, words.date(payload.issued_on), ""
        yield words.valid_from, words.date(payload.valid_from), ""
        yield words.last_day, _day(payload.last_day, words), ""
        if payload.grace_days:
            yield words.grace, str(payload.grace_days), words.grace_note
        yield (
            words.maintenance,
            _day(payload.maintenance_until, words),
            words.maintenance_note if payload.maintenance_until else "",
        )
        if payload.version_ceiling is None:
            yield words.ceiling, words.any_version, ""
        else:
            yield words.ceiling, str(payload.version_ceiling), words.ceiling_note
        yield words.site, self._site() or words.any_site, ""

    def _site(self) -> str:
        """The installation's text, or the digest where it is not the one that was signed."""
        digest = self.payload.site
        if digest == UNBOUND_SITE:
            return ""
        return self.site if self.site and site_digest(self.site) == digest else digest.hex()


def _name(names: Names, words: Wording) -> str:
    return names.in_language(words.code)


def _users(count: UserCount, words: Wording) -> str:
    if isinstance(count, Unlimited):
        return words.unlimited
    return str(count) if count else words.none


def _day(day: date | None, words: Wording) -> str:
    return words.without_end if day is None else words.date(day)
