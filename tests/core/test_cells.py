"""Every reader either understands a cell or says why not."""

from datetime import date
from typing import Any

import pytest

from opskit.core import cells
from opskit.core.errors import InvalidError

READ: list[tuple[cells.Reader, str, Any]] = [
    (cells.optional_text, "  Blum\u00a0&\n Co. ", "Blum & Co."),
    (cells.optional_text, "Be\u0301guelin", "Béguelin"),
    (cells.email, "pedro.jäggi@opskit.example", "pedro.jäggi@opskit.example"),
    (cells.email, "", ""),
    (cells.one_of(("gold", "silver")), "Gold", "gold"),
    (cells.whole_number(0, 9999), "1'200", 1200),
    (cells.whole_number(0, 9999), "0", 0),
    (cells.optional_day, "", None),
    (cells.optional_day, "04.11.2026", date(2026, 11, 4)),
    (cells.optional_day, "2026-11-04", date(2026, 11, 4)),
    (cells.day, "04.11.2026", date(2026, 11, 4)),
    (cells.canton, "ne", "NE"),
    (cells.optional_canton, "ne", "NE"),
    (cells.optional_canton, " ", None),
]

REFUSED: list[tuple[cells.Reader, str, str]] = [
    (cells.required_text, "  ", "is empty"),
    (cells.optional_text, "x" * 201, "longer than 200"),
    (cells.optional_text, "Blum\u202eoC", "cannot be seen"),
    (cells.optional_text, "Blum\x07", "cannot be seen"),
    (cells.email, "it.deleze.example", "no mail address"),
    (cells.email, "it@deleze", "no mail address"),
    (cells.email, "a b@deleze.example", "no mail address"),
    (cells.one_of(("gold", "silver")), "platinum", "'platinum' is none of gold, silver"),
    (cells.whole_number(0, 9), "douze", "'douze' is no whole number"),
    (cells.whole_number(0, 9), "1.5", "no whole number"),
    (cells.whole_number(0, 9), "-4", "-4 is not between 0 and 9"),
    (cells.whole_number(0, 9), "", "is empty"),
    (cells.optional_day, "31.02.2027", "'31.02.2027' is no day of the calendar"),
    (cells.optional_day, "today", "'today' is no date, such as 2027-12-31 or 31.12.2027"),
    (cells.optional_day, "0bd", "'0bd' is no date, such as 2027-12-31 or 31.12.2027"),
    (cells.optional_day, "04.11.26", "'04.11.26' is no date, such as 2027-12-31 or 31.12.2027"),
    (cells.day, "", "is empty"),
    (cells.canton, "XX", "'XX' is no Swiss canton"),
    (cells.canton, "", "is empty"),
    (cells.optional_canton, "XX", "'XX' is no Swiss canton"),
]


@pytest.mark.parametrize(("read", "cell", "value"), READ)
def test_a_cell_is_understood(read: cells.Reader, cell: str, value: object) -> None:
    assert read(cell) == value


@pytest.mark.parametrize(("read", "cell", "reason"), REFUSED)
def test_a_cell_is_refused_with_its_reason(read: cells.Reader, cell: str, reason: str) -> None:
    with pytest.raises(InvalidError, match=reason):
        read(cell)
