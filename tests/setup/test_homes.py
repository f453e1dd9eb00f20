"""A mistyped OPSKIT_HOME, and one that the system keeps closed: every command says the same."""

import os
from pathlib import Path

import pytest

from opskit.core.errors import ExitCode
from tests.support.home import House, Result, run_opskit

EVERYWHERE = [
    "vault get DELEZE/prod/erp-db",
    "vault list",
    "client list",
    "audit verify",
    "login alice",
    "whoami",
    "upgrade",
    "backup",
    "local start",
    "local stop",
    "local status",
    "local logs",
    "local recover alice",
    "local recovery-key",
]
INIT = ("init", "--admin", "alice", "--keep-in", "file", "--password-file", "-")


@pytest.mark.parametrize("words", EVERYWHERE)
def test_a_mistyped_home(tmp_path: Path, words: str) -> None:
    (tmp_path / "file").touch()
    for home in (tmp_path / "nowhere", tmp_path, tmp_path / "file"):
        assert run_opskit(home, *words.split()) == Result(
            ExitCode.NOT_FOUND,
            "",
            f"error[no-home]: {home} is no opskit home\n"
            "hint: opskit init --admin NAME makes one, or set OPSKIT_HOME to yours\n",
        )
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_help_and_version_need_no_home(tmp_path: Path) -> None:
    for words in (("--help",), ("--version",), ("vault", "get", "--help")):
        assert run_opskit(tmp_path / "nowhere", *words).code == 0


@pytest.mark.parametrize("name", ["file", "file/home"])
def test_a_home_that_cannot_be_made(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    home = tmp_path / name
    result = run_opskit(home, *INIT, stdin="a long passphrase")
    assert (result.code, result.out) == (ExitCode.UNAVAILABLE, "")
    assert result.err.startswith(f"error[home-unusable]: the home {home} cannot be used: ")
    assert result.err.endswith(
        ": Not a directory\n"
        "hint: opskit reads and writes there: mend the folder, or choose another OPSKIT_HOME\n"
    )


def test_a_home_that_may_not_be_written(own_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_how: object) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", refuse)
    file = own_house.home.safe_folder / "lock"
    assert own_house.opskit("local", "start") == Result(
        ExitCode.UNAVAILABLE,
        "",
        f"error[home-unusable]: the home {own_house.folder} cannot be used: {file}: "
        "Permission denied\n"
        "hint: opskit reads and writes there: mend the folder, or choose another OPSKIT_HOME\n",
    )
