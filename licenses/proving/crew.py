"""The cores there are, each with the keys and the catalogue, given one page after the other."""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from licenses.proving.prover import Prover
from licenses.proving.trust import Trust
from opskit.core.catalog import Catalog

PAGES_AHEAD = 3  # for each worker; the memory in use does not grow with the register

Result = TypeVar("Result")
Job = Callable[..., Result]

_prover: Prover | None = None  # of a worker's process


class Crew:
    """Does a job on each page and gives the results in the order of the pages."""

    def __init__(self, prover: Prover, pool: ProcessPoolExecutor | None, ahead: int) -> None:
        self._prover = prover
        self._pool = pool
        self._ahead = ahead

    def each(self, job: Job[Result], pages: Iterable[tuple[Any, ...]]) -> Iterator[Result]:
        """`job(prover, *page)` for each page; the job is a method of `Prover`."""
        if self._pool is None:
            for page in pages:
                yield job(self._prover, *page)
            return
        waiting: deque[Future[Result]] = deque()
        for page in pages:
            waiting.append(self._pool.submit(_do, job, page))
            if len(waiting) > self._ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def crew(workers: int, trust: Trust, catalog: Catalog) -> Iterator[Crew]:
    """With one worker the work is done in this process."""
    if workers == 1:
        yield Crew(Prover(trust, catalog), None, 0)
        return
    # not forked: this process holds a connection and perhaps a thread that draws a bar
    with ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(trust, catalog),
    ) as pool:
        try:
            yield Crew(Prover(trust, catalog), pool, workers * PAGES_AHEAD)
        finally:
            pool.shutdown(cancel_futures=True)


def _begin(trust: Trust, catalog: Catalog) -> None:
    global _prover  # noqa: PLW0603 (what a worker is started with)
    _prover = Prover(trust, catalog)


def _do(job: Job[Result], page: tuple[Any, ...]) -> Result:
    return job(_prover, *page)
