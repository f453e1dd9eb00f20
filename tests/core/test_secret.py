"""A secret does not print, and comes in by stdin, a file or a prompt, never otherwise."""

import io
import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from opskit.core.errors import InvalidError, NotFoundError, UsageProblemError
from opskit.core.secret import Secret, read_secret

HIDDEN = "SENTINEL-geheim-42"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    """What stdin holds; a pipe."""
    content = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(content, encoding="utf-8"))
    return content


@pytest.mark.parametrize(
    "shown", [str, repr, "{}".format, "{!r}".format, lambda s: json.dumps([s], default=str)]
)
def test_it_does_not_print(shown: Callable[[Secret], str]) -> None:
    assert HIDDEN not in shown(Secret(HIDDEN))
    assert Secret(HIDDEN).reveal() == HIDDEN


def test_it_does_not_show_in_what_holds_it() -> None:
    assert HIDDEN not in repr({"password": [Secret(HIDDEN)]})


def test_it_does_not_show_in_a_traceback() -> None:
    complaint = ValueError(Secret(HIDDEN))
    assert HIDDEN not in "".join(traceback.format_exception(complaint))


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        (b"s3cret", "s3cret"),
        (b"s3cret\n", "s3cret"),
        (b"s3cret\r\n", "s3cret"),
        (b"s3cret\n\n", "s3cret\n"),
        (b"s3cret\r", "s3cret\r"),
        (b"  s3 cret \t\n", "  s3 cret \t"),
        ("Müller à 100 %\n".encode(), "Müller à 100 %"),
    ],
)
def test_one_final_line_end_is_dropped(
    content: bytes, secret: str, typed: io.BytesIO, tmp_path: Path
) -> None:
    typed.write(content)
    typed.seek(0)
    file = tmp_path / "password"
    file.write_bytes(content)
    assert read_secret("-", prompt="Password").reveal() == secret
    assert read_secret(str(file), prompt="Password").reveal() == secret


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\n"])
def test_an_empty_secret_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_bytes(content)
    with pytest.raises(InvalidError, match="empty") as caught:
        read_secret(str(file), prompt="Password", option="--pin-file")
    assert "--pin-file FILE" in caught.value.hint


def test_what_is_no_utf_8_is_refused_and_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_bytes(HIDDEN.encode() + b"\xe9")
    with pytest.raises(InvalidError, match="not UTF-8") as caught:
        read_secret(str(file), prompt="Password")
    assert HIDDEN not in "".join(traceback.format_exception(caught.value))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for place in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(NotFoundError, match=str(place)):
            read_secret(str(place), prompt="Password")


def test_nothing_is_asked_where_stdin_is_no_terminal(typed: io.BytesIO) -> None:
    typed.write(b"must not be read")
    typed.seek(0)
    with pytest.raises(UsageProblemError, match="no terminal") as caught:
        read_secret(None, prompt="Password", option="--pin-file")
    assert caught.value.hint == "give --pin-file FILE, or --pin-file - to read stdin"
    assert typed.tell() == 0
