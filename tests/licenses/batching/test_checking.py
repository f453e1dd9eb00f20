"""What the look at a file says of licences that begin later."""

from datetime import date
from pathlib import Path

from licenses.batching import checking, reading
from opskit.core.db import snapshot
from tests.licenses.batching.desk import CLIENTS, HEADER, Desk, rows
from tests.licenses.lifecycle import AT, CATALOG

START = AT.date()


def early(desk: Desk, *lines: str) -> list[str]:
    """The doubts about an early entry, after the numbers of their lines."""
    content = "\n".join([HEADER, *lines, ""]).encode()
    sheet = reading.read(content, Path("requests.csv"), CATALOG, today=START)
    with snapshot(desk.engine) as session:
        doubts = checking.check(session, sheet, today=START).doubts
    return [f"{each.line}: {each.what}" for each in doubts if "entered before" in each.what]


def line(client: str, first: date) -> str:
    return f"{client},production,FIN,10,{first},2028-12-31,"


def test_a_first_licence_stops_nothing(desk: Desk) -> None:
    assert early(desk, line("ACME", date(2027, 1, 1))) == []


def test_a_licence_in_force_is_stopped_by_a_later_one(desk: Desk) -> None:
    _in_force(desk)
    later = date(2027, 1, 1)
    assert early(desk, line("ACME", START), line("BORNET", later)) == [
        "3: entered before 2027-01-01 it stops the product, whose licence is in force"
    ]


def test_many_rows_are_one_doubt(desk: Desk) -> None:
    _in_force(desk)
    many = [line(CLIENTS[each % 3], date(2027, 1, 1)) for each in range(9)]
    (doubt,) = early(desk, *many)
    assert doubt.startswith("2: like other rows: ")
    assert doubt.endswith("rows: 9")


def _in_force(desk: Desk) -> None:
    batch = desk.ask(*rows(3))
    desk.approve(batch)
    desk.issue(batch)
