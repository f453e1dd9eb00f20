"""A row of a staff table becomes a record, or a list of what is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from opskit.core.cells import Reader, email, one_of, optional_text, required_text
from opskit.core.errors import InvalidError, OpsError
from opskit.core.i18n import _
from opskit.core.importing import ParsedRow, RejectedRow, parse_rows
from opskit.core.logins import parse_login
from opskit.core.tabular import Column, Row
from opskit.core.team import CLIENT_LANGUAGES, POLES

JOBS = ("agent", "sales", "consultant", "manager", "auditor")
"""The roles that a table may give; whoever keeps the safe or signs is named one by one."""

COLUMNS = (
    Column("login", ("identifiant", "utilisateur", "user", "Benutzername", "Benutzer")),
    Column("name", ("nom", "nom complet", "full name", "Name")),
    Column("email", ("e-mail", "courriel", "mail", "E-Mail-Adresse")),
    Column("role", ("rôle", "fonction", "job", "Rolle", "Funktion")),
    Column("pole", ("pôle", "Bereich")),
    Column("site", ("lieu", "localité", "Standort")),
    Column("language", ("langue", "Sprache")),
)


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """One person as the table describes them; the fields are those of `models.Person`."""

    login: str
    name: str
    email: str
    role: str
    pole: str
    site: str
    language: str


def parse_staff(rows: Sequence[Row]) -> tuple[list[ParsedRow[StaffRecord]], list[RejectedRow]]:
    """Every row, either as a record or with its problems."""
    return parse_rows(rows, _READERS, StaffRecord, unique=("login",))


def check_facts(**given: str | None) -> dict[str, str]:
    """What was typed on a command line, held to the rules of the table.

    Raises:
        InvalidError: a value breaks one; the message names the option.
    """
    facts = {}
    for field, text in given.items():
        if text is None:
            continue
        try:
            facts[field] = _READERS[field](text)
        except OpsError as err:
            raise InvalidError(
                f"--{field}: {err.message}", hint=_("correct it and run the command again")
            ) from err
    return facts


def _login(cell: str) -> str:
    return parse_login(required_text(cell))


def _optional(choices: Sequence[str]) -> Callable[[str], str]:
    read = one_of(choices)
    return lambda cell: read(cell) if cell.strip() else ""


_READERS: Mapping[str, Reader] = {
    "login": _login,
    "name": required_text,
    "email": email,
    "role": one_of(JOBS),
    "pole": _optional(POLES),
    "site": optional_text,
    "language": _optional(CLIENT_LANGUAGES),
}
