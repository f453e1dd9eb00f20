"""Processes for arithmetic: they work, hear no Ctrl-C, and end with who started them."""

import os
import signal
import subprocess
import sys

from opskit.core.workers import worker_pool
from tests.support.processes import is_there, wait_until_gone

PARENT = """
import os, time
from opskit.core.workers import worker_pool
with worker_pool(1) as pool:
    print(pool.submit(os.getpid).result(), flush=True)
    time.sleep(60)
"""


def begin(name: str) -> None:
    os.environ["OPSKIT_WORKER"] = name


def told(_number: int) -> tuple[str, object]:
    return os.environ["OPSKIT_WORKER"], signal.getsignal(signal.SIGINT)


def test_each_begins_once_and_hears_no_interrupt() -> None:
    with worker_pool(2, begin, "ready") as pool:
        assert set(pool.map(told, range(4))) == {("ready", signal.SIG_IGN)}
    assert "OPSKIT_WORKER" not in os.environ


def test_none_outlives_who_was_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert is_there(worker)
        parent.kill()
    wait_until_gone(worker)
