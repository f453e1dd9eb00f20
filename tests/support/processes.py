"""Other processes: whether they are there, and how long until they are not."""

import os
import signal
import time
from pathlib import Path

import pytest

PATIENCE = 20.0


def is_there(pid: int) -> bool:
    """Whether it still runs; of one that ended, and that nobody asked about, no words are left."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except FileNotFoundError:
        return False


def children_of(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_until_gone(pid: int) -> None:
    """Fails, and ends it, when it is still there after a while."""
    deadline = time.monotonic() + PATIENCE
    while is_there(pid):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            pytest.fail(f"process {pid} is still there")
        time.sleep(0.02)
