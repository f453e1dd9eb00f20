"""A table of newcomers: who starts on which day, on which path, with whom."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.models import UNDER_WAY, Consultant
from onboarding.paths import Wish, choose_path
from onboarding.services import refuse_second_path
from onboarding.starting import Newcomer, known_person
from opskit.core.cells import Reader, day, optional_text, required_text
from opskit.core.errors import OpsError
from opskit.core.i18n import _
from opskit.core.importing import ImportReport, Problem, RejectedRow, parse_rows
from opskit.core.logins import parse_login
from opskit.core.tabular import Column, Row
from opskit.core.text import fold
from opskit.staff import services as staff
from opskit.staff.models import Person

Found = TypeVar("Found")

COLUMNS = (
    Column("name", ("nom", "nom complet", "full name", "Name")),
    Column("login", ("identifiant", "utilisateur", "user", "Benutzername"), optional=True),
    Column("path", ("parcours", "Weg"), optional=True),
    Column("pole", ("pôle", "Bereich", "Fachgruppe"), optional=True),
    Column("site", ("lieu", "localité", "Standort"), optional=True),
    Column("modules", ("module", "Module"), optional=True),
    Column("start", ("début", "premier jour", "first day", "Beginn", "erster Tag")),
    Column("mentor", ("mentore", "parrain", "Mentorin", "Pate")),
)


@dataclass(frozen=True, slots=True)
class EntryRecord:
    """One row as the table has it."""

    name: str
    login: str | None
    path: str | None
    pole: str | None
    site: str | None
    modules: tuple[str, ...]
    start: date
    mentor: str


@dataclass(frozen=True, slots=True)
class Examined:
    """Who is to start, and what the report says of every row."""

    newcomers: list[Newcomer]
    report: ImportReport


def examine(session: Session, rows: Sequence[Row]) -> Examined:
    """Every row, either as a newcomer or with its problems; who walks that path already is fine."""
    parsed, rejected = parse_rows(rows, _READERS, EntryRecord, unique=())
    directory = _Directory(session, staff.list_people(session))
    newcomers, unchanged = list[Newcomer](), list[str]()
    seen: dict[str, int] = {}
    for each in parsed:
        newcomer, problems = _read(directory, each.record, seen)
        if problems:
            rejected.append(RejectedRow(each.row, tuple(problems)))
            continue
        seen[_who(each.record)] = each.row.line
        if directory.walks_it(newcomer):
            unchanged.append(newcomer.name)
        else:
            newcomers.append(newcomer)
    rejected.sort(key=lambda each: each.row.line)
    added = tuple(each.name for each in newcomers)
    return Examined(newcomers, ImportReport(added, (), tuple(unchanged), tuple(rejected)))


@dataclass(frozen=True, slots=True)
class _Directory:
    """The people of the team, read once for all rows."""

    session: Session
    people: Sequence[Person]

    def known(self, newcomer: Newcomer) -> Person | None:
        return known_person(self.people, newcomer.name, newcomer.login)

    def meant(self, newcomer: Newcomer) -> Person | None:
        """Raises ConflictError: several are called so, and no login says who is meant."""
        found = self.known(newcomer)
        is_known = any(fold(each.name) == fold(newcomer.name) for each in self.people)
        if found is None and newcomer.login is None and is_known:
            return staff.find(self.session, newcomer.name)
        return found

    def walks_it(self, newcomer: Newcomer) -> bool:
        """Whether the row was done already, by this file or another."""
        person = self.known(newcomer)
        if person is None:
            return False
        query = select(Consultant.id).where(
            Consultant.person_id == person.id,
            Consultant.state.in_(UNDER_WAY),
            Consultant.path == newcomer.path,
            Consultant.start_on == newcomer.start_on,
        )
        return self.session.scalar(query) is not None


def _read(
    directory: _Directory, record: EntryRecord, seen: Mapping[str, int]
) -> tuple[Newcomer, list[Problem]]:
    """All that the directory and the paths have against a row, at once."""
    problems = list[Problem]()
    if _who(record) in seen:
        told = _("{value} stands on line {line} already")
        told = told.format(value=record.login or record.name, line=seen[_who(record)])
        problems.append(Problem("name", told))
    session = directory.session
    wish = Wish(record.path, record.pole, record.site, record.modules)
    mentor = _tried(problems, "mentor", lambda: staff.find(session, record.mentor))
    path = _tried(problems, "path", lambda: choose_path(session, wish))
    path_id = path.template.id if path else ""
    newcomer = Newcomer(record.name, path_id, record.start, record.mentor, record.login)
    person = _tried(problems, "name", lambda: directory.meant(newcomer))
    if mentor and person and not problems and not directory.walks_it(newcomer):
        _tried(problems, "name", lambda: refuse_second_path(session, person=person, mentor=mentor))
    return newcomer, problems


def _tried(problems: list[Problem], field: str, do: Callable[[], Found]) -> Found | None:
    try:
        return do()
    except OpsError as err:
        problems.append(Problem(field, err.message))
        return None


def _who(record: EntryRecord) -> str:
    return record.login or fold(record.name)


def _optional(cell: str) -> str | None:
    return optional_text(cell).lower() or None


def _login(cell: str) -> str | None:
    return parse_login(optional_text(cell)) if cell.strip() else None


def _modules(cell: str) -> tuple[str, ...]:
    """`on-call, remote`: with commas, semicolons or blanks between them."""
    return tuple(optional_text(cell).lower().replace(",", " ").replace(";", " ").split())


_READERS: Mapping[str, Reader] = {
    "name": required_text,
    "login": _login,
    "path": _optional,
    "pole": _optional,
    "site": _optional,
    "modules": _modules,
    "start": day,
    "mentor": required_text,
}
