"""What follows a licence, as typed."""

import csv
import io
import sys
from pathlib import Path

import pytest

from tests.licenses.ordering import LAST, approved
from tests.support.home import House
from tests.support.terminal import sit_before

CLIENT = "GFELLE"


@pytest.fixture(scope="module")
def serial(house: House, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A licence of a client that no other test touches, bound to site A."""
    number = approved(house, CLIENT, site="A", valid_until="2030-01-31")
    out = tmp_path_factory.mktemp("key") / "a.lic"
    return house.done("license", "issue", number, "--out", out).out.strip()


def test_renew_and_withdraw(house: House, serial: str) -> None:
    result = house.done("license", "renew", CLIENT, "--until", "+12m", as_user="alice")
    number = result.out.strip()
    assert "last usable day +12 months: 2030-01-31 -> 2031-01-31" in result.err
    assert result.err.endswith(f"a second person types:\n  opskit license approve {number}\n")
    again = house.opskit("license", "extend", serial, "--valid-until", "+1m")
    assert (again.code, again.out) == (4, "")
    assert f"{number} follows {serial} already" in again.err
    house.done("license", "withdraw", number)


def test_move_as_json_makes_two_requests(house: House, serial: str) -> None:
    made = house.done("license", "move", serial, "--to-site", "B", "--json").json
    (ending,) = made["with"]
    assert (made["action"], made["site"], ending["action"], ending["site"]) == (
        "move",
        "B",
        "revoke",
        "A",
    )
    for each in (made, ending):
        house.done("license", "withdraw", each["number"])


@pytest.mark.parametrize(
    ("words", "change"),
    [
        (("add-modules", "--modules", "PAY"), "modules +1: PAY"),
        (("supersede", "--named-users", "40"), "named users 60 -> 40"),
        (("supersede", "--valid-until", "none"), "last usable day 2030-01-31 -> without end"),
        (("revoke", "--reason", "contract ended"), "ends the licence: no module, no user"),
        (("move", "--to-site", "C", "--copy"), "site A -> C"),
    ],
)
def test_each_says_what_changes(
    house: House, serial: str, words: tuple[str, ...], change: str
) -> None:
    result = house.done("license", words[0], serial, *words[1:])
    assert f"  {change}" in result.err
    house.done("license", "withdraw", result.out.strip())


def test_a_revocation_needs_a_reason_and_no_contract(house: House, serial: str) -> None:
    empty = house.opskit("license", "revoke", serial, "--reason", " ")
    assert (empty.code, empty.err.splitlines()[0]) == (5, "error[invalid]: --reason: is empty")
    asked = house.done("license", "revoke", serial, "--reason", "contract ended")
    assert "warning" not in asked.err
    house.done("license", "withdraw", asked.out.strip())


def test_whoever_asks_too_early_is_warned_wherever_it_is_shown(house: House, serial: str) -> None:
    early = "entered before 2029-01-01 it stops the product, whose licence is in force"
    later = ("--valid-from", "2029-01-01")
    corrected = house.done("license", "supersede", serial, *later)
    terms = ("--modules", "FIN", "--named-users", "7", "--maintenance-until", "none")
    asked = house.done("license", "request", CLIENT, *terms, "--site", "A", *later)
    elsewhere = house.done("license", "request", CLIENT, *terms, "--site", "Z", *later)
    numbers = [each.out.strip() for each in (corrected, asked, elsewhere)]
    shown = [house.done("license", "show", number) for number in numbers]
    approved = [house.done("license", "approve", number, as_user="bob") for number in numbers]
    house.login("alice")
    for number in numbers:
        house.done("license", "withdraw", number)
    for pages in ((corrected, asked, elsewhere), shown, approved):
        assert [each.err.count(f"warning: {early}\n") for each in pages] == [1, 1, 0]


def test_check(house: House, serial: str) -> None:
    words = ("license", "check", CLIENT, "--erp-version", "12.4")
    (answer,) = house.done(*words, "--json").json
    assert (answer["license"], answer["modules"]) == (serial, ["FIN", "AP", "AR"])
    refused = house.opskit(*words, "--on", "2030-02-01")
    assert refused.code == 8
    assert "ended on 2030-01-31" in refused.out
    assert house.opskit(*words, "--site", "Z").code == 8


def test_overviews(house: House, serial: str, tmp_path: Path) -> None:
    subjects = [each["subject"] for each in house.done("license", "history", CLIENT, "--json").json]
    assert serial in subjects
    more = house.done("license", "add-modules", serial, "--modules", "PAY").out.strip()
    ending = house.done("license", "expiring", "--within", "50m", "--json").json
    (note,) = [each["note"] for each in ending if each["license"] == serial]
    assert note == f"{more} open: more modules"
    house.done("license", "withdraw", more)
    assert serial in [each["license"] for each in ending]
    out = tmp_path / "register.csv"
    house.done("license", "export", "--format", "csv", "--client", CLIENT, "--out", out)
    (row,) = csv.DictReader(io.StringIO(out.read_text("utf-8-sig")))
    assert (row["Number"], row["Modules"], row["Site"]) == (serial, "FIN AP AR", "A")
    assert "2030-01\t" in house.done("license", "chart", "--by", "month").out
    assert "FIN\t" in house.done("license", "chart", "--by", "module").out
    todo = house.done("todo", "--role", "sales", "--json").json
    assert serial in [each["subject"] for each in todo]


def test_a_chart_is_drawn_into_a_file(house: House, serial: str, tmp_path: Path) -> None:
    assert serial
    for name, begins in (("c.svg", b"<?xml"), ("c.PNG", b"\x89PNG")):
        words = ("license", "chart", "--by", "module", "--out", tmp_path / name)
        assert house.done(*words).err == f"{tmp_path / name} written\n"
        assert (tmp_path / name).read_bytes().startswith(begins)
        house.done(*words)  # the same again is no conflict
    (tmp_path / "taken.svg").write_bytes(b"something else")
    for name, code in (("taken.svg", 4), ("c.pdf", 5), ("absent/c.svg", 3)):
        assert house.opskit("license", "chart", "--out", tmp_path / name).code == code
    assert (tmp_path / "taken.svg").read_bytes() == b"something else"


def test_a_person_is_asked_for_what_is_missing(house: House, serial: str) -> None:
    words = [sys.executable, "-m", "opskit", "license", "request", CLIENT, "--named-users", "7"]
    answers = [
        ("Modules, codes with spaces between them [FIN AP AR]", "FIN XXX"),
        ("there is no module XXX", ""),
        (f"Last day of maintenance, a day, +12m or none [{LAST}]", "abc"),
        ("'abc' is no date", "2039-12-31"),
    ]
    screen = sit_before(words, house.environment(), answers=answers)
    assert screen.code == 0, screen.text
    made = house.done("license", "list", "--client", CLIENT, "--json").json[0]
    assert (made["modules"], made["named_users"], made["maintenance_until"], serial) == (
        ["FIN", "AP", "AR"],
        7,
        "2039-12-31",
        serial,
    )
    unknown = sit_before([*words[:5], "KUHNCX"], house.environment())
    assert unknown.code == 3
    assert "there is no client KUHNCX" in unknown.text
