"""Hold a command between what it asks of the safe and what it writes into the database.

The database is locked: the command reads, asks the safe, which the server's audit log shows, and
then waits to write.
"""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from tests.support.home import House

PATIENCE = 20.0


@contextmanager
def nobody_may_write(house: House) -> Iterator[Callable[[], None]]:
    """Until the block ends, or what it is given is called."""
    lock = sqlite3.connect(house.home.database_file, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    try:
        yield lock.close
    finally:
        lock.close()


@contextmanager
def commands_that_asked(
    house: House, path: str, commands: Sequence[Sequence[object]]
) -> Iterator[list[subprocess.Popen[str]]]:
    """One process a command, each of which the safe has answered for that path."""
    before = _answers(house, path)
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "opskit", *map(str, words)],
            env=house.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for words in commands
    ]
    try:
        deadline = time.monotonic() + PATIENCE
        while _answers(house, path) < before + len(commands):
            assert time.monotonic() < deadline, f"nobody was answered for {path}"
            time.sleep(0.02)
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()


def _answers(house: House, path: str) -> int:
    """How often the safe answered for it, after its audit log."""
    lines = (house.home.safe_folder / "audit.log").read_text(encoding="utf-8").splitlines()
    return sum(f'"path":"{path}"' in line and '"type":"response"' in line for line in lines)
