"""print, export and calendar as typed. Tried on patch runs; they mean the same for every kind."""

import json
import shlex
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.patches.preparing import prepared
from tests.support.commands import commands
from tests.support.home import House
from tests.support.pdf import read_pdf


@pytest.fixture
def run(house: House) -> str:
    """A run of bob's for BETSCH, a client that reads German; bob is logged in."""
    return prepared(house)


def test_print_speaks_the_clients_language(house: House, run: str, tmp_path: Path) -> None:
    out = tmp_path / "p.pdf"
    result = house.done("patch", "print", run, "--out", out)
    assert (result.out, result.err) == ("", f"{out} written\n")
    words = read_pdf(out.read_bytes()).words
    assert "Betschart Gruppe" in words
    assert "Dossier eröffnet, jetzige Version und Zielversion notiert" in words
    assert "Seite 1 von" in words


def test_print_in_another_language_and_form(house: House, run: str, tmp_path: Path) -> None:
    page, text = tmp_path / "p.html", tmp_path / "p.txt"
    house.done("patch", "print", run, "--lang", "fr", "--out", page)
    assert '<html lang="fr">' in page.read_text()
    house.done("patch", "print", run, "--format", "md", "--lang", "en", "--out", text)
    assert text.read_text().startswith("# Patch preparation\n")


def test_print_for_the_team_has_what_was_written(house: House, run: str, tmp_path: Path) -> None:
    house.done("patch", "tick", run, "1", "--answer", "12.1 to 12.4", "--ticket", "CS-7")
    house.done("patch", "comment", run, "call on Monday")
    out, clients = tmp_path / "team.md", tmp_path / "client.md"
    house.done("patch", "print", run.lower(), "--internal", "--out", out)
    house.done("patch", "print", run, "--out", clients)
    for text in ("12.1 to 12.4", "CS-7", "call on Monday", run):
        assert text in out.read_text()
        assert text not in clients.read_text()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--out", "p.doc"), 5, "error[invalid]: 'doc' is no form of a paper\n"),
        (("--out", "p"), 5, "error[invalid]: '' is no form of a paper\n"),
        (("--out", "p.md", "--lang", "rm"), 5, "--lang: 'rm' is none of our languages\n"),
        (("--out", "p.md", "--lang", "fr", "--internal"), 2, "--lang is for the client's paper"),
        (("--out", "no/p.md"), 3, "there is no folder no\n"),
    ],
)
def test_print_says_what_is_wrong(
    house: House, run: str, words: tuple[str, ...], code: int, message: str
) -> None:
    result = house.opskit("patch", "print", run, *words)
    assert result.code == code
    assert message in result.err


def test_nothing_is_overwritten(house: House, run: str, tmp_path: Path) -> None:
    out = tmp_path / "p.md"
    house.done("patch", "print", run, "--out", out)
    house.done("patch", "print", run, "--out", out)  # the same again
    out.write_text("mine")
    for words in (("print", run), ("export", run, "--format", "csv"), ("calendar",)):
        result = house.opskit("patch", *words, "--out", out)
        assert result.code == 4
        assert f"{out} is there already and holds something else" in result.err
    assert out.read_text() == "mine"


def test_export_of_one_run(house: House, run: str, tmp_path: Path) -> None:
    out = tmp_path / "p.json"
    result = house.done("patch", "export", run, "--format", "json", "--out", out)
    assert result.err == f"{out} written, steps: 19\n"
    rows = json.loads(out.read_text())
    assert {row["number"] for row in rows} == {run}
    assert [row["position"] for row in rows] == list(range(1, 20))
    assert rows[0]["version"] == "12.4"


def test_a_file_says_what_it_becomes(house: House, run: str, tmp_path: Path) -> None:
    out = tmp_path / "p.csv"
    house.done("patch", "export", run, "--out", out)
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")  # a table as text, with its mark
    unknown = house.opskit("patch", "export", run, "--out", tmp_path / "p.doc")
    assert (unknown.code, unknown.err.splitlines()[-1]) == (5, "hint: xlsx, csv, json")


def test_export_of_all(house: House, run: str, tmp_path: Path) -> None:
    out = tmp_path / "all.csv"
    house.done("patch", "export", "--all", "--format", "csv", "--out", out)
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("Run,Subject,Client,version,from_version,On,")
    assert any(line.startswith(f"{run},BETSCH,BETSCH,12.4,12.1,") for line in lines)


@pytest.mark.parametrize("words", [(), ("P1", "--all")])
def test_export_wants_one_or_all(house: House, words: tuple[str, ...]) -> None:
    result = house.opskit("patch", "export", *words, "--out", "x.xlsx")
    assert result.code == 2
    assert "give one list, or --all" in result.err


def test_a_calendar_of_ones_own(house: House, run: str, tmp_path: Path) -> None:
    bobs, alices = tmp_path / "bob.ics", tmp_path / "alice.ics"
    house.done("patch", "calendar", "--out", bobs)
    house.done("patch", "calendar", "--person", "alice", "--out", alices)
    assert f"{run}@opskit" in uids(bobs)
    assert f"{run}/open-file@opskit" in uids(bobs)
    assert f"{run}@opskit" not in uids(alices)


def test_a_calendar_follows_who_looks_after_the_run(house: House, run: str, tmp_path: Path) -> None:
    house.done("patch", "assign", run, "alice")
    house.done("patch", "assign", run, "backup", "bob")
    bobs, alices = tmp_path / "bob.ics", tmp_path / "alice.ics"
    house.done("patch", "calendar", "--out", bobs)
    house.done("patch", "calendar", "--person", "alice", "--out", alices)
    assert {uid for uid in uids(bobs) if uid.startswith(f"{run}/")} == {f"{run}/backup@opskit"}
    assert f"{run}/open-file@opskit" in uids(alices)


def test_a_calendar_of_a_campaign(house: House, run: str, tmp_path: Path) -> None:
    period = ("--from", "2035-03-05", "--until", "2035-03-09", "--capacity", "2/day")
    words = ("--to", "12.4", "--clients", "Jomini", *period, "--yes", "--json")
    campaign = house.done("patch", "campaign", "create", *words, as_user="alice").json["number"]
    out, bobs, alices = (tmp_path / name for name in ("all.ics", "bob.ics", "alice.ics"))
    house.done("patch", "calendar", "--campaign", campaign, "--out", out)
    (patch,) = [uid for uid in uids(out) if "/" not in uid]
    assert patch != f"{run}@opskit"
    assert len(uids(out)) == 1 + 19
    house.done("patch", "calendar", "--campaign", campaign, "--person", "bob", "--out", bobs)
    house.done("patch", "calendar", "--campaign", campaign, "--person", "alice", "--out", alices)
    assert uids(bobs) == uids(out)  # the only one who prepares patches
    assert uids(alices) == set()


def test_a_calendar_of_a_person_whom_nobody_knows(house: House) -> None:
    result = house.opskit("patch", "calendar", "--person", "nobody", "--out", "x.ics")
    assert result.code == 3


def test_the_examples_of_the_helps_work(
    house: House, run: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for verb in ("print", "export", "calendar"):
        for line in (commands()[f"opskit patch {verb}"].epilog or "").splitlines():
            words = [run if word == "P7" else word for word in shlex.split(line)[1:]]
            if "--campaign" not in words:
                house.done(*words)
    assert (tmp_path / "p7.pdf").read_bytes().startswith(b"%PDF")


def uids(file: Path) -> set[str]:
    return {str(event["uid"]) for event in Calendar.from_ical(file.read_bytes()).walk("VEVENT")}
