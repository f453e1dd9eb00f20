"""opskit onboarding erase and export-my-data, as typed."""

import json
import shutil
from pathlib import Path

import pytest

from tests.support.home import DATA, House

WORDS = ("--path", "back-office", "--start", "2035-12-03", "--mentor", "echatriant0")


@pytest.fixture
def team(own_house: House, tmp_path: Path) -> House:
    """Zoé is on a path, and a consultant who can log in is there too."""
    own_house.login("alice")
    own_house.done("staff", "import", shutil.copy(DATA / "staff.csv", tmp_path))
    own_house.done("onboarding", "start", "Zoé Perret", *WORDS)
    return own_house


def test_erasing_from_the_first_refusal_to_the_proof(team: House) -> None:
    refused = team.opskit("onboarding", "erase", "zperret", "--yes")
    assert (refused.code, refused.err) == (
        4,
        (
            "error[still-here]: Zoé Perret is still on a path\n"
            "hint: opskit onboarding leave zperret --on today --reason other\n"
        ),
    )
    mentor = team.opskit("onboarding", "erase", "echatriant0", "--yes")
    assert mentor.code == 4
    assert mentor.err.startswith(
        "error[still-here]: Ethan Chatriant is still the mentor of Zoé Perret\n"
    )
    team.done("onboarding", "comment", "O1", "Zoé Perret is quick")
    team.done("onboarding", "leave", "zperret", "--on", "today", "--reason", "resigned", "--yes")
    asked = team.opskit("onboarding", "erase", "zperret")
    assert (asked.code, asked.out) == (2, "")
    assert "give --yes to do it" in asked.err
    done = team.done("onboarding", "erase", "zperret", "--yes")
    pseudonym = done.err.split()[0]
    assert pseudonym.startswith("erased-")
    assert done.err.startswith(f"{pseudonym} is all that is left; events: ")
    assert "Perret" not in team.done("audit", "list", "--json").out
    assert team.done("audit", "verify").code == 0
    assert team.opskit("staff", "show", "zperret").code == 3
    assert team.done("staff", "show", pseudonym, "--json").json["name"] == pseudonym
    again = team.opskit("onboarding", "erase", pseudonym, "--yes")
    assert (again.code, again.err.splitlines()[0]) == (
        4,
        f"error[erased-already]: {pseudonym} is erased already",
    )
    assert team.opskit("onboarding", "erase", "zperret", "--yes").code == 3


def test_a_person_with_a_login_first_leaves(team: House) -> None:
    result = team.opskit("onboarding", "erase", "bob", "--yes")
    assert result.err == (
        "error[still-here]: bob still has a login\n"
        "hint: opskit onboarding leave bob --on today --reason other\n"
    )
    entity = team.done("staff", "show", "bob", "--json").json
    team.done("onboarding", "leave", "bob", "--on", "today", "--reason", "other", "--yes")
    row = team.done("onboarding", "erase", "bob", "--yes", "--json").json
    assert row["pseudonym"].startswith("erased-")
    assert entity["login"] == "bob"
    gone = team.opskit("login", "bob", "--password-file", "-", stdin="pass of bob")
    assert gone.code == 6
    team.login("alice")
    assert team.done("audit", "verify").code == 0


def test_oneself_and_who_may_not(team: House) -> None:
    own = team.opskit("onboarding", "erase", "alice", "--yes")
    assert (own.code, own.err.splitlines()[0]) == (6, "error[denied]: nobody erases themselves")
    other = team.opskit("onboarding", "erase", "zperret", "--yes", as_user="bob")
    assert other.code == 6
    assert other.err.startswith("error[denied]: bob lacks the role admin")


def test_ones_own_data(team: House, tmp_path: Path) -> None:
    own = team.done("onboarding", "export-my-data", as_user="bob").json
    assert own["person"]["login"] == "bob"
    assert own["steps"] == own["reminders"] == []
    denied = team.opskit("onboarding", "export-my-data", "zperret", as_user="bob")
    assert denied.err == (
        "error[denied]: the data of Zoé Perret is for that person, and an admin\n"
        "hint: opskit onboarding export-my-data\n"
    )
    file = tmp_path / "zoe.json"
    said = team.done("onboarding", "export-my-data", "zperret", "--out", file, as_user="alice")
    assert said.err == f"{file} written\n"
    assert len(json.loads(file.read_text())["steps"]) == 33
