"""A real terminal (a pty) before which a person sits and answers what is asked."""

import os
import pty
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

PATIENCE = 20.0
CTRL_C = "\x03"
# The program's own controlling terminal, which getpass opens and Ctrl-C reaches.
SIT_DOWN = """
import fcntl, os, signal, sys, termios
signal.signal(signal.SIGINT, signal.SIG_DFL)  # a test run in the background ignores it
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


@dataclass(frozen=True, slots=True)
class Screen:
    """What the terminal showed (stderr too), and the exit code."""

    code: int
    text: str


def sit_before(
    command: Sequence[object],
    environment: Mapping[str, str],
    *,
    answers: Sequence[tuple[str, str]] = (),
) -> Screen:
    """Run the command on a terminal; type each answer once its question stands on the screen."""
    outer, inner = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", SIT_DOWN, *map(str, command)],
        stdin=inner,
        stdout=inner,
        stderr=inner,
        env={"COLUMNS": "100", **environment, "TERM": "xterm-256color"},
    ) as program:
        os.close(inner)
        try:
            shown = _talk(outer, answers)
            code = program.wait(PATIENCE)
        finally:
            program.kill()
            os.close(outer)
    return Screen(code, shown.replace("\r\n", "\n"))


def _talk(terminal: int, answers: Sequence[tuple[str, str]]) -> str:
    shown = ""
    for question, answer in answers:
        shown = _read_until(terminal, question, shown)
        os.write(terminal, answer.encode() + b"\n" * (answer != CTRL_C))
    # A key that comes between the question and the wait for its answer is lost on Python.
    impatient = CTRL_C if answers and answers[-1][1] == CTRL_C else ""
    return _read_until(terminal, None, shown, impatient)


def _read_until(terminal: int, awaited: str | None, shown: str, impatient: str = "") -> str:
    """What stands on the screen once the awaited words came; None: once the program is gone.

    `impatient` is typed once more when nothing happens for a second.
    """
    asked_from = len(shown)
    while awaited is None or awaited not in shown[asked_from:]:
        if impatient and not select.select([terminal], [], [], 1)[0]:
            os.write(terminal, impatient.encode())
        assert select.select([terminal], [], [], PATIENCE)[0], f"nothing after: {shown}"
        content = b""
        with suppress(OSError):  # EIO: the other end is closed
            content = os.read(terminal, 65536)
        if not content:
            assert awaited is None, f"never asked {awaited!r}: {shown}"
            return shown
        shown += content.decode()
    return shown
