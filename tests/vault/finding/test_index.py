"""The index as a file: what goes in comes out, and what is damaged is as if it were not there."""

import stat
from pathlib import Path
from zlib import crc32

import pytest

from opskit.core.config import Home, Settings
from opskit.core.secret import Secret
from vault.entries import Entry, EntryRef, Stamps
from vault.facts import EntryFacts
from vault.finding.index_file import Index, IndexFile, Row, line_of, row_in, row_of

FACTS = EntryFacts("database", "db.deleze.example", 1521, "SYSTEM", tags=("Oracle", "paie"))
STAMPS = Stamps(holds=("password", "note"), rotated="2026-03-01T08:00:00+00:00", version=2)
TOKEN = Secret("s.of-somebody")


def row(path: str, name: str = "", facts: EntryFacts = FACTS, *, guarded: bool = False) -> Row:
    entry = Entry(EntryRef.parse(path), facts, 2, "2026-11-24T09:30:00Z", STAMPS)
    return row_of(entry, client_name=name, guarded=guarded)


ERP = row("DELEZE/prod/erp-db", "Délèze\tOutillage\nSA", guarded=True)
INDEX = Index("holder", 1000.5, [line_of(ERP), line_of(row("PERRET/common/vpn"))], {"PERRET": 2.0})


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def file(home: Home) -> IndexFile:
    return IndexFile(home, Settings())


@pytest.fixture
def path(home: Home, file: IndexFile) -> Path:
    file.save(INDEX)
    (path,) = home.index_folder.iterdir()
    return path


def test_a_row_comes_back_from_its_line_whatever_is_in_it() -> None:
    assert row_in(line_of(ERP)) == ERP
    assert "\n" not in line_of(ERP)


def test_the_searched_part_is_folded() -> None:
    head = line_of(ERP).rpartition("\t")[0]
    assert head == (
        "deleze/prod/erp-db\tdeleze outillage sa\tdatabase\tdb.deleze.example\tsystem\t\t\t\t"
        "oracle paie"
    )


def test_what_was_saved_is_loaded(file: IndexFile) -> None:
    assert file.load() is None
    file.save(INDEX)
    assert file.load() == INDEX
    assert [row["ref"] for row in INDEX.rows("PERRET")] == ["PERRET/common/vpn"]
    assert INDEX.refs("deleze/pr") == ["DELEZE/prod/erp-db"]


def test_an_empty_safe_has_an_index_too(file: IndexFile) -> None:
    file.save(Index("holder", 1.0, []))
    assert file.load() == Index("holder", 1.0, [])


def test_only_the_owner_reads_it(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("kept", [0, 1, 40, -1, -200])
def test_a_cut_index_is_none(path: Path, file: IndexFile, kept: int) -> None:
    path.write_bytes(path.read_bytes()[:kept])
    assert file.load() is None


@pytest.mark.parametrize("content", [b"{}\n", b"[]\nx", b"\xff\xfe", b"null\n", b"{\n"])
def test_something_else_is_none(path: Path, file: IndexFile, content: bytes) -> None:
    path.write_bytes(content)
    assert file.load() is None


@pytest.mark.parametrize("at", range(0, 900, 37))
def test_a_changed_byte_is_found(path: Path, file: IndexFile, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 0x20
    path.write_bytes(content)
    assert file.load() is None


@pytest.mark.parametrize(("old", "new"), [('"ref", ', '"ref", "x", '), ("reread", "another")])
def test_what_an_opskit_with_other_columns_wrote_is_none(
    path: Path, file: IndexFile, old: str, new: str
) -> None:
    _, _, content = path.read_text().partition("\n")
    other = content.replace(old, new, 1).encode()
    assert other != content.encode()
    path.write_bytes(b"%08x\n" % crc32(other) + other)
    assert file.load() is None


def test_each_server_and_namespace_has_its_own(home: Home, file: IndexFile) -> None:
    file.save(INDEX)
    team = Settings(profile="team", vault_address="https://vault.example:8200")
    spaced = Settings(
        profile="team", vault_address="https://vault.example:8200", vault_namespace="cs"
    )
    for settings in (team, spaced):
        assert IndexFile(home, settings).load() is None
        IndexFile(home, settings).save(INDEX)
    assert len(list(home.index_folder.iterdir())) == 3


def test_each_login_has_its_own_and_the_token_is_not_in_it(home: Home, file: IndexFile) -> None:
    holder = file.holder(TOKEN)
    assert holder != file.holder(Secret("s.of-another"))
    file.save(Index(holder, 1.0, []))
    assert all(TOKEN.reveal() not in path.read_text() for path in home.index_folder.iterdir())


def test_a_changed_client_is_stale_until_it_is_read_again(file: IndexFile) -> None:
    assert file.changes() == {}
    file.note_change("DELEZE", at=1001.0)
    file.note_change("PERRET", at=1002.0)
    file.note_change("DELEZE", at=1003.25)
    assert file.changes() == {"DELEZE": 1003.25, "PERRET": 1002.0}
    assert not INDEX.has_read("DELEZE", since=1003.25)
    assert INDEX.has_read("DELEZE", since=1000.0)


def test_what_a_new_index_has_seen_is_dropped_from_the_journal(file: IndexFile, home: Home) -> None:
    for number in range(5):
        file.note_change("DELEZE", at=1000.0 + number)
    file.drop_changes(before=1003.0)
    (journal,) = home.index_folder.iterdir()
    assert journal.read_text() == "DELEZE 1003.0\nDELEZE 1004.0\n"
    file.drop_changes(before=2000.0)
    assert list(home.index_folder.iterdir()) == []
    assert file.changes() == {}


def test_a_journal_that_cannot_be_read_means_that_anything_may_have_changed(
    home: Home, file: IndexFile
) -> None:
    file.note_change("DELEZE", at=1001.0)
    (journal,) = home.index_folder.iterdir()
    journal.write_bytes(b"DELEZE 1001.0\nPERR")
    assert file.changes() is None


def test_what_is_forgotten_is_gone(home: Home, file: IndexFile) -> None:
    file.save(INDEX)
    file.note_change("DELEZE", at=1.0)
    file.forget()
    file.forget()
    assert list(home.index_folder.iterdir()) == []
