"""Tables of closures, as people keep them."""

from datetime import date
from pathlib import Path

import pytest

from opskit.calendar.importing import COLUMNS, ClosureRecord, parse_closures
from opskit.core.tabular import parse_table
from tests.calendar.conftest import CLOSURES


def records(text: str) -> list[ClosureRecord]:
    parsed, rejected = parse_closures(parse_table(text.encode(), Path("f.csv"), COLUMNS).rows)
    assert rejected == []
    return [each.record for each in parsed]


def problems(text: str) -> list[tuple[int, str]]:
    _parsed, rejected = parse_closures(parse_table(text.encode(), Path("f.csv"), COLUMNS).rows)
    return [(each.row.line, str(each)) for each in rejected]


def test_a_french_table() -> None:
    assert records(CLOSURES) == [
        ClosureRecord(date(2027, 12, 24), None, half=True, name="Veille de Noël"),
        ClosureRecord(date(2027, 12, 27), None, half=False, name="Fermeture annuelle"),
        ClosureRecord(date(2028, 1, 3), "BE", half=False, name="Pont de Berne"),
        ClosureRecord(date(2027, 4, 19), "ZH", half=True, name="Sechseläuten"),
    ]


def test_canton_and_part_may_be_left_out() -> None:
    assert records("name,date\nbridge,2027-05-07\n") == [
        ClosureRecord(date(2027, 5, 7), None, half=False, name="bridge")
    ]


@pytest.mark.parametrize("canton", ["", " ", "CH", "ch"])
def test_everywhere(canton: str) -> None:
    (closure,) = records(f"date,canton,name\n2027-05-07,{canton},bridge\n")
    assert closure.canton is None


@pytest.mark.parametrize(
    ("part", "half"),
    [("full", False), ("Half", True), ("DEMI", True), ("Journée", False), ("halb", True)],
)
def test_the_part_in_three_languages(part: str, half: bool) -> None:
    (closure,) = records(f"date,part,name\n2027-05-07,{part},bridge\n")
    assert closure.half is half


def test_what_is_wrong_with_a_row() -> None:
    first_row = (
        "date: '31.02.2027' is no day of the calendar; canton: 'XX' is no Swiss canton; "
        "part: 'quarter' is none of full, half; name: is empty"
    )
    assert problems(
        "date,canton,part,name\n"
        "31.02.2027,XX,quarter,\n"
        ",,,bridge\n"
        "2027-05-07,BE,,bridge\n"
        "07.05.2027,be,half,bridge again\n"
        "2027-05-07,VD,,bridge\n"
    ) == [
        (2, first_row),
        (3, "date: is empty"),
        (5, "date: 2027-05-07 BE stands on line 4 already"),
    ]
