"""Rows of a file become wishes; each wrong one is named with all that is wrong with it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from licenses.batching.columns import HEADINGS
from licenses.batching.form import form
from licenses.batching.reading import Sheet, read
from licenses.payload import LicenseKind
from licenses.terms import Terms
from opskit.core import i18n
from opskit.core.errors import InvalidError
from opskit.core.refs import TicketKey
from tests.licenses.lifecycle import AT, CATALOG, TERMS

TODAY = AT.date()
GOOD = {
    "client": "deleze",
    "kind": "Production",
    "modules": "ap, FIN",
    "named_users": "60",
    "concurrent_users": "",
    "valid_from": "01.12.2026",
    "valid_until": "",
    "maintenance_until": "2027-11-04",
    "version_ceiling": "",
    "product": "",
    "edition": "",
    "grace_days": "",
    "site": "",
    "order_ref": "",
    "ticket": "",
}
NEEDED = [each.key for each in HEADINGS if not each.optional]


def sheet_of(*rows: Mapping[str, str], header: Mapping[str, str] | None = None) -> Sheet:
    lines = [";".join((header or {key: key for key in GOOD}).values())]
    lines += [";".join(row.values()) for row in rows]
    return read("\n".join(lines).encode(), Path("requests.csv"), CATALOG, today=TODAY)


def problems(**changes: str) -> str:
    sheet = sheet_of({**GOOD, **changes})
    assert sheet.asked == ()
    return str(sheet.rejected[0])


def test_what_is_empty_is_the_usual() -> None:
    (asked,) = sheet_of(GOOD).asked
    assert (asked.client, asked.wish.order_ref, asked.wish.ticket) == ("DELEZE", None, None)
    assert asked.wish.terms == replace(TERMS, modules=("FIN", "AP"))


def test_every_column_counts() -> None:
    (asked,) = sheet_of(
        GOOD
        | {
            "kind": "temporary",
            "modules": "FIN+AP",
            "named_users": "unlimited",
            "concurrent_users": "5",
            "valid_until": "2027-12-31",
            "version_ceiling": "12.4",
            "product": "erp",
            "edition": "enterprise",
            "grace_days": "14",
            "site": "ERP-PROD-7",
            "order_ref": "SO-1",
            "ticket": "cs-1002",
        }
    ).asked
    assert (asked.wish.order_ref, asked.wish.ticket) == ("SO-1", TicketKey("CS-1002"))
    assert asked.wish.terms == Terms(
        kind=LicenseKind.TEMPORARY,
        product="ERP",
        edition="ENTERPRISE",
        modules=("FIN", "AP"),
        named_users=None,
        concurrent_users=5,
        valid_from=date(2026, 12, 1),
        last_day=date(2027, 12, 31),
        maintenance_until=date(2027, 11, 4),
        version_ceiling="12.4",
        grace_days=14,
        site="ERP-PROD-7",
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"client": ""}, "client: is empty"),
        ({"client": "no code!"}, "client: 'NO CODE!' is no client code"),
        ({"kind": ""}, "kind: is empty"),
        ({"kind": "prod"}, "kind: 'prod' is no kind of licence"),
        ({"modules": "FIN NOPE"}, "modules: there is no module NOPE"),
        ({"modules": ""}, "modules: is empty"),
        ({"named_users": "-4"}, "named_users: '-4' is no number of users"),
        ({"named_users": ""}, "named_users: is empty"),
        ({"concurrent_users": "many"}, "concurrent_users: 'many' is no number of users"),
        ({"valid_from": ""}, "valid_from: is empty"),
        (
            {"valid_from": "today"},
            "valid_from: 'today' is no date, such as 2027-12-31 or 31.12.2027",
        ),
        ({"valid_from": "2026-02-30"}, "valid_from: '2026-02-30' is no day of the calendar"),
        ({"maintenance_until": "+10bd"}, "maintenance_until: '+10bd' is no date"),
        ({"product": "CRM9"}, "product: there is no product CRM9"),
        ({"edition": "gold"}, "edition: there is no edition gold"),
        ({"grace_days": "256"}, "grace_days: '256' is no number of grace days"),
        ({"ticket": "1002"}, "ticket: '1002' is no ticket key"),
        ({"valid_until": "2026-11-30"}, "valid_until: 2026-11-30 is before the first day"),
        ({"version_ceiling": "twelve"}, "version_ceiling: 'twelve' is no version"),
        ({"site": "x" * 65}, "site: too long, 65 characters"),
        ({"order_ref": "x" * 41}, "order: too long, 41 characters"),
        ({"named_users": "0"}, "row: a licence needs at least one user"),
        ({"kind": "x", "named_users": "y"}, "kind: 'x' is no kind of licence; named_users: 'y' is"),
    ],
)
def test_what_is_wrong_is_named(changes: Mapping[str, str], said: str) -> None:
    assert problems(**changes).startswith(said)


@pytest.mark.parametrize("word", ["unlimited", "Illimité", "unbegrenzt", "illimitato"])
def test_no_limit_in_every_language_of_the_form(word: str) -> None:
    assert sheet_of({**GOOD, "named_users": word}).asked[0].wish.terms.named_users is None


def test_headings_of_the_certificate_are_understood() -> None:
    header = {key: key for key in GOOD} | {
        "valid_from": "Valable dès le",
        "valid_until": "Dernier jour",
    }
    (asked,) = sheet_of({**GOOD, "valid_until": "2027-12-31"}, header=header).asked
    assert asked.wish.terms.last_day == date(2027, 12, 31)


def test_wrong_rows_are_named_in_their_order_beside_the_good_ones() -> None:
    sheet = sheet_of(
        {**GOOD, "named_users": "0"}, GOOD, {**GOOD, "kind": "x"}, {**GOOD, "ticket": "y"}
    )
    assert [each.row.line for each in sheet.rejected] == [2, 4, 5]
    assert [each.row.line for each in sheet.asked] == [3]
    assert sheet.rows == 4


def test_remarks_ask_for_nothing() -> None:
    sheet = sheet_of({**GOOD, "client": "# DELEZE"}, GOOD)
    assert [each.row.line for each in sheet.asked] == [3]
    with pytest.raises(InvalidError, match="there is no request in it"):
        sheet_of({**GOOD, "client": "# DELEZE"})


def test_another_byte_is_another_digest() -> None:
    assert sheet_of(GOOD).digest == sheet_of(dict(GOOD)).digest
    assert sheet_of(GOOD).digest != sheet_of({**GOOD, "order_ref": "SO-1"}).digest


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_headings_of_every_language_are_understood(language: str) -> None:
    header = {each.key: each.in_language(language) for each in HEADINGS}
    values = {key: GOOD[key] for key in header}
    assert len(sheet_of(values, header=header).asked) == 1


def test_only_what_must_be_there_must_be_there() -> None:
    needed = {key: GOOD[key] for key in NEEDED}
    assert (
        len(sheet_of(needed, header=dict.fromkeys(NEEDED, "") | {k: k for k in NEEDED}).asked) == 1
    )
    for key in NEEDED:
        fewer = {each: each for each in NEEDED if each != key}
        with pytest.raises(InvalidError, match=f"lacks the columns {key}"):
            sheet_of({each: GOOD[each] for each in fewer}, header=fewer)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_form_is_read_back(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own headings in a workbook, filled in as Excel stores what people type."""
    headings = _headings_of_the_form(language, monkeypatch)
    file = BytesIO()
    typed: dict[str, Any] = {
        **GOOD,
        "named_users": 60,
        "valid_from": date(2026, 12, 1),
        "maintenance_until": date(2027, 11, 4),
        "version_ceiling": 12.4,
    }
    with Workbook(file, {"in_memory": True, "default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, headings)
        sheet.write_row(1, 0, [typed[each.key] for each in HEADINGS])
    found = read(file.getvalue(), Path("form.xlsx"), CATALOG, today=TODAY)
    assert found.rejected == ()
    assert found.asked[0].wish.terms.version_ceiling == "12.4"
    assert found.asked[0].wish.terms.named_users == 60


def test_an_empty_form_asks_for_nothing() -> None:
    content = form(CATALOG, {"DELEZE": "Délèze Outillage SA"}, today=TODAY)
    with pytest.raises(InvalidError, match="there is no request in it"):
        read(content, Path("form.xlsx"), CATALOG, today=TODAY)


def test_the_form_offers_what_there_is() -> None:
    from zipfile import ZipFile

    content = form(CATALOG, {"DELEZE": "Délèze Outillage SA", "ACME": "Acme"}, today=TODAY)
    with ZipFile(BytesIO(content)) as archive:
        requests = archive.read("xl/worksheets/sheet1.xml").decode()
        words = archive.read("xl/sharedStrings.xml").decode()
    assert requests.count('<dataValidation type="list"') == 5
    assert requests.count('<dataValidation type="date"') == 3
    assert "'Lists'!$A$2:$A$3" in requests
    for word in ("Délèze Outillage SA", "ACME", "temporary", "ENTERPRISE", "12.4", "QRB"):
        assert f">{word}<" in words


def _headings_of_the_form(language: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("OPSKIT_LANGUAGE", language)
    i18n.language.cache_clear()
    try:
        content = form(CATALOG, {"DELEZE": "Délèze"}, today=TODAY)
    finally:
        monkeypatch.undo()
        i18n.language.cache_clear()
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_object(BytesIO(content))
    header, example = book.get_sheet_by_index(0).to_python()[:2]
    assert str(example[0]).startswith("# ")
    return list(map(str, header))
