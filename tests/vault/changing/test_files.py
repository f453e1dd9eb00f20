"""Notes and files of an entry."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from opskit.core.errors import ExitCode
from tests.support.home import House

OVPN = bytes(range(256)) * 4
REF = "DELEZE/test/vpn-with-files"


@pytest.fixture
def ref(house: House) -> Iterator[str]:
    house.done("vault", "add", REF, "--kind", "vpn", "--password-file", "-", stdin="psk")
    yield REF
    house.done("vault", "purge", REF, "--yes")


@pytest.fixture
def ovpn(tmp_path: Path) -> Path:
    file = tmp_path / "DELEZE client.ovpn"
    file.write_bytes(OVPN)
    return file


def test_a_file_comes_back_byte_for_byte_for_its_owner_alone(
    house: House, ref: str, ovpn: Path, tmp_path: Path
) -> None:
    done = house.done("vault", "attach", ref, ovpn)
    assert done.err == f"file:{ovpn.name}: added\n{ref} is in the safe, version 2\n"
    holds = house.done("vault", "show", ref, "--json").json["holds"]
    assert sorted(holds) == [f"file:{ovpn.name}", "password"]
    out = tmp_path / "out.ovpn"
    house.done("vault", "save", ref, ovpn.name, "--out", out)
    assert out.read_bytes() == OVPN
    assert out.stat().st_mode & 0o777 == 0o600
    again = house.done("vault", "save", ref, f"file:{ovpn.name}", "--out", out)
    assert again.err == f"{out} holds the same already\n"


def test_the_same_file_twice_changes_nothing(house: House, ref: str, ovpn: Path) -> None:
    house.done("vault", "attach", ref, ovpn)
    assert house.done("vault", "attach", ref, ovpn, "--json").json["changed"] == []


def test_another_file_of_that_name_is_a_new_version(house: House, ref: str, ovpn: Path) -> None:
    house.done("vault", "attach", ref, ovpn, "--name", "a.ovpn")
    ovpn.write_bytes(b"other")
    assert (
        "file:a.ovpn: changed" in house.done("vault", "attach", ref, ovpn, "--name", "a.ovpn").err
    )
    revealed = house.done("vault", "diff", ref, "--reveal").out
    assert revealed == "file:a.ovpn\tchanged\t1024 bytes\t5 bytes\n"


def test_nothing_is_overwritten(house: House, ref: str, ovpn: Path, tmp_path: Path) -> None:
    house.done("vault", "attach", ref, ovpn)
    mine = tmp_path / "mine"
    mine.write_text("mine")
    done = house.opskit("vault", "save", ref, ovpn.name, "--out", mine)
    assert (done.code, mine.read_text()) == (ExitCode.CONFLICT, "mine")
    missing = house.opskit("vault", "save", ref, ovpn.name, "--out", tmp_path / "no" / "folder")
    assert missing.code == ExitCode.NOT_FOUND


def test_a_file_that_is_not_there_names_those_there_are(
    house: House, ref: str, ovpn: Path, tmp_path: Path
) -> None:
    house.done("vault", "attach", ref, ovpn)
    done = house.opskit("vault", "save", ref, "other", "--out", tmp_path / "out")
    assert (done.code, f"file:{ovpn.name}" in done.err) == (ExitCode.NOT_FOUND, True)


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "is empty"), (785_001, "is too large"), (785_000, "would be too large")],
)
def test_what_does_not_fit_is_refused_before_it_is_sent(
    house: House, ref: str, ovpn: Path, size: int, said: str
) -> None:
    house.done("vault", "note", ref, "--file", "-", stdin="x" * 10_000)
    ovpn.write_bytes(os.urandom(size))
    done = house.opskit("vault", "attach", ref, ovpn)
    assert (done.code, said in done.err) == (ExitCode.INVALID, True), done.err
    assert house.done("vault", "show", ref, "--json").json["version"] == 2


def test_the_largest_file_fits(house: House, ref: str, ovpn: Path, tmp_path: Path) -> None:
    content = os.urandom(785_000)
    ovpn.write_bytes(content)
    house.done("vault", "attach", ref, ovpn)
    house.done("vault", "save", ref, ovpn.name, "--out", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == content


def test_a_name_that_cannot_be_wants_another(house: House, ref: str, tmp_path: Path) -> None:
    file = tmp_path / "a,b.ovpn"
    file.write_text("x")
    done = house.opskit("vault", "attach", ref, file)
    assert (done.code, "--name" in done.err) == (ExitCode.INVALID, True)
    assert house.opskit("vault", "attach", ref, tmp_path / "none").code == ExitCode.NOT_FOUND


def test_what_is_no_file_is_not_saved_as_one(house: House, ref: str, tmp_path: Path) -> None:
    done = house.opskit("vault", "save", ref, "password", "--out", tmp_path / "out")
    assert done.code == ExitCode.NOT_FOUND
    assert not (tmp_path / "out").exists()


def test_a_note_is_printed_and_set(house: House, ref: str) -> None:
    none = house.opskit("vault", "note", ref)
    assert (none.code, "keeps no field note" in none.err) == (ExitCode.NOT_FOUND, True)
    assert house.done("vault", "note", ref, "--file", "-", stdin="é\n\nb\n").err.startswith(
        "note: "
    )
    assert house.done("vault", "note", ref).out == "é\n\nb\n"
    assert house.done("vault", "note", ref, "--json").json == {"ref": ref, "note": "é\n\nb"}
    both = house.opskit("vault", "note", ref, "--edit", "--file", "-")
    assert both.code == ExitCode.USAGE
