"""A table of newcomers: every row is used, or told what is wrong with it."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.entry_file import COLUMNS, Examined, examine
from onboarding.models import Consultant
from onboarding.starting import Newcomer, start_newcomers
from opskit.core.business_days import PUBLIC
from opskit.core.errors import InvalidError
from opskit.core.events import verify_chain
from opskit.core.table_files import TableFormat, table_bytes
from opskit.core.workbooks import parse_file
from opskit.staff import services as staff
from opskit.staff.acts import Desk
from opskit.staff.models import Person
from tests.onboarding.walking import AT, BOSS, begin

HEAD = "name;login;path;pole;site;modules;start;mentor\n"


def read(session: Session, *rows: str, head: str = HEAD) -> Examined:
    content = (head + "\n".join(rows) + "\n").encode()
    return examine(session, parse_file(content, Path("newcomers.csv"), COLUMNS).rows)


def problems(found: Examined) -> list[str]:
    return [f"{each.row.line}: {each}" for each in found.report.rejected]


@pytest.fixture(autouse=True)
def _mentor(session: Session) -> None:
    begin(session)  # Zoé Kern walks with Maria Ruiz


def test_rows_become_newcomers(session: Session) -> None:
    found = read(
        session,
        "Noé Favre;;;back-office;sonceboz;on-call, remote;01.03.2027;mruiz",
        "Ann Kern;akern;logistics;;;;2027-03-01;Maria Ruiz",
    )
    assert found.newcomers == [
        Newcomer(
            "Noé Favre",
            "path-back-office-sonceboz-on-call-remote",
            date(2027, 3, 1),
            "mruiz",
        ),
        Newcomer("Ann Kern", "logistics", date(2027, 3, 1), "Maria Ruiz", "akern"),
    ]
    assert found.report.added == ("Noé Favre", "Ann Kern")
    assert problems(found) == []


def test_columns_in_french_and_an_excel_workbook(session: Session) -> None:
    rows = [
        {"a": "Noé Favre", "b": "logistics", "c": "lausanne", "d": date(2027, 3, 1), "e": "mruiz"}
    ]
    titles = {"a": "Nom", "b": "Pôle", "c": "Lieu", "d": "Premier jour", "e": "Mentor"}
    content = table_bytes(TableFormat.XLSX, rows, titles)
    table = parse_file(content, Path("nouveaux.xlsx"), COLUMNS)
    (newcomer,) = examine(session, table.rows).newcomers
    assert (newcomer.path, newcomer.start_on) == ("path-logistics-lausanne", date(2027, 3, 1))


def test_every_fault_is_told_with_its_line(session: Session) -> None:
    for login in ("one", "two"):
        staff.ensure_person(session, login=login, name="Paul Rey", at=AT, actor=BOSS)
    gone = staff.ensure_person(session, login="gone", name="Gaston Gone", at=AT, actor=BOSS)
    gone.state = "disabled"
    session.flush()
    found = read(
        session,
        "Noé Favre;;;back-ofice;;;2027-03-01;mruiz",
        "Noé Favre;;;back-office;sonceboz;;tomorrow;",
        "Noé Favre;;;logistics;;withholding-tax;2027-03-01;nobody9",
        "Paul Rey;;logistics;;;;2027-03-01;mruiz",
        "Zoé Kern;;logistics;;;;2027-03-01;mruiz",
        "Gaston Gone;;logistics;;;;2027-03-01;mruiz",
        "Maria Ruiz;;logistics;;;;2027-03-01;mruiz",
        "Ann Kern;;logistics;back-office;;;2027-03-01;mruiz",
        "Noé Favre;;logistics;;;;2027-03-01;mruiz",
        "noe favre;;logistics;;;;2027-03-01;mruiz",
    )
    assert problems(found) == [
        "2: path: there is no pole 'back-ofice'",
        "3: start: 'tomorrow' is no date, such as 2027-12-31 or 31.12.2027; mentor: is empty",
        (
            "4: mentor: there is nobody called nobody9; "
            "path: layer withholding-tax: it goes with back-office, not with logistics"
        ),
        "5: name: Paul Rey may be one, two",
        "6: name: Zoé Kern is on the path path-back-office-sonceboz already",
        "7: name: Gaston Gone has left the team",
        "8: name: nobody is their own mentor",
        "9: path: either a path, or a pole with a site and modules",
        "11: name: noe favre stands on line 10 already",
    ]
    assert found.report.added == ("Noé Favre",)


def test_the_login_tells_homonyms(session: Session) -> None:
    for login in ("one", "two"):
        staff.ensure_person(session, login=login, name="Paul Rey", at=AT, actor=BOSS)
    found = read(
        session,
        "Paul Rey;two;logistics;;;;2027-03-01;mruiz",
        "Paul Rey;one;logistics;;;;2027-03-01;mruiz",
    )
    assert [each.login for each in found.newcomers] == ["two", "one"]


def test_who_walks_that_path_already_is_unchanged(session: Session) -> None:
    found = read(session, "Zoé Kern;;;back-office;sonceboz;;2027-02-01;mruiz")
    assert found.report.unchanged == ("Zoé Kern",)
    assert found.newcomers == []


def test_a_table_without_a_mentor_is_refused(session: Session) -> None:
    with pytest.raises(InvalidError, match="lacks the columns mentor"):
        read(session, "Noé Favre;logistics;2027-03-01", head="name;path;start\n")


def test_many_begin_at_once(desk: Desk, session: Session) -> None:
    """Some new to the directory and the safe, one known; each path in one go."""
    letters = "".join(chr(ord("a") + int(digit, 16)) for digit in f"{id(session):x}")
    newcomers = [
        Newcomer(
            f"N{letter} Lot-{letters}",
            "path-logistics-sonceboz" if at % 2 else "path-back-office-lausanne-remote",
            date(2027, 3, 1),
            "mruiz",
        )
        for at, letter in enumerate("abcd")
    ]
    known = staff.ensure_person(session, name=newcomers[0].name, at=AT, actor=BOSS)
    people = session.scalar(select(func.count()).select_from(Person)) or 0
    walks = start_newcomers(desk, newcomers, canton="BE", calendar=PUBLIC)
    assert [walk.person.name for walk in walks] == [each.name for each in newcomers]
    assert walks[0].person.id == known.id
    assert [walk.run.number for walk in walks] == [2, 4, 3, 5]  # path by path
    assert {walk.run.canton for walk in walks} == {"VD", "BE"}
    assert all(walk.run.prepared_by == walk.person.entity_id for walk in walks)
    assert session.scalar(select(func.count()).select_from(Person)) == people + 3
    assert session.scalar(select(func.count()).select_from(Consultant)) == 5
    assert walks[1].person.site == "Sonceboz"
    assert verify_chain(session).faults == ()
