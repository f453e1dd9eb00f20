"""The same on a terminal: a pseudo-terminal between the program and the person (POSIX)."""

import fcntl
import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import NoReturn

from opskit.core.secret import Secret
from vault.using.masking import Masker
from vault.using.running import CHUNK, as_shells_do, handing_on_signals

QUIET = 0.1  # seconds without output, after which a prompt is meant to be seen
NOT_STARTED = 126
STDIN, STDOUT, STDERR = 0, 1, 2


@dataclass(frozen=True, slots=True)
class _Stream:
    """What the program says on one side, and where it goes."""

    target: int
    masker: Masker

    def carry(self, content: bytes) -> None:
        _write(self.target, self.masker.feed(content) if content else self.masker.finish())

    def show(self) -> None:
        """A person waits, a file does not."""
        if os.isatty(self.target):
            _write(self.target, self.masker.release())


def run_on_terminal(
    program: str, words: Sequence[str], environment: Mapping[str, str], secrets: Sequence[Secret]
) -> int:
    """As `run_masked`. An stdin that is no terminal stays what it is, so does an stderr."""
    ours, its = os.openpty()
    _same_size(ours)
    streams = {ours: _Stream(STDOUT, Masker(secrets))}
    kept = {} if os.isatty(STDIN) else {STDIN: os.dup(STDIN)}
    if not os.isatty(STDERR):
        errors, kept[STDERR] = os.pipe()
        streams[errors] = _Stream(STDERR, Masker(secrets))
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        _become(program, words, environment, its, kept)
    for each in (its, *kept.values()):
        os.close(each)
    with handing_on_signals(pid, is_in_our_group=False), _following_size(ours), _raw_keyboard():
        _talk(ours, dict(streams))
        _pid, status = os.waitpid(pid, 0)
    for each in streams:
        os.close(each)
    return as_shells_do(os.waitstatus_to_exitcode(status))


def _become(
    program: str,
    words: Sequence[str],
    environment: Mapping[str, str],
    terminal: int,
    kept: Mapping[int, int],
) -> NoReturn:
    """In the child: the terminal becomes its own, and the program takes over."""
    try:
        os.login_tty(terminal)
        for number, descriptor in kept.items():
            os.dup2(descriptor, number)
        os.execve(program, list(words), dict(environment))  # noqa: S606 (a list, no shell)
    finally:
        os._exit(NOT_STARTED)


def _talk(terminal: int, streams: dict[int, _Stream]) -> None:
    """Carry what is typed and what is said, until the program has closed its sides."""
    keyboard = [STDIN] if os.isatty(STDIN) else []
    while streams:
        ready, _w, _x = select.select([*streams, *keyboard], [], [], QUIET)
        if STDIN in ready:
            typed = os.read(STDIN, CHUNK)
            with suppress(OSError):  # the program has just gone
                _write(terminal, typed)
            keyboard = keyboard if typed else []
        for source in streams.keys() & set(ready):
            said = b""
            with suppress(OSError):  # EIO: nobody has the other end any more
                said = os.read(source, CHUNK)
            streams[source].carry(said)
            if not said:
                del streams[source]
        if not ready:
            for stream in streams.values():
                stream.show()


def _write(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


@contextmanager
def _raw_keyboard() -> Iterator[None]:
    """Every key goes to the program, Ctrl-C too, whose own terminal knows what it means."""
    if not os.isatty(STDIN):
        yield
        return
    before = termios.tcgetattr(STDIN)
    tty.setraw(STDIN)
    try:
        yield
    finally:
        termios.tcsetattr(STDIN, termios.TCSADRAIN, before)


@contextmanager
def _following_size(terminal: int) -> Iterator[None]:
    """A window that is drawn larger is larger for the program too."""
    before = signal.signal(signal.SIGWINCH, lambda *_: _same_size(terminal))
    try:
        yield
    finally:
        signal.signal(signal.SIGWINCH, before)


def _same_size(terminal: int) -> None:
    with suppress(OSError):
        size = fcntl.ioctl(STDOUT, termios.TIOCGWINSZ, b"\0" * 8)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, size)
