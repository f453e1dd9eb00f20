"""A program with secrets in its environment, and none of them in its output.

Where stdout is a terminal, the program gets a terminal of its own, so that colours, prompts and
line editing stay; else its two outputs are pipes. Its exit code is handed on, 128 and the number
for a signal, as shells do.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import IO, BinaryIO, TextIO

from opskit.core.secret import Secret
from vault.using.masking import Masker
from vault.using.opening import program_of

CHUNK = 65536
SIGNALLED = 128
HANDED_ON = ("SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGINT", "SIGQUIT")


def run_masked(
    words: Sequence[str], environment: Mapping[str, str], secrets: Sequence[Secret]
) -> int:
    """Run it to its end, and return its exit code. Raises NotFoundError: no such program."""
    program = program_of(words)
    if sys.platform != "win32" and sys.stdout is not None and sys.stdout.isatty():
        from vault.using.running_on_terminal import run_on_terminal

        return run_on_terminal(program, words, environment, secrets)
    with (
        subprocess.Popen(
            [program, *words[1:]],
            env=dict(environment),
            stdout=_pipe_for(sys.stdout),
            stderr=_pipe_for(sys.stderr),
        ) as child,
        handing_on_signals(child.pid, is_in_our_group=True),
    ):
        pumps = [
            Thread(target=_pump, args=(source, target.buffer, Masker(secrets)))
            for source, target in ((child.stdout, sys.stdout), (child.stderr, sys.stderr))
            if source is not None
        ]
        for pump in pumps:
            pump.start()
        for pump in pumps:
            pump.join()
        code = child.wait()
    return as_shells_do(code)


def as_shells_do(code: int) -> int:
    return SIGNALLED - code if code < 0 else code


@contextmanager
def handing_on_signals(pid: int, *, is_in_our_group: bool) -> Iterator[None]:
    """What is sent to us is meant for it. What a terminal's key sends, it gets by itself."""

    def hand_on(number: int, _frame: object) -> None:
        from_keyboard = number in {signal.SIGINT, getattr(signal, "SIGQUIT", None)}
        if not (from_keyboard and is_in_our_group and sys.stdin.isatty()):
            try:
                os.kill(pid, number)
            except ProcessLookupError:  # it has just ended
                return

    known = [getattr(signal, name) for name in HANDED_ON if hasattr(signal, name)]
    before = {number: signal.signal(number, hand_on) for number in known}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _pipe_for(output: TextIO | None) -> int:
    """Ours may be closed; then nobody wants what it says."""
    return subprocess.DEVNULL if output is None else subprocess.PIPE


def _pump(source: IO[bytes], target: BinaryIO, masker: Masker) -> None:
    """Until the program and all who inherited its output are done; a lost reader stops it."""
    while chunk := os.read(source.fileno(), CHUNK):
        if not _write(target, masker.feed(chunk)):
            source.close()  # the program hears of it by SIGPIPE, as if it wrote there itself
            return
    _write(target, masker.finish())


def _write(target: BinaryIO, content: bytes) -> bool:
    try:
        target.write(content)
        target.flush()
    except OSError:  # its reader has gone, or its disk is full
        return False
    return True
