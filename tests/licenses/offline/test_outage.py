"""The day the safe is down: no server, no login, no database; two people and a kit."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from licenses.offline import kitfile
from opskit.core.secret import Secret
from tests.licenses.offline.conftest import SECRETS, Keepers
from tests.support.faults import stopped
from tests.support.home import House, run_opskit


@contextmanager
def outage(house: House) -> Iterator[None]:
    """The server stands still, the database is gone, and nobody is logged in."""
    database = house.home.database_file
    aside = database.with_suffix(".aside")
    with stopped(house):
        database.rename(aside)
        house.opskit("logout")
        try:
            yield
        finally:
            aside.rename(database)


def test_from_the_outage_to_the_register(keepers: Keepers, tmp_path: Path) -> None:
    house, kit, out = keepers.house, keepers.copy(tmp_path), tmp_path / "deleze.lic"
    with outage(house):
        result = keepers.issue(kit, out, "--days", 10, "--ticket", "cs-7")
        assert result.code == 0, result.err
        verified = house.done("license", "verify", out, "--json").json
    serial = result.out.strip()
    journal = tmp_path / "kit-1.json.journal"
    assert result.err == (
        f"{out} written\n"
        f"temporary licence for DELEZE, last usable day {verified['last_day']}\n"
        "once the safe is up again, a license-issuer types:\n"
        f"  opskit license register adopt {journal}\n"
    )
    assert (verified["number"], verified["kind"], verified["key_id"]) == (serial, "temporary", 121)
    assert verified["verdict"] == "valid"

    adopted = house.done("license", "register", "adopt", journal, as_user="bob").out
    request = adopted.split("\t")[3]
    assert adopted == f"kit-1.json.journal:1\t{serial}\tDELEZE\t{request}\tadded\n"
    again = house.done("license", "register", "adopt", journal)
    assert again.out == adopted.replace("added", "kept")
    proof = house.done("license", "register", "verify")
    assert "issued without the safe, temporary only: " in proof.err
    page = house.done("license", "show", serial).out
    assert "  What for           issued without the safe\n" in page
    assert house.done("license", "show", serial.lower(), "--json").json["state"] == "issued"
    row = house.done("license", "show", request, "--json").json
    assert (row["reason"], row["ticket"]) == ("the safe is down", "CS-7")
    assert (row["requested_by_name"], row["approved_by_name"]) == ("alice", "bob")
    words = ("--format", "file", "--to", "Noah Beguin", "--out", tmp_path / "again.lic")
    house.done("license", "deliver", request, *words)
    assert (tmp_path / "again.lic").read_bytes() == out.read_bytes()


def test_a_machine_that_has_no_home(keepers: Keepers, tmp_path: Path) -> None:
    kit, home = keepers.copy(tmp_path), tmp_path / "nowhere"
    result = run_opskit(
        home,
        *("license", "issue", "DELEZE", "--signer", "offline", "--kit", kit, "--json"),
        *("--reason", "x", "--out", tmp_path / "d.lic", *keepers.secrets),
    )
    assert result.code == 0, result.err
    assert result.json["client"] == "DELEZE"
    assert result.json["holders"] == ["alice", "bob"]
    assert not home.exists()


def test_the_list_does_not_begin_with_what_kits_issued(keepers: Keepers, tmp_path: Path) -> None:
    house, kit = keepers.house, keepers.copy(tmp_path)
    for name in ("one.lic", "two.lic"):  # another copy may draw a sequence of DELEZE again
        issued = keepers.issue(kit, tmp_path / name, target="GFELLE")
        assert issued.code == 0, issued.err
    house.done("license", "register", "adopt", tmp_path / "kit-1.json.journal", as_user="bob")

    def page(*words: object) -> list[str]:
        rows = house.done("license", "list", "--json", *words).json
        return [row["number"] for row in rows if row["number"].startswith("L")]

    everything = page()
    own = [number for number in everything if len(number) < 10]
    assert everything[: len(own)] == own
    offline = everything[len(own) :]
    assert len(offline) >= 2
    assert page("--before", offline[0]) == offline[1:]
    assert page("--before", own[-1]) == offline
    assert page("--limit", 1) == own[:1]
    assert page("--limit", len(own) + 1) == everything[: len(own) + 1]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--days", 32), 5, "error[invalid]: --days: 32 is not between 1 and 31\n"),
        (("--modules", "FIN HRM"), 5, "error[invalid]: L1001 does not have HRM\n"),
        (("--ticket", "seven"), 5, "error[invalid]: 'seven' is no ticket key\n"),
        (("--signer", "safe"), 2, "error[usage]: --kit goes with --signer offline only\n"),
        (("--signer", "paper"), 2, "error[usage]: there is no signer 'paper'\n"),
    ],
)
def test_what_a_kit_refuses(
    keepers: Keepers, tmp_path: Path, words: tuple[object, ...], code: int, said: str
) -> None:
    kit, out = keepers.copy(tmp_path), tmp_path / "d.lic"
    result = keepers.issue(kit, out, *words)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(said)
    assert list(tmp_path.iterdir()) == [kit]


def test_a_wrong_passphrase_does_not_say_whose(keepers: Keepers, tmp_path: Path) -> None:
    first = keepers.folder / "first"
    refused = keepers.house.opskit(
        *("license", "issue", "DELEZE", "--signer", "offline", "--kit", keepers.kit),
        *("--reason", "x", "--out", tmp_path / "d.lic"),
        *("--first-secret-file", first, "--second-secret-file", first),
    )
    said = "the kit stays closed: a passphrase is wrong, or the file was altered"
    hint = "each types their own, in the order of the names; mind Caps Lock"
    assert (refused.code, refused.err) == (5, f"error[kit-locked]: {said}\nhint: {hint}\n")


@pytest.mark.parametrize(
    ("given", "missing"), [(("--reason", "x"), "--kit"), (("--kit", "x"), "--reason")]
)
def test_what_a_kit_needs(keepers: Keepers, given: tuple[str, ...], missing: str) -> None:
    command = ("license", "issue", "DELEZE", "--signer", "offline", "--out", "d.lic")
    result = keepers.house.opskit(*command, *given)
    assert (result.code, result.err.splitlines()[0]) == (2, f"error[usage]: '{missing}' is missing")


def test_nothing_is_issued_that_the_journal_cannot_keep(keepers: Keepers, tmp_path: Path) -> None:
    kit, out = keepers.copy(tmp_path), tmp_path / "d.lic"
    (tmp_path / "kit-1.json.journal").mkdir()
    result = keepers.issue(kit, out)
    assert result.code != 0
    assert result.out == ""
    assert not out.exists()


def test_a_page_to_type_from(keepers: Keepers, tmp_path: Path) -> None:
    kit, page = keepers.copy(tmp_path), tmp_path / "deleze.txt"
    number = keepers.issue(kit, page, "--format", "typed").out.strip()
    assert page.read_text().splitlines()[2] == "Délèze Outillage SA"
    assert keepers.house.done("license", "verify", page, "--json").json["number"] == number
    assert keepers.issue(kit, tmp_path / "x", "--format", "spoken").code == 5


def test_a_file_that_stands_there_already(keepers: Keepers, tmp_path: Path) -> None:
    out = tmp_path / "d.lic"
    out.write_text("another")
    kit = keepers.copy(tmp_path)
    assert keepers.issue(kit, out).code == 4
    assert not (tmp_path / "kit-1.json.journal").exists()


def test_lines_that_cannot_be_entered_are_named(keepers: Keepers, tmp_path: Path) -> None:
    house, kit = keepers.house, keepers.copy(tmp_path)
    assert keepers.issue(kit, tmp_path / "b.lic", target="BERNAS").code == 0
    journal = tmp_path / "kit-1.json.journal"
    good = journal.read_text()
    altered = json.dumps({**json.loads(good), "client": "DELEZE"})
    journal.write_text(f"{altered}\nno line\n{good}")
    result = house.opskit("license", "register", "adopt", journal, "--json", as_user="bob")
    assert [row["state"] for row in result.json] == ["refused", "refused", "added"]
    assert result.code == 8
    assert (
        "kit-1.json.journal:1: it is for client number 20014, which is not DELEZE\n" in result.err
    )
    assert "kit-1.json.journal:2: not a line of a journal: cut off, or altered\n" in result.err
    assert "error[not-adopted]: lines that could not be entered: 2\n" in result.err
    house.done("license", "register", "verify")
    journal.write_text(json.dumps({**json.loads(good), "reason": "for a friend"}))
    words = house.done("license", "register", "adopt", journal)
    assert words.out.endswith("\tkept\n")
    request = words.out.split("\t")[3]
    assert words.err == (
        "kit-1.json.journal:1: the register has it with other words: reason\n"
        "hint: nothing signs these words; "
        f"compare them with opskit license show {request}\n"
    )


def test_who_enters_them(keepers: Keepers, tmp_path: Path) -> None:
    house, kit = keepers.house, keepers.copy(tmp_path)
    assert keepers.issue(kit, tmp_path / "d.lic").code == 0
    missing = house.opskit("license", "register", "adopt", tmp_path / "none", as_user="bob")
    assert (missing.code, missing.out) == (3, "")


def test_the_private_key_is_nowhere(keepers: Keepers, tmp_path: Path) -> None:
    keepers.issue(keepers.copy(tmp_path), tmp_path / "d.lic")
    first, second = map(Secret, SECRETS)
    seed = bytes(kitfile.unpack(kitfile.read(keepers.kit), (first, second)).plain(b""))
    traces = [seed, seed.hex().encode(), base64.b64encode(seed)]
    traces += [each.encode() for each in SECRETS]
    places = (keepers.house.folder, keepers.folder, tmp_path)
    written = [file for place in places for file in place.rglob("*") if file.is_file()]
    found = [file for file in written if any(trace in file.read_bytes() for trace in traces)]
    assert sorted(found) == [keepers.folder / "first", keepers.folder / "second"]
