"""Importing clients and finding them, on both databases."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.clients import services
from opskit.clients.importing import COLUMNS
from opskit.core.catalog import Catalog
from opskit.core.errors import DeniedError, NotFoundError
from opskit.core.events import Event
from opskit.core.identity import Identity
from opskit.core.importing import ImportReport
from opskit.core.tabular import Row, read_table

DATA = Path(__file__).parent.parent / "data"
MODULES = ["FIN", "AP", "AR", "FA", "TIM", "PRD", "SFC", "PRJ", "DOC", "EDI", "QRB"]


@pytest.fixture
def rows() -> Sequence[Row]:
    return read_table(DATA / "clients.csv", COLUMNS).rows


class Directory:
    """Imports, as alice does it."""

    def __init__(self, session: Session, catalog: Catalog, at: datetime, actor: Identity) -> None:
        self.session, self.catalog, self.at, self.actor = session, catalog, at, actor

    def take(self, rows: Sequence[Row]) -> ImportReport:
        return services.import_clients(
            self.session, rows=rows, catalog=self.catalog, at=self.at, actor=self.actor
        )

    def events(self) -> list[Event]:
        return list(self.session.scalars(select(Event).order_by(Event.id)))


@pytest.fixture
def directory(session: Session, catalog: Catalog, now: datetime, alice: Identity) -> Directory:
    return Directory(session, catalog, now, alice)


def edited(row: Row, **cells: str) -> Row:
    return Row(row.line, {**row.values, **cells}, row.raw)


def test_every_client_of_the_table_is_added(directory: Directory, rows: Sequence[Row]) -> None:
    report = directory.take(rows)
    assert (len(report.added), report.changed, report.unchanged, report.rejected) == (
        40,
        (),
        (),
        (),
    )
    deleze = services.find(directory.session, "deleze")
    assert deleze.name == "Délèze Outillage SA"
    assert deleze.maintenance_until == date(2026, 11, 4)
    assert deleze.modules == MODULES


def test_an_added_client_is_an_event_without_names(
    directory: Directory, rows: Sequence[Row]
) -> None:
    directory.take(rows[:1])
    event = directory.events()[-1]
    assert (event.action, event.subject, event.client) == ("client.added", "DELEZE", "DELEZE")
    assert "contact" not in (event.after or {})
    assert event.personal == {
        "actor": "alice",
        "contact": "Noah Beguin",
        "email": "it@deleze.example",
    }


def test_the_second_import_changes_nothing(directory: Directory, rows: Sequence[Row]) -> None:
    directory.take(rows)
    before = len(directory.events())
    report = directory.take(rows)
    assert (report.added, report.changed, len(report.unchanged)) == ((), (), 40)
    assert len(directory.events()) == before


def test_a_change_is_recorded_with_what_changed_only(
    directory: Directory, rows: Sequence[Row]
) -> None:
    directory.take(rows[:2])
    new = edited(
        rows[0], maintenance_until="04.11.2027", contact="Léa Beguin", modules="QRB FIN,AP"
    )
    report = directory.take([new, rows[1]])
    assert (report.changed, report.unchanged) == (("DELEZE",), ("BETSCH",))
    event = directory.events()[-1]
    assert event.action == "client.changed"
    assert event.before == {
        "maintenance_until": "2026-11-04",
        "modules": MODULES,
    }
    assert event.after == {"maintenance_until": "2027-11-04", "modules": ["FIN", "AP", "QRB"]}
    assert event.personal == {
        "actor": "alice",
        "contact_before": "Noah Beguin",
        "contact": "Léa Beguin",
    }


def test_bad_rows_are_rejected_and_the_others_kept(directory: Directory) -> None:
    report = directory.take(read_table(DATA / "clients-excel-fr.csv", COLUMNS).rows)
    assert len(report.added) == 40
    assert [(each.row.line, str(each)) for each in report.rejected] == [
        (42, "code: is empty"),
        (43, "maintenance_until: '31.02.2027' is no day of the calendar"),
        (44, "modules: there is no module XYZ"),
        (45, "named_users: 'douze' is no whole number"),
        (46, "canton: 'XX' is no Swiss canton"),
    ]


def test_both_exports_say_the_same(directory: Directory, rows: Sequence[Row]) -> None:
    directory.take(rows)
    report = directory.take(read_table(DATA / "clients-excel-fr.csv", COLUMNS).rows)
    assert (report.added, report.changed, len(report.unchanged)) == ((), (), 40)


def test_a_code_twice_in_the_table(directory: Directory, rows: Sequence[Row]) -> None:
    report = directory.take([*rows[:2], edited(rows[2], code="deleze")])
    assert [str(each) for each in report.rejected] == ["code: DELEZE stands on line 2 already"]


def test_a_number_that_belongs_to_another_client(directory: Directory, rows: Sequence[Row]) -> None:
    directory.take(rows[:1])
    report = directory.take([edited(rows[1], number="20000")])
    assert [str(each) for each in report.rejected] == ["number: 20000 belongs to DELEZE"]
    assert report.added == ()


def test_all_problems_of_a_row_are_told_at_once(directory: Directory, rows: Sequence[Row]) -> None:
    report = directory.take([edited(rows[0], canton="XX", named_users="-4", erp_version="12")])
    assert str(report.rejected[0]) == (
        "canton: 'XX' is no Swiss canton; erp_version: there is no version 12; "
        "named_users: -4 is not between 0 and 65534"
    )


def test_a_client_without_a_canton(directory: Directory, rows: Sequence[Row]) -> None:
    assert len(directory.take([edited(rows[0], canton=" ")]).added) == 1
    assert services.find(directory.session, "DELEZE").canton is None
    assert directory.take([rows[0]]).changed == ("DELEZE",)
    event = directory.events()[-1]
    assert (event.before, event.after) == ({"canton": None}, {"canton": "NE"})


def test_a_preview_changes_nothing(
    directory: Directory, rows: Sequence[Row], catalog: Catalog
) -> None:
    report = services.preview_import(directory.session, rows=rows, catalog=catalog)
    assert len(report.added) == 40
    assert services.codes(directory.session) == []


def test_not_everybody_may_import(directory: Directory, rows: Sequence[Row], bob: Identity) -> None:
    directory.actor = bob
    with pytest.raises(DeniedError, match="bob lacks the role sales or manager or admin"):
        directory.take(rows)


@pytest.mark.parametrize("typed", ["DELEZ", "délèze", "deleze outillage"])
def test_an_unknown_client_names_the_nearest(
    directory: Directory, rows: Sequence[Row], typed: str
) -> None:
    directory.take(rows)
    with pytest.raises(NotFoundError, match=f"there is no client {typed}") as caught:
        services.find(directory.session, typed)
    assert caught.value.hint.startswith("did you mean DELEZE (Délèze Outillage SA)")


def test_an_empty_directory_says_how_to_fill_it(session: Session) -> None:
    with pytest.raises(NotFoundError) as caught:
        services.find(session, "DELEZE")
    assert caught.value.hint == "opskit client import FILE"


def test_clients_are_listed_by_words_and_filters(directory: Directory, rows: Sequence[Row]) -> None:
    directory.take(rows)

    def listed(**filters: object) -> list[str]:
        found = services.list_clients(directory.session, **filters)  # type: ignore[arg-type]
        return [client.code for client in found]

    assert listed(words=["delemont"]) == ["BRAHIE", "DECOLL", "MANUFA2"]
    assert listed(words=["DÉLÉMONT", "décolletage"]) == ["DECOLL"]
    assert listed(canton="VS", pole="back-office") == ["BERNAS"]
    assert listed(lapsed_on=date(2026, 5, 9)) == ["DOWNSG", "MASSER"]
    assert len(listed()) == 40
