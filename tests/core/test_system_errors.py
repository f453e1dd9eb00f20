"""What the system says when it refuses, as a person reads it."""

import errno
import os
import socket
import ssl
from pathlib import Path

import pytest

from opskit.core import system_errors
from opskit.core.system_errors import reason_of


def test_the_usual_ones_are_translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OSError, match="nothing") as caught:
        (tmp_path / "nothing").read_bytes()
    assert reason_of(caught.value) == "No such file or directory"
    monkeypatch.setattr(system_errors, "_", str.upper)
    assert reason_of(caught.value) == "NO SUCH FILE OR DIRECTORY"


def test_the_words_are_the_system_s() -> None:
    usual = system_errors._usual()
    assert usual == {number: os.strerror(number) for number in usual}


def test_the_others_are_as_they_come() -> None:
    rare = OSError(errno.EXDEV, os.strerror(errno.EXDEV))
    assert reason_of(rare) == os.strerror(errno.EXDEV)
    assert reason_of(OSError("odd")) == "OSError"
    assert reason_of(UnicodeError("no name of a host")) == "UnicodeError"


def test_numbers_of_another_count_are_not_mistaken() -> None:
    """1 is `Operation not permitted` only where the system says so."""
    assert reason_of(ssl.SSLError(1, "[SSL] wrong version number")) == "[SSL] wrong version number"
    assert reason_of(socket.gaierror(2, "Name or service not known")) == "Name or service not known"
