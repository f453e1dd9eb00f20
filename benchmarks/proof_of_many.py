"""`license register verify` of a whole register, in a process of its own that is watched."""

import multiprocessing
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from sqlalchemy.engine import URL

from licenses.proving.flaws import Tally
from licenses.proving.trust import Trust
from licenses.proving.walk import prove
from opskit.core.catalog import load_catalog
from opskit.core.config import Home
from opskit.core.db import open_engine, snapshot

LOOKS_EVERY = 0.2  # seconds


@dataclass(frozen=True, slots=True)
class Effort:
    """Seconds on the clock and of all processors, the database server's apart; memory in MiB."""

    seconds: float
    processors: float
    parent: float
    worker: float  # the largest


def proof(url: URL, trust: Trust, workers: int) -> Effort:
    """The whole proof once.

    Raises:
        SystemExit: the register has a fault.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as fresh:
        return fresh.submit(_prove, url, trust, workers).result()


def _prove(url: URL, trust: Trust, workers: int) -> Effort:
    before, began = _processors(), time.perf_counter()
    engine = open_engine(url)
    with _watched() as largest, snapshot(engine) as session:
        faults = list(
            prove(
                session,
                trust=trust,
                catalog=load_catalog(Home(Path("no-such-home"))),
                workers=workers,
                tally=Tally(),
            )
        )
    seconds = time.perf_counter() - began
    if faults:
        sys.exit(f"the register is broken: {faults[:3]}")
    return Effort(seconds, _processors() - before, _most_memory("self"), max(largest, default=0))


def _processors() -> float:
    """Seconds of this process and of those that it waited for."""
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in uses)


@contextmanager
def _watched() -> Iterator[list[float]]:
    """Looks at the workers from time to time; Linux only."""
    found, over = list[float](), Event()

    def look() -> None:
        while not over.wait(LOOKS_EVERY):
            found.extend(_most_memory(str(each.pid)) for each in multiprocessing.active_children())
            found[:] = [max(found, default=0.0)]

    watcher = Thread(target=look)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()


def _most_memory(process: str) -> float:
    """The most that a process ever held, in MiB; 0 where nobody tells."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    held = next((line.split()[1] for line in status.splitlines() if "VmHWM" in line), "0")
    return int(held) / 1024
