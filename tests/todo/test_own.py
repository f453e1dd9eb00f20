"""Bare `opskit`: on a terminal one's own list, elsewhere and without a login the help."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opskit.core.config import load_settings
from opskit.core.secret import Secret
from tests.licenses.ordering import requested
from tests.support.home import House
from tests.support.terminal import Screen, sit_before
from vault.login.tokens import open_token_store

HELP = "Usage: opskit [OPTIONS] COMMAND [ARGS]..."
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
        settings = own_house.home.settings_file
        settings.write_text(
            f'{settings.read_text("utf-8")}profile = "team"\nvault_address = "{address}"\n'
            "vault_timeout = 30.0\n",
            "utf-8",
        )
        tokens = open_token_store(own_house.home, load_settings(own_house.home), say=print)
        tokens.save(Secret("hvs.somebody"), None)
        begun = time.monotonic()
        shown = bare(own_house)
        took = time.monotonic() - begun
    assert shown.code == 2
    assert "no answer in time" in shown.text.splitlines()[0]
    assert took < 10


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
