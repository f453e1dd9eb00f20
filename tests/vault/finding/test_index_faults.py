"""The index is a convenience: damaged, unreadable or without room, it fails no command."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.home import House, copy_of
from tests.vault.lines import REF, stock

FOUND = f"{REF}\tdatabase\t"


@pytest.fixture(scope="module")
def house(house_pattern: House) -> Iterator[House]:
    with copy_of(house_pattern) as house:
        house.login("alice")
        stock(house)
        yield house


@pytest.fixture
def home(house: House) -> House:
    """With an index and a journal beside it."""
    folder = house.home.index_folder
    if folder.is_dir():
        shutil.rmtree(folder)
    else:
        folder.unlink(missing_ok=True)
    house.login("alice")
    house.done("vault", "list", "--fresh")
    for host in ("none.example", "first.example"):
        house.done("vault", "set", REF, "--host", host)
    assert len(list(folder.iterdir())) == 2
    return house


def cut_off(index: Path, _journal: Path) -> None:
    index.write_bytes(index.read_bytes()[:-20])


def emptied(index: Path, _journal: Path) -> None:
    index.write_bytes(b"")


def overwritten(index: Path, _journal: Path) -> None:
    index.write_bytes(b"\xff\x00" * 500)


def unreadable(index: Path, _journal: Path) -> None:
    """For root too."""
    index.unlink()
    index.mkdir()


def journal_cut_off(_index: Path, journal: Path) -> None:
    journal.write_bytes(journal.read_bytes()[:-3])


def journal_unreadable(_index: Path, journal: Path) -> None:
    journal.unlink()
    journal.mkdir()


def no_folder(index: Path, _journal: Path) -> None:
    shutil.rmtree(index.parent)
    index.parent.write_bytes(b"a file")


DAMAGES = (
    *(cut_off, emptied, overwritten, unreadable),
    *(journal_cut_off, journal_unreadable, no_folder),
)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_fails_nothing_and_tells_nothing_old(
    home: House, damage: Callable[[Path, Path], None]
) -> None:
    journal, index = sorted(home.home.index_folder.iterdir(), key=lambda path: not path.suffix)
    damage(index, journal)
    assert home.done("vault", "find", "erp-db").out.startswith(f"{FOUND}first.example\t")
    home.done("vault", "set", REF, "--host", "second.example")
    for words in (("find", "second"), ("list", "DELEZE"), ("find", "erp", "--fresh")):
        done = home.done("vault", *words)
        assert f"{FOUND}second.example\t" in done.out
        assert done.err == ""
    assert "first.example" not in home.done("vault", "tree", "DELEZE").out
    home.done("logout")


def test_a_full_disk_fails_no_search_and_leaves_nothing_old(home: House) -> None:
    """No file of this process may grow: it is as if the disk were full."""
    done = _without_room(home, "vault", "find", "erp-db", "--fresh")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(FOUND)
    assert [each.name for each in home.home.index_folder.iterdir() if each.name[0] == "."] == []
    assert home.done("vault", "find", "erp-db").out.startswith(f"{FOUND}first.example\t")


def test_a_change_that_no_journal_takes_gives_the_index_up(home: House) -> None:
    home.done("vault", "list")
    folder = home.home.index_folder
    journal = next(path for path in folder.iterdir() if path.suffix)
    journal.unlink()
    journal.symlink_to("/dev/full")
    home.done("vault", "set", REF, "--host", "third.example")
    assert list(folder.iterdir()) == []
    assert f"{FOUND}third.example\t" in home.done("vault", "find", "erp-db").out


def _without_room(house: House, *words: str) -> "subprocess.CompletedProcess[str]":
    line = 'ulimit -f 0; trap "" XFSZ; exec "$0" -m opskit "$@"'
    return subprocess.run(
        ["/bin/sh", "-c", line, sys.executable, *words],
        env=house.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
