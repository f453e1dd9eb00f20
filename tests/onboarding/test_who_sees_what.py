"""Several people at one home: what each is shown of a newcomer, and of a departure to come."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.home import PASSWORDS, House, Result, copy_of

TEAM = {
    "zoe": "consultant",
    "ann": "consultant",
    "guide": "agent",
    "carl": "agent",
    "paula": "manager",
    "vera": "auditor",
}
STEPS = ("mentor", "workstation", "accounts", "confidentiality")
SEES_ZOE = {"zoe", "guide", "paula", "vera", "alice"}
SEES_EVERYBODY = {"paula", "vera", "alice"}
everybody = pytest.mark.parametrize("who", [*TEAM, "alice"])


@pytest.fixture(scope="module")
def office(house_pattern: House) -> Iterator[House]:
    """Zoé and Ann are on a path, Zoé has earned access; Carl leaves in a month (K1)."""
    with copy_of(house_pattern) as house, pytest.MonkeyPatch.context() as patch:
        house.login("alice")
        for login, role in TEAM.items():
            patch.setitem(PASSWORDS, login, f"pass of {login}")
            words = ("user", "add", login, "--role", role, "--password-file", "-")
            house.done(*words, stdin=PASSWORDS[login])
        for login, mentor in (("zoe", "guide"), ("ann", "bob")):
            begin = ("--path", "logistics", "--start", "2026-06-01", "--mentor", mentor)
            house.done("onboarding", "start", login, *begin)
        for step in STEPS:
            house.done("onboarding", "tick", "O1", step, "--answer", "done")
        house.done("onboarding", "tick", "O1", "safe-training", as_user="guide")
        house.login("alice")
        house.done(*("onboarding", "leave", "carl", "--on", "+20bd", "--reason", "retired"))
        yield house


@pytest.fixture(autouse=True)
def _known(office: House, who: str) -> None:
    office.login(who)


def paths(result: Result) -> set[str]:
    return {row["subject"] for row in result.json if row["subject"] in {"O1", "O2"}}


@everybody
def test_the_to_do_list(office: House, who: str) -> None:
    own = {"zoe": {"O1"}, "guide": {"O1"}, "ann": {"O2"}}
    expected = {"O1", "O2"} if who in SEES_EVERYBODY else own.get(who, set())
    assert paths(office.done("todo", "--within", "12m", "--json")) == expected
    assert paths(office.done("todo", "--within", "12m", "--person", "zoe", "--json")) == (
        expected & {"O1"}
    )
    page = office.done("todo", "--within", "12m", "--pole", "logistics").out
    assert ("O1 " in page) is ("O1" in expected)


@everybody
def test_whose_access(office: House, who: str) -> None:
    shown = office.opskit("onboarding", "access", "show", "zoe")
    listed = office.done("onboarding", "access", "list")
    if who in SEES_ZOE:
        assert shown.out.startswith("zoe (zoe)\naccess level: none")
        assert listed.out == "O1\tzoe\tnone\tsandbox\n"
    else:
        assert (shown.code, shown.out) == (6, "")
        assert shown.err.startswith("error[denied]: the path of zoe is for that person, the mentor")
        assert listed.err == "no sign-off waits for access\n"
        assert office.opskit("onboarding", "access", "O1", "--json").code == 6


@everybody
def test_a_departure_to_come(office: House, who: str, tmp_path: Path) -> None:
    is_seen = who in SEES_EVERYBODY
    listed = office.done("checklist", "list", "--json").json
    assert ("carl" in {row["subject"] for row in listed}) is is_seen
    table, days = tmp_path / "all.csv", tmp_path / "days.ics"
    office.done("checklist", "export", "--all", "--out", table)
    with table.open(encoding="utf-8-sig") as file:
        assert any("carl" in row for row in csv.reader(file)) is is_seen
    office.done("checklist", "calendar", "--person", "alice", "--out", days)
    assert ("K1" in days.read_text("utf-8")) is is_seen
    for words in (
        ("show", "K1"),
        ("show", "K1", "--json"),
        ("history", "K1"),
        ("export", "K1", "--out", tmp_path / "one.csv"),
        ("print", "K1", "--internal", "--out", tmp_path / "one.md"),
        ("print", "K1", "--out", tmp_path / "client.md"),
    ):
        shown = office.opskit("checklist", *words)
        assert shown.code == (0 if is_seen else 6), words
        assert "carl" not in shown.err.replace("STEP carl", "")
    todo = office.done("todo", "--within", "3m")
    assert ("K1" in todo.out) is is_seen
    assert ("opskit onboarding leave carl" in todo.out) is is_seen
    events = office.done("audit", "list", "--limit", 1000, "--json").json
    assert ("K1" in {event["subject"] for event in events}) is is_seen


@pytest.mark.parametrize("who", ["paula"])
def test_without_a_login_one_reads_what_everybody_may(office: House, who: str) -> None:
    assert "carl" in office.done("checklist", "list").out
    office.done("logout")
    assert "carl" not in office.done("checklist", "list").out
    assert office.opskit("checklist", "show", "K1").err.startswith("error[login-needed]: ")


@pytest.mark.parametrize("who", ["ann"])
def test_who_is_given_a_step_reads_the_list(office: House, who: str) -> None:
    office.login("paula")
    office.done("checklist", "assign", "K1", "work", "guide")
    office.login("guide")
    assert "carl" in office.done("checklist", "show", "K1").out
    assert "carl" in office.done("checklist", "list").out
    rows = office.done("todo", "--within", "3m", "--json").json
    assert [row["step"] for row in rows if row["subject"] == "K1"] == ["work"]
    office.done("checklist", "tick", "K1", "work", "--answer", "to bob")
    events = office.done("audit", "list", "--limit", 1000, "--json").json
    assert "K1" in {event["subject"] for event in events}
    refused = office.opskit("checklist", "show", "K1", as_user=who)
    assert refused.err == (
        "error[denied]: K1 is not for everybody to read\n"
        f"hint: a manager can give you a step of it: opskit checklist assign K1 STEP {who}\n"
    )
    office.login("alice")
    office.done("onboarding", "leave", "carl", "--on", "today", "--yes")
    assert office.done("checklist", "show", "K1", as_user=who).code == 0
    assert "carl" in office.done("checklist", "list").out
