"""Files that only their owner may read, written whole or not at all."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from opskit.core.errors import ConflictError, InvalidError, NotFoundError, UnavailableError
from opskit.core.private_files import (
    make_private_folder,
    replace_own,
    write_asked_for,
    write_private,
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def _careless_umask() -> object:
    """The mode must not hang on the umask."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_a_new_file_is_the_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "token"
    write_private(file, b"x")
    assert file.read_bytes() == b"x"
    assert [mode(each) for each in (file, file.parent, file.parent.parent)] == [0o600, 0o700, 0o700]


def test_an_open_file_becomes_private_when_it_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.touch(mode=0o666)
    write_private(file, b"x")
    assert mode(file) == 0o600


def test_who_reads_the_old_file_keeps_it_whole(tmp_path: Path) -> None:
    file = tmp_path / "token"
    write_private(file, b"old")
    with file.open("rb") as reader:
        write_private(file, b"new")
        assert reader.read() == b"old"
    assert file.read_bytes() == b"new"


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "token"
    write_private(file, b"old")
    with pytest.raises(TypeError):
        write_private(file, "no bytes")  # type: ignore[arg-type]
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_is_replaced_and_its_target_left_alone(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"another program's")
    link.symlink_to(target)
    write_private(link, b"x")
    assert target.read_bytes() == b"another program's"
    assert not link.is_symlink()


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    make_private_folder(shared)
    make_private_folder(shared / "own")
    assert (mode(shared), mode(shared / "own")) == (0o755, 0o700)


def test_what_was_asked_for_is_written_once(tmp_path: Path) -> None:
    file = tmp_path / "key.lic"
    assert write_asked_for(file, "x")
    assert not write_asked_for(file, "x")
    assert (file.read_text(), mode(file)) == ("x", 0o600)


def test_another_file_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    file.write_text("the only copy")
    with pytest.raises(ConflictError) as caught:
        write_asked_for(file, "x")
    assert caught.value.message == f"{file} is there already and holds something else"
    assert file.read_text() == "the only copy"


@pytest.mark.parametrize("place", [".", "/dev/null", "/dev/full"])
def test_a_folder_or_a_device_is_no_file(tmp_path: Path, place: str) -> None:
    with pytest.raises(InvalidError, match="is no file that can be written"):
        write_asked_for(tmp_path / place, "x")
    assert not Path("/dev/full").is_file()


def test_a_missing_folder_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as caught:
        write_asked_for(tmp_path / "typo" / "key.lic", "x")
    assert caught.value.message == f"there is no folder {tmp_path}/typo"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("write", [write_asked_for, replace_own])
def test_a_file_that_the_system_refuses(tmp_path: Path, write: Callable[..., object]) -> None:
    with pytest.raises(UnavailableError, match=": File name too long"):
        write(tmp_path / ("x" * 300), "x")


def test_a_file_of_the_home_is_replaced(tmp_path: Path) -> None:
    replace_own(tmp_path / "keys.json", "old")
    replace_own(tmp_path / "keys.json", "new")
    assert (tmp_path / "keys.json").read_text() == "new"
