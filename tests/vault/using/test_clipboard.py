"""A secret on a real clipboard, and gone again: X11 under Xvfb, and the terminal's by OSC 52."""

import secrets
import shlex
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.desktop import MISSING, Desktop, running_desktop
from tests.support.home import House
from tests.support.terminal import sit_before
from vault.using.clearing import clear_if_ours
from vault.using.clipboard import find_clipboard, told
from vault.using.clipboards.known import CLIPBOARDS, digest
from vault.using.clipboards.ports import NoClipboardError
from vault.using.clipboards.terminal import LONGEST, TerminalClipboard

OPSKIT = (sys.executable, "-m", "opskit")
ENTRY = "DELEZE/prod/to-paste"
SECRET = f"clip-{secrets.token_hex(6)}-é"
SECRET_IN_BASE64 = b64encode(SECRET.encode()).decode()
PATIENCE = 10.0


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desktop]:
    if MISSING:
        pytest.skip(f"no desktop to start here: {' '.join(MISSING)} missing")
    with running_desktop() as desktop:
        yield desktop


@pytest.fixture
def entry(house: House) -> str:
    add = ("vault", "add", ENTRY, "--kind", "web", "--password-file", "-")
    assert house.opskit(*add, stdin=SECRET).code in {0, 4}
    return ENTRY


def get(house: House, desktop: Desktop, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*OPSKIT, "vault", "get", ENTRY, "--clip", *more],
        env=house.environment(**desktop.environment),
        capture_output=True,
        text=True,
        check=False,
    )


def waited_for(happened: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def sweepers() -> list[tuple[bytes, bytes]]:
    """Command line and environment of every process that waits to clear a clipboard."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
            if b"vault.using.clearing" in words:
                found.append((words, (process / "environ").read_bytes()))
        except OSError:
            continue
    return found


def test_it_is_there_and_after_its_time_it_is_gone(
    house: House, desktop: Desktop, entry: str
) -> None:
    done = get(house, desktop, "--seconds", "2")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"{ENTRY} password: on the clipboard for 2 s\n"
    assert desktop.paste() == SECRET
    assert waited_for(lambda: not desktop.paste())


def test_what_somebody_copied_since_stays(house: House, desktop: Desktop, entry: str) -> None:
    before = len(sweepers())
    assert get(house, desktop, "--seconds", "1").returncode == 0
    desktop.copy("something else")
    assert waited_for(lambda: len(sweepers()) == before)
    assert desktop.paste() == "something else"


def test_whoever_waits_to_clear_it_does_not_know_it(
    house: House, desktop: Desktop, entry: str
) -> None:
    assert get(house, desktop, "--seconds", "2").returncode == 0
    seen = sweepers()
    assert seen
    assert all(SECRET.encode() not in words + environment for words, environment in seen)
    assert waited_for(lambda: not sweepers())


def test_xsel_does_as_well(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", desktop.environment["DISPLAY"])
    clipboard, salt = CLIPBOARDS["xsel"], b"salt"
    clipboard.put(SECRET.encode())
    assert waited_for(lambda: desktop.paste() == SECRET)  # it takes hold after it has answered
    assert (clipboard.read() or b"").decode() == SECRET
    clear_if_ours(clipboard, digest(b"another", salt), salt.hex())
    assert desktop.paste() == SECRET
    clear_if_ours(clipboard, digest(SECRET.encode(), salt), salt.hex())
    assert desktop.paste() == ""


def test_a_desktop_that_has_gone_is_told(house: House, entry: str) -> None:
    if MISSING:
        pytest.skip(f"no desktop to start here: {' '.join(MISSING)} missing")
    done = get(house, Desktop({"DISPLAY": ":4711"}), "--seconds", "1")
    assert (done.returncode, done.stdout) == (7, "")
    assert "error[no-clipboard]: xclip cannot reach the clipboard" in done.stderr
    assert SECRET not in done.stderr
    assert waited_for(lambda: not sweepers())


def test_over_ssh_it_goes_to_the_terminal_and_is_emptied(house: House, entry: str) -> None:
    line = shlex.join([*OPSKIT, "vault", "get", ENTRY, "--clip", "--seconds", "1"])
    far_away = house.environment(SSH_TTY="/dev/pts/7", DISPLAY=":4711")
    screen = sit_before(["/bin/sh", "-c", f"{line} && sleep 2.5"], far_away)
    put, emptied = f"\x1b]52;c;{SECRET_IN_BASE64}\x07", "\x1b]52;c;\x07"
    assert screen.text.index(put) < screen.text.index(emptied)
    assert "sent to the terminal's clipboard, which is emptied in 1 s" in screen.text
    assert screen.text.count("\x1b]52") == 2
    assert screen.code == 0


def test_without_desktop_or_terminal_there_is_none(house: House, entry: str) -> None:
    nowhere = {k: v for k, v in house.environment().items() if k not in {"DISPLAY", "SSH_TTY"}}
    done = subprocess.run(
        [*OPSKIT, "vault", "get", ENTRY, "--clip"],
        env=nowhere,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert (done.returncode, done.stdout) == (7, "")
    assert "error[no-clipboard]" in done.stderr


@pytest.mark.parametrize(
    ("environment", "platform", "name"),
    [
        ({}, "linux", "terminal"),
        ({"SSH_CONNECTION": "10.0.0.1 5022 10.0.0.2 22", "DISPLAY": ":1"}, "linux", "terminal"),
        ({"SSH_TTY": "/dev/pts/0"}, "darwin", "terminal"),
        ({}, "darwin", "macos"),
        ({}, "win32", "windows"),
    ],
)
def test_which_clipboard(environment: Mapping[str, str], platform: str, name: str) -> None:
    assert find_clipboard(environment, platform).name == name


@pytest.mark.parametrize(
    ("programs", "desktop", "name"),
    [
        (["wl-copy", "xclip"], {"WAYLAND_DISPLAY": "w", "DISPLAY": ":1"}, "wl-copy"),
        (["xclip"], {"WAYLAND_DISPLAY": "w", "DISPLAY": ":1"}, "xclip"),
        (["xsel"], {"DISPLAY": ":1"}, "xsel"),
    ],
)
def test_which_program(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    programs: list[str],
    desktop: Mapping[str, str],
    name: str,
) -> None:
    for each in programs:
        (tmp_path / each).write_text("#!/bin/sh\n", encoding="utf-8")
        (tmp_path / each).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_clipboard(desktop, "linux").name == name


def test_a_desktop_without_any_program_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoClipboardError) as caught:
        find_clipboard({"DISPLAY": ":1"}, "linux")
    assert "xclip" in caught.value.hint


def test_more_than_a_terminal_takes_is_refused() -> None:
    with pytest.raises(NoClipboardError):
        TerminalClipboard().put(b"x" * LONGEST)


def test_a_terminal_cannot_be_asked_and_the_person_is_told() -> None:
    assert TerminalClipboard().read() is None
    assert "whatever it holds then" in told(TerminalClipboard(), "x", 45)


def test_nothing_is_started_for_a_secret_that_is_not_there(house: House, desktop: Desktop) -> None:
    done = subprocess.run(
        [*OPSKIT, "vault", "get", "DELEZE/prod/not-there", "--clip"],
        env=house.environment(**desktop.environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
