"""A guarded entry of DELEZE, and the commands around it."""

from typing import Any

from tests.support.home import House, Result

REF = "DELEZE/prod/payroll"
SECRET = "only two open this"
CAROL = "pass of carol"


def put_under_guard(house: House, ref: str, *more: str) -> Result:
    add = ("vault", "add", ref, "--kind", "erp", "--host", "erp.deleze.example")
    house.done(*add, "--password-file", "-", stdin=SECRET, as_user="alice")
    return house.done("vault", "break-glass", "guard", ref, "--yes", *more)


def ask(house: House, who: str = "bob", ref: str = REF) -> str:
    words = ("vault", "break-glass", "request", ref, "--ticket", "CS-1001")
    return house.done(*words, as_user=who).out.strip()


def glass(house: House, who: str, *words: str) -> Result:
    return house.opskit("vault", "break-glass", *words, as_user=who)


def row_of(house: House, number: str) -> dict[str, Any]:
    rows = house.done("vault", "break-glass", "list", "--all", "--json").json
    (row,) = [row for row in rows if row["number"] == number]
    return dict(row)
