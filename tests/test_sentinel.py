"""A secret is nowhere but in the safe: every command is typed, then everything is searched.

Marked words (an entry's password, a login's, a file's, ...) go through the whole program. The only
places where one may be seen are the stdout of the commands that print a secret by wish, and files
that a person has or asks for in the clear.
"""

import base64
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from opskit.core.config import Home
from tests.support.commands import commands
from tests.support.home import House, place_for_homes
from tests.support.sentinel import ALL, ENTRY, WORDS, Evidence, found_in
from tests.support.sentinel_story import (
    a_slow_and_a_stopped_server,
    everything_that_is_refused,
    everything_that_works,
    what_nobody_foresaw,
)

SAID_BY_WISH = ("vault get", "vault receive", "vault break-glass read")


@pytest.fixture(scope="module")
def evidence() -> Iterator[Evidence]:
    """A home in which every command was typed."""
    with place_for_homes() as place, pytest.MonkeyPatch.context() as patch:
        (place / "tmp").mkdir()
        patch.setattr(tempfile, "tempdir", str(place / "tmp"))
        evidence = Evidence(place, House(Home(place / "home")))
        evidence.own.mkdir()
        everything_that_works(evidence)
        everything_that_is_refused(evidence)
        what_nobody_foresaw(evidence)
        a_slow_and_a_stopped_server(evidence)
        yield evidence


@pytest.mark.parametrize("name", ALL)
def test_the_search_would_find_it(name: str) -> None:
    word = ALL[name]
    assert found_in(f"password: {word}\n".encode()) == [name]
    assert found_in(base64.b64encode(f"password: {word}".encode())) == [name]
    assert found_in(word.encode().hex().encode()) == [name]
    assert found_in(b"nothing here") == []


def test_it_is_in_the_safe(evidence: Evidence) -> None:
    """The searches below look for words that really were stored."""
    assert evidence.house.done("vault", "get", ENTRY).out == WORDS["entry"] + "\n"


def test_no_file_holds_it(evidence: Evidence) -> None:
    files = {file: found_in(file.read_bytes()) for file in evidence.files}
    names = {str(file.relative_to(evidence.place)) for file in files}
    assert {"home/opskit.db", "home/safe/server.log", "home/safe/audit.log"} <= names
    assert any(name.startswith("home/index/") for name in names)
    assert {file: found for file, found in files.items() if found} == {}


def test_the_event_log_does_not_hold_it(evidence: Evidence) -> None:
    log = evidence.house.done("audit", "list", "--limit", 10_000, "--json").out
    assert ENTRY in log
    assert found_in(log.encode()) == []


def test_the_database_does_not_hold_it_while_it_is_open(evidence: Evidence) -> None:
    with evidence.house.context().transaction() as session:
        session.connection().exec_driver_sql("UPDATE core_event_head SET id = id")
        files = list(evidence.house.folder.glob("opskit.db*"))
        assert evidence.house.home.database_file.with_name("opskit.db-wal") in files
        assert [found_in(file.read_bytes()) for file in files] == [[]] * len(files)


def test_no_command_says_it(evidence: Evidence) -> None:
    for line, result in evidence.said:
        assert (line, found_in(result.err.encode())) == (line, [])
        if not line.startswith(SAID_BY_WISH):
            assert (line, found_in(result.out.encode())) == (line, [])
    assert len(evidence.said) > 150


def test_every_command_of_the_safe_was_typed(evidence: Evidence) -> None:
    """One that is new stands in no search until somebody types it in the story."""
    known = {path for path in commands() if path.startswith("opskit vault ")}
    lines = [f"opskit {line} " for line in evidence.lines]
    typed = {path for path in known if any(line.startswith(f"{path} ") for line in lines)}
    assert known == typed


def test_what_is_kept_in_memory_is_gone(evidence: Evidence) -> None:
    del evidence
    places = {Path(name) for name in ("/dev/shm", os.environ.get("XDG_RUNTIME_DIR")) if name}
    left = [file for place in places for file in place.rglob("*") if file.is_file()]
    assert [file for file in left if found_in(_content(file))] == []


def test_no_process_shows_it(evidence: Evidence) -> None:
    assert len(evidence.processes) > 6
    assert b"--password-file" in b"".join(evidence.processes)
    assert b"server\0-config=main.hcl" in b"".join(evidence.processes)
    assert [found for each in evidence.processes if (found := found_in(each))] == []


def test_a_token_is_where_the_login_is_kept_and_nowhere_else(evidence: Evidence) -> None:
    assert len(evidence.tokens) >= 5
    for line, result in evidence.said:
        said = result.out + result.err
        assert (line, [token for token in evidence.tokens if token in said]) == (line, [])
    for file in evidence.files:
        if file.parent != evidence.house.home.token_folder:
            content = file.read_bytes()
            assert (file, [t for t in evidence.tokens if t.encode() in content]) == (file, [])
    shown = b"".join(evidence.processes)
    assert [token for token in evidence.tokens if token.encode() in shown] == []


def test_the_key_of_the_safe_is_in_its_own_file_and_nowhere_else(evidence: Evidence) -> None:
    file = evidence.house.home.safe_folder / "unseal.key"
    key = file.read_bytes().strip()
    assert len(key) == 64
    holders = [each for each in evidence.files if key in each.read_bytes()]
    assert holders == [file]
    assert key not in b"".join(evidence.processes)
    assert [line for line, result in evidence.said if key.decode() in result.out + result.err] == []


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # another program's, and gone by now or closed to us
        return b""
