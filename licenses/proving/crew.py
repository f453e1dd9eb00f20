"""The cores there are: a process each, with the keys, the catalogue and a reader of its own.

Each reads the pages that it judges, so no row goes from one process to another; all see the state
of the database that the session of the first one sees.
"""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import cycle
from typing import TypeVar

from sqlalchemy.orm import Session

from licenses.proving.pages import Extent
from licenses.proving.prover import Prover
from licenses.proving.trust import Trust
from opskit.core.catalog import Catalog
from opskit.core.readers import MovedOnError, SharedState, joining, share
from opskit.core.workers import obey

PAGES_AHEAD = 3  # for each worker; the memory in use does not grow with the register

Result = TypeVar("Result")
Job = Callable[[Prover, Extent], Result]

_prover: Prover | None = None  # of a worker's process
_reader = ExitStack()  # and what it reads from, as long as it lives


class Crew:
    """Does a job on each page and gives the results in the order of the pages."""

    def __init__(self, prover: Prover, workers: Sequence[ProcessPoolExecutor] = ()) -> None:
        self._prover = prover
        self._workers = workers

    def each(self, job: Job[Result], extents: Iterable[Extent]) -> Iterator[Result]:
        """`job(prover, extent)` for each page; the job is a method of `Prover`."""
        if not self._workers:
            yield from (job(self._prover, extent) for extent in extents)
            return
        waiting: deque[Future[Result]] = deque()
        for worker, extent in zip(cycle(self._workers), extents, strict=False):
            waiting.append(worker.submit(_do, job, extent))
            if len(waiting) > len(self._workers) * PAGES_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def crew(session: Session, workers: int, trust: Trust, catalog: Catalog) -> Iterator[Crew]:
    """With one worker the work is done in this process, on this session.

    As it is where somebody wrote before the others began and the database cannot show them what
    was there until then.
    """
    hands = _hire(workers) if workers > 1 else []
    try:
        ready = _are_ready(hands, session, trust, catalog)
        yield Crew(Prover(session, trust, catalog), hands if ready else ())
    finally:
        _dismiss(hands)


def _hire(workers: int) -> Sequence[ProcessPoolExecutor]:
    """Not forked: this process holds a connection and perhaps a thread that draws a bar."""
    how = multiprocessing.get_context("spawn")
    return [ProcessPoolExecutor(1, mp_context=how, initializer=obey) for _ in range(workers)]


def _dismiss(hands: Sequence[ProcessPoolExecutor]) -> None:
    """All at the same time: an interpreter takes a moment to end."""
    if hands:
        with ThreadPoolExecutor(len(hands)) as doors:
            list(doors.map(lambda each: each.shutdown(cancel_futures=True), hands))


def _are_ready(
    hands: Sequence[ProcessPoolExecutor], session: Session, trust: Trust, catalog: Catalog
) -> bool:
    """Whether all of them see what this session sees."""
    if not hands:
        return False
    state = share(session)
    beginning = [each.submit(_begin, state, trust, catalog) for each in hands]
    try:
        for each in beginning:
            each.result()
    except MovedOnError:
        return False
    return True


def _begin(state: SharedState, trust: Trust, catalog: Catalog) -> None:
    global _prover  # noqa: PLW0603 (what a worker is started with)
    _prover = Prover(_reader.enter_context(joining(state)), trust, catalog)


def _do(job: Job[Result], extent: Extent) -> Result:
    if _prover is None:
        raise RuntimeError("a worker that did not begin")
    return job(_prover, extent)
