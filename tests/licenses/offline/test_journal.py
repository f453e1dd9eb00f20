"""The journal: a line each, on the disk before anybody sees the licence."""

import stat
from pathlib import Path

import msgspec
import pytest

from licenses.offline import journal, kitfile
from opskit.core.errors import InvalidError, NotFoundError, UnavailableError
from tests.licenses.offline.kits import issued


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return journal.beside(tmp_path / "kit-1.json")


def test_it_lies_beside_the_kit(file: Path) -> None:
    assert file.name == "kit-1.json.journal"
    assert journal.entries(file) == []


def test_lines_follow_each_other(file: Path) -> None:
    written = [issued(), issued()]
    for entry in written:
        journal.append(file, entry)
    assert journal.entries(file) == written
    assert [number for number, _entry in journal.read(file)] == [1, 2]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_line_that_was_cut_off_spoils_no_other(file: Path) -> None:
    first, second = issued(), issued()
    journal.append(file, first)
    file.write_bytes(file.read_bytes() + msgspec.json.encode(second)[:100])
    journal.append(file, second)
    assert list(journal.read(file)) == [(1, first), (2, None), (3, second)]
    assert journal.entries(file) == [first, second]


@pytest.mark.parametrize(
    ("member", "value"),
    [("signed", bytes(109)), ("reason", ""), ("kit", 8), ("format", "other"), ("more", 1)],
)
def test_a_line_that_says_nothing_sensible(file: Path, member: str, value: object) -> None:
    line = msgspec.to_builtins(issued())
    file.write_bytes(msgspec.json.encode({**line, member: value}))
    assert list(journal.read(file)) == [(1, None)]


def test_no_line_no_licence(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot write") as caught:
        journal.append(tmp_path / "none" / "journal", issued())
    assert caught.value.hint.startswith("nothing was issued")


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="cannot read"):
        list(journal.read(tmp_path))


def test_the_kit_is_no_journal(tmp_path: Path) -> None:
    kit = tmp_path / "kit-1.json"
    kit.write_text(f'{{\n  "format": "{kitfile.FORMAT}",\n', encoding="utf-8")
    with pytest.raises(InvalidError, match="is the kit; its journal is") as caught:
        list(journal.read(kit))
    assert caught.value.hint == f"opskit license register adopt {kit}.journal"


def test_what_is_too_long(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.append(file, issued())
    monkeypatch.setattr(journal, "LARGEST", 10)
    with pytest.raises(InvalidError, match="too long for a journal"):
        list(journal.read(file))
