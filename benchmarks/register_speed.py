"""The proof and the pages of a register, each against the bare work of the same run."""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Engine, TextClause, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from benchmarks.register_of_many import Signature, fill, signatures
from licenses.proving.asking import trust_of
from licenses.proving.flaws import Tally
from licenses.proving.walk import cores_for, prove
from licenses.services import register, requests
from licenses.services.paging import Wanted, page
from opskit.core.catalog import load_catalog
from opskit.core.config import Home
from opskit.core.db import open_engine, snapshot, sqlite_url
from opskit.migrations import migrate
from tests.licenses.lifecycle import KeyRing, key_ring
from tests.support.database import new_database, running_postgres

SIZE = 100_000
VERIFY_LIMIT, PAGE_LIMIT, GROWTH_LIMIT = 1.3, 3.0, 1.2
PAGES = 200  # of each kind, taken in turn


def measure(arguments: list[str]) -> int:
    size = next((int(each) for each in arguments if each.isdecimal()), SIZE)
    single = "single" in arguments
    with (
        tempfile.TemporaryDirectory(prefix="opskit-bench-") as folder,
        running_postgres() as server,
    ):
        fits = [
            _measure(sqlite_url(Path(folder) / "opskit.db"), size, single=single),
            _measure(new_database(server), size, single=single),
        ]
    return 0 if all(fits) else 1


def _measure(url: URL, size: int, *, single: bool) -> bool:
    engine = open_engine(url)
    migrate(engine)
    ring = key_ring()
    dialect = engine.dialect.name
    half, _fits = _fill_and_prove(engine, ring, range(size // 2), f"{dialect}, half", single=single)
    whole, fits = _fill_and_prove(engine, ring, range(size // 2, size), dialect, single=single)
    # measured by the bare work, so that what else the machine does meanwhile is no growth
    linear = _say(f"{dialect}, twice as many", whole / half, GROWTH_LIMIT, "of the ratio of half")
    quick = _pages(engine)
    engine.dispose()
    return fits and linear and quick


def _fill_and_prove(
    engine: Engine, ring: KeyRing, numbers: range, label: str, *, single: bool
) -> tuple[float, bool]:
    """The proof of all that is there by then: its ratio, and whether it is within the limit."""
    fill(engine, ring, numbers, single=single)
    made, workers = signatures(engine, ring), cores_for(numbers.stop)
    before = _bare(made, workers)
    ours = _proof(engine, ring, workers)
    bare = (before + _bare(made, workers)) / 2
    about = f"{numbers.stop:,} licences in {ours:.1f} s, bare {bare:.1f} s, {workers} cores"
    label = f"{label}, register verify"
    return ours / bare, _say(label, ours / bare, VERIFY_LIMIT, about)


def _proof(engine: Engine, ring: KeyRing, workers: int) -> float:
    began = time.perf_counter()
    with snapshot(engine) as session:
        trust = trust_of(session, ring)
        tally = Tally()
        faults = list(
            prove(
                session,
                trust=trust,
                catalog=load_catalog(Home(Path("no-such-home"))),
                workers=workers,
                tally=tally,
            )
        )
    seconds = time.perf_counter() - began
    if faults:
        sys.exit(f"the register is broken: {faults[:3]}")
    return seconds


def _bare(made: Sequence[Signature], workers: int) -> float:
    """The same signatures, from memory, on as many cores: verifying lets other threads run."""

    def run(part: Sequence[tuple[Ed25519PublicKey, bytes, bytes]]) -> None:
        for key, signature, message in part:
            key.verify(signature, message)

    loaded = {raw: Ed25519PublicKey.from_public_bytes(raw) for raw, _s, _m in made}
    ready = [(loaded[raw], signature, message) for raw, signature, message in made]
    began = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run, [ready[start::workers] for start in range(workers)]))
    return time.perf_counter() - began


def _pages(engine: Engine) -> bool:
    bare = text("SELECT * FROM licenses_record ORDER BY serial DESC LIMIT 51")
    later = text("SELECT * FROM licenses_record WHERE serial < 9000 ORDER BY serial DESC LIMIT 51")
    one = text(
        "SELECT * FROM licenses_record JOIN licenses_request ON request_number = number "
        "WHERE licenses_record.serial = 9000"
    )
    mine = text(
        "SELECT * FROM licenses_record WHERE client = 'C0007' ORDER BY serial DESC LIMIT 51"
    )
    waiting = text(
        "SELECT * FROM licenses_request WHERE state IN ('requested', 'approved') "
        "ORDER BY number LIMIT 51"
    )
    contests = (
        ("list", partial(page, wanted=Wanted(limit=50)), (waiting, bare)),
        ("list --before L9000", partial(page, wanted=Wanted(limit=50, before=9000)), (later,)),
        ("list --client", partial(page, wanted=Wanted(limit=50, client="C0007")), (waiting, mine)),
        ("show L9000", _show, (one,)),
    )
    fits = []
    with snapshot(engine) as session:
        for name, ours, theirs in contests:
            seconds = _in_turn(session, ours, partial(_fetch, queries=theirs))
            ratio = seconds[0] / seconds[1]
            label = f"{engine.dialect.name}, {name}"
            about = f"{seconds[0] * 1000:.2f} ms, bare {seconds[1] * 1000:.2f} ms"
            fits.append(_say(label, ratio, PAGE_LIMIT, about))
    return all(fits)


def _fetch(session: Session, *, queries: Sequence[TextClause]) -> object:
    return [session.execute(query).all() for query in queries]


def _show(session: Session) -> object:
    found = register.find_record(session, 9000)
    return requests.find(session, found.request_number)


def _in_turn(session: Session, *contestants: Callable[[Session], object]) -> list[float]:
    """The median seconds of each; every time as if the rows had never been seen."""
    times: list[list[float]] = [[] for _ in contestants]
    for _ in range(PAGES):
        for contestant, kept in zip(contestants, times, strict=True):
            session.expunge_all()
            began = time.perf_counter()
            contestant(session)
            kept.append(time.perf_counter() - began)
    return [median(each) for each in times]


def _say(label: str, ratio: float, limit: float, about: str) -> bool:
    verdict = "ok" if ratio <= limit else "TOO SLOW"
    print(f"{label:<36} {ratio:>6.2f}   {limit:.2f}   {verdict:<8} {about}", flush=True)
    return ratio <= limit
