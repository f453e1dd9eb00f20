"""Bare `opskit`: on a terminal one's own list, elsewhere and without a login the help."""

import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from opskit.core.config import load_settings
from opskit.core.secret import Secret
from opskit.local.state import find_address
from tests.licenses.ordering import requested
from tests.support.home import House
from tests.support.terminal import Screen, sit_before
from vault.login.tokens import open_token_store

HELP = "Usage: opskit [OPTIONS] COMMAND [ARGS]..."
PATIENCE = 20.0
COLOURS = re.compile(r"\x1b\[\d+m")


def bare(house: House, **more: str) -> Screen:
    shown = sit_before(
        [sys.executable, "-m", "opskit"], house.environment(OPSKIT_LANGUAGE="en", **more)
    )
    return Screen(shown.code, COLOURS.sub("", shown.text))


def test_ones_own_list(own_house: House) -> None:
    number = requested(own_house)
    shown = bare(own_house)
    assert shown.code == 0
    assert shown.text.splitlines()[0].startswith("Due")
    (line,) = [each for each in shown.text.splitlines() if number in each.split()]
    assert line.split()[1:5] == [number, "DELEZE", "to", "approve"]
    assert line.endswith(f"opskit license approve {number}")
    assert shown.text.endswith("\nevery command: opskit --help\n")
    own_house.login("bob")  # who issues too
    assert number in bare(own_house).text


def test_nothing_to_do_is_said(own_house: House) -> None:
    add = ("user", "add", "idle", "--role", "auditor", "--password-file", "-")
    own_house.done(*add, stdin="pass of idle")
    own_house.done("login", "idle", "--password-file", "-", stdin="pass of idle")
    assert bare(own_house).text == "nothing to do\nevery command: opskit --help\n"


def test_without_a_login_the_help(own_house: House) -> None:
    own_house.login("alice")
    own_house.done("logout")
    shown = bare(own_house)
    assert (shown.code, shown.text.startswith(HELP)) == (2, True)


def test_when_the_login_has_ended_one_line_and_the_help(own_house: House) -> None:
    own_house.login("alice")
    token = own_house.home.token_folder / "local"
    token.write_bytes(b"hvs.gone")
    shown = bare(own_house)
    assert shown.code == 2
    first, _empty, usage, *_rest = shown.text.splitlines()
    assert first.startswith("without your list: ")
    assert usage == HELP


def test_when_the_safe_is_away_one_line_and_the_help(own_house: House) -> None:
    own_house.login("alice")
    own_house.done("local", "stop")
    shown = bare(own_house)
    assert shown.code == 2
    assert shown.text.startswith(f"without your list: the safe is not running\n\n{HELP}")


def test_a_safe_that_is_silent_is_not_waited_for(own_house: House) -> None:
    with silent_server() as address:
        ask_elsewhere(own_house, address, "hvs.somebody")
        begun = time.monotonic()
        shown = bare(own_house)
        took = time.monotonic() - begun
    assert shown.code == 2
    assert "no answer in time" in shown.text.splitlines()[0]
    assert took < 10


def test_nor_one_that_says_who_it_is_and_then_is_silent(own_house: House) -> None:
    own_house.login("alice")
    number = requested(own_house)
    token = (own_house.home.token_folder / "local").read_text("utf-8")
    with sleepy_server(find_address(own_house.home.safe_folder)) as address:
        ask_elsewhere(own_house, address, token)
        begun = time.monotonic()
        shown = bare(own_house)
        took = time.monotonic() - begun
    assert shown.code == 0
    assert shown.text.startswith("without what the safe holds: ")
    assert number in shown.text
    assert took < 10


def test_with_an_older_database_one_line_and_the_help(own_house: House) -> None:
    own_house.login("alice")
    with closing(sqlite3.connect(own_house.home.database_file)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0004'")
    shown = bare(own_house)
    assert shown.code == 2
    assert shown.text.startswith("without your list: the database is older than this program")


@pytest.mark.parametrize("content", [None, b"no database" * 999])
def test_without_a_database_one_line_and_the_help(own_house: House, content: bytes | None) -> None:
    own_house.login("alice")
    own_house.home.database_file.unlink()
    if content:
        own_house.home.database_file.write_bytes(content)
    shown = bare(own_house)
    assert shown.code == 2
    assert shown.text.startswith("without your list: the database ")
    assert f"\n\n{HELP}" in shown.text


def test_in_a_pipe_the_help_as_ever(house: House) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "opskit"],
        env=house.environment(OPSKIT_LANGUAGE="en"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(HELP)


def test_without_a_home_the_help(tmp_path: Path, house: House) -> None:
    environment = house.environment(OPSKIT_LANGUAGE="en") | {"OPSKIT_HOME": str(tmp_path / "none")}
    shown = sit_before([sys.executable, "-m", "opskit"], environment)
    assert (shown.code, shown.text.startswith(HELP)) == (2, True)
    assert not (tmp_path / "none").exists()


@contextmanager
def silent_server() -> Iterator[str]:
    """Takes the connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def sleepy_server(address: str) -> Iterator[str]:
    """Passes on what it is asked, and falls asleep over a question about entries."""
    real, is_over = urlsplit(address), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if "metadata" in self.path:
                is_over.wait(PATIENCE)
                return
            line = HTTPConnection(str(real.hostname), real.port)
            with closing(line):
                content = self.rfile.read(int(self.headers["Content-Length"] or 0))
                line.request(self.command, self.path, content, dict(self.headers))
                answer = line.getresponse()
                found = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(found)))
            self.end_headers()
            self.wfile.write(found)

        def do_PUT(self) -> None:
            self.do_GET()

        def do_POST(self) -> None:
            self.do_GET()

        def do_LIST(self) -> None:
            self.do_GET()

        def log_message(self, *_args: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            is_over.set()
            server.shutdown()


def ask_elsewhere(house: House, address: str, token: str) -> None:
    """From now on the house asks the server at this address, and with patience."""
    settings = house.home.settings_file
    settings.write_text(
        f'{settings.read_text("utf-8")}profile = "team"\nvault_address = "{address}"\n'
        "vault_timeout = 30.0\n",
        "utf-8",
    )
    tokens = open_token_store(house.home, load_settings(house.home), say=print)
    tokens.save(Secret(token), None)
