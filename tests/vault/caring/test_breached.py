"""Breached passwords, found in a list that is searched where it lies."""

import hashlib
from pathlib import Path

import pytest

from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.secret import Secret
from vault.caring.breached import BreachedList

KNOWN = [f"password{number}" for number in range(2_000)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """As it is downloaded: ordered by hash, CRLF."""
    path = tmp_path / "pwned.txt"
    digests = {hashlib.sha1(word.encode()).hexdigest().upper(): n for n, word in enumerate(KNOWN)}
    lines = [f"{digest}:{digests[digest] + 1}\r\n" for digest in sorted(digests)]
    path.write_bytes("".join(lines).encode())
    return path


def test_every_known_one_is_found_with_its_count(file: Path) -> None:
    with BreachedList(file) as breached:
        assert [breached.times_seen(Secret(word)) for word in KNOWN] == list(range(1, 2_001))


def test_an_unknown_one_is_not(file: Path) -> None:
    with BreachedList(file) as breached:
        assert [breached.times_seen(Secret(f"unheard of {n}")) for n in range(500)] == [0] * 500


@pytest.mark.parametrize("content", [b"", b"no hash\n", b"F" * 40 + b":1\n" + b"0" * 40 + b":1\n"])
def test_what_is_no_such_list_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(content)
    with pytest.raises(InvalidError, match="no ordered list"):
        BreachedList(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        BreachedList(tmp_path / "missing")
