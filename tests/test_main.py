"""Where a command begins: the bytes that it writes, and `python -m opskit`."""

import os
import subprocess
import sys

import pytest

from tests.support.home import House

SECRET = "été-Zürich-日本"
ENTRY = "DELEZE/prod/x"
LOST = (
    "error[output-lost]: cannot write to stdout: {reason}\n"
    "hint: let stdout go to a terminal, or to a file with room for it\n"
)


def test_a_pipe_gets_utf8_whatever_the_system_speaks(own_house: House) -> None:
    words = ("vault", "add", ENTRY, "--kind", "web", "--password-file", "-")
    own_house.done(*words, stdin=SECRET)
    assert written(own_house, "vault", "get", ENTRY) == f"{SECRET}\n"
    assert written(own_house, "client", "show", "DELEZE").startswith("DELEZE  Délèze Outillage SA")


def written(house: House, *words: str) -> str:
    shown = subprocess.run(
        [sys.executable, "-m", "opskit", *words],
        env=house.environment(PYTHONIOENCODING="ascii"),
        capture_output=True,
        check=True,
    )
    return shown.stdout.decode()


def test_a_full_disk_is_one_clear_line(house: House) -> None:
    done = shell(house, "client list > /dev/full")
    assert (done.returncode, done.stderr.decode()) == (7, LOST.format(reason=os.strerror(28)))


def test_a_secret_that_finds_no_room_is_told_too(own_house: House) -> None:
    words = ("vault", "add", ENTRY, "--kind", "web", "--password-file", "-")
    own_house.done(*words, stdin=SECRET)
    done = shell(own_house, f"vault get {ENTRY} > /dev/full")
    assert (done.returncode, done.stderr.decode()) == (7, LOST.format(reason=os.strerror(28)))


@pytest.mark.parametrize("words", ["client list", "whoami --json", "client --help", "--version"])
def test_a_closed_stdout_is_one_clear_line(house: House, words: str) -> None:
    done = shell(house, f"{words} >&-")
    assert (done.returncode, done.stderr.decode()) == (7, LOST.format(reason="it is closed"))


def test_a_closed_stderr_takes_nothing_from_the_data(house: House) -> None:
    done = shell(house, "client list NOPE 2>&-")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_reader_who_had_enough_is_no_failure_to_talk_of(house: House) -> None:
    done = shell(house, "client list | head -1")
    assert (done.stdout.count(b"\n"), done.stderr) == (1, b"")


@pytest.mark.parametrize("words", [("client", "show", "\udcff"), ("vault", "get", "\udcff")])
def test_bytes_that_are_no_text_are_refused(house: House, words: tuple[str, ...]) -> None:
    done = house.opskit(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "error[usage]: word 3 after opskit is not UTF-8 text\n"
        "hint: type it on a terminal that speaks UTF-8\n"
    )


def shell(house: House, words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m opskit {words}', sys.executable],
        env=house.environment(OPSKIT_LANGUAGE="en"),
        capture_output=True,
        check=False,
    )


def test_ctrl_c_while_the_commands_are_loaded_is_no_traceback(house: House) -> None:
    """Each import is interrupted by itself, so that the moment does not hang on the clock."""
    code = (
        "import builtins, sys; from opskit.__main__ import main\n"
        "real = builtins.__import__\n"
        "def once(name, *more, **named):\n"
        "    if name == sys.argv[1]: raise KeyboardInterrupt\n"
        "    return real(name, *more, **named)\n"
        "builtins.__import__ = once\n"
        "main(['client', 'list'])\n"
    )
    for name in ("opskit.wiring", "opskit.cli", "opskit.core.cliapp"):
        done = subprocess.run(
            [sys.executable, "-c", code, name],
            env=house.environment(OPSKIT_LANGUAGE="en"),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.strip() == "stopped; nothing more was done"
