"""A row of a client table becomes a record, or a list of what is wrong with it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from opskit.core.catalog import Catalog
from opskit.core.cells import (
    Reader,
    email,
    one_of,
    optional_canton,
    optional_day,
    optional_text,
    required_text,
    whole_number,
)
from opskit.core.importing import ParsedRow, RejectedRow, parse_rows
from opskit.core.refs import ClientCode
from opskit.core.tabular import Column, Row
from opskit.core.team import CLIENT_LANGUAGES, POLES

CONTRACTS = ("bronze", "silver", "gold")
MOST_USERS = 65_534  # what a licence key can hold
LARGEST_NUMBER = 4_294_967_295

COLUMNS = (
    Column("code", ("code client", "client", "client code", "Kundencode", "Kundenkürzel")),
    Column("number", ("n° client", "numéro client", "client number", "Kundennummer", "Kunden-Nr.")),
    Column("name", ("raison sociale", "nom", "company", "Firma", "Name")),
    Column("city", ("localité", "lieu", "ville", "town", "Ort")),
    Column("canton", ("Kanton",)),
    Column("language", ("langue", "Sprache")),
    Column("contact", ("personne de contact", "contact person", "Kontakt", "Ansprechpartner")),
    Column("email", ("e-mail", "courriel", "mail", "E-Mail-Adresse")),
    Column("contract", ("contrat", "Vertrag")),
    Column(
        "maintenance_until",
        ("maintenance jusqu'au", "fin de maintenance", "maintenance until", "Wartung bis"),
    ),
    Column("erp_version", ("version ERP", "ERP version", "ERP-Version")),
    Column("modules", ("Module",)),
    Column(
        "named_users", ("utilisateurs nommés", "utilisateurs", "named users", "Benannte Benutzer")
    ),
    Column("pole", ("pôle", "Bereich")),
)


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """One client as the table describes it; the fields are those of `models.Client`."""

    code: str
    number: int
    name: str
    city: str
    canton: str | None
    language: str
    contact: str
    email: str
    contract: str
    maintenance_until: date | None
    erp_version: str
    modules: list[str]
    named_users: int
    pole: str


def parse_clients(
    rows: Sequence[Row], catalog: Catalog
) -> tuple[list[ParsedRow[ClientRecord]], list[RejectedRow]]:
    """Every row, either as a record or with its problems."""
    return parse_rows(rows, _readers(catalog), ClientRecord, unique=("code", "number"))


def _readers(catalog: Catalog) -> Mapping[str, Reader]:
    return {
        "code": _client_code,
        "number": whole_number(1, LARGEST_NUMBER),
        "name": required_text,
        "city": required_text,
        "canton": optional_canton,
        "language": one_of(CLIENT_LANGUAGES),
        "contact": optional_text,
        "email": email,
        "contract": one_of(CONTRACTS),
        "maintenance_until": optional_day,
        "erp_version": lambda cell: catalog.version(required_text(cell)).number,
        "modules": _modules_in(catalog),
        "named_users": whole_number(0, MOST_USERS),
        "pole": one_of(POLES),
    }


def _client_code(cell: str) -> str:
    return ClientCode.parse(required_text(cell)).value


def _modules_in(catalog: Catalog) -> Callable[[str], list[str]]:
    """Codes between spaces, commas or plus signs, put into the catalogue's order."""

    def read(cell: str) -> list[str]:
        codes = [code for code in re.split(r"[\s,;+/]+", cell) if code]
        return [module.code for module in catalog.modules_of(catalog.module_bits(codes))]

    return read
