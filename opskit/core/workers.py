"""Other processes for arithmetic, on the cores there are; none outlives who started it."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from threading import Thread
from typing import Any


def cores() -> int:
    """How many this process may use, where the system tells; else how many there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def worker_pool(
    workers: int,
    begin: Callable[..., None] | None = None,
    *arguments: Any,  # noqa: ANN401 (of `begin`)
) -> Iterator[ProcessPoolExecutor]:
    """Processes that each call `begin(*arguments)` once; what nobody waits for is dropped at the
    end.

    They are not forked: this process holds connections, and threads that use them.
    """
    with ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(begin, arguments),
    ) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)


def _begin(begin: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    obey()
    if begin is not None:
        begin(*arguments)


def obey() -> None:
    """First thing in a worker: an interruption is for its parent, and it ends with that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker would wait for work for ever: killed, its parent cannot tell it to stop."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
