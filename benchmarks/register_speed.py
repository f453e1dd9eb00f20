"""The proof and the pages of a register, each against the bare work of the same run."""

import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Engine
from sqlalchemy.engine import URL

from benchmarks.proof_of_many import Effort, proof
from benchmarks.register_of_many import Signature, fill, signatures
from benchmarks.register_pages import pages
from licenses.proving.asking import trust_of
from licenses.proving.walk import cores_for
from opskit.core.db import open_engine, snapshot, sqlite_url
from opskit.migrations import migrate
from tests.licenses.lifecycle import KeyRing, key_ring
from tests.support.database import new_database, running_postgres

VERIFY_LIMIT, PAGE_LIMIT, GROWTH_LIMIT = 1.3, 3.0, 1.2


def measure(sizes: Sequence[int], *, dialects: Sequence[str], single: int, rounds: int) -> int:
    """The exit code; the register grows from size to size, `single` of a hundred one by one."""
    with tempfile.TemporaryDirectory(prefix="opskit-bench-") as folder:
        fits = []
        if "sqlite" in dialects:
            url = sqlite_url(Path(folder) / "opskit.db")
            fits.append(_measure(url, sizes, single=single, rounds=rounds))
        if "postgresql" in dialects:
            with running_postgres() as server:
                url = new_database(server)
                fits.append(_measure(url, sizes, single=single, rounds=rounds))
    return 0 if all(fits) else 1


def _measure(url: URL, sizes: Sequence[int], *, single: int, rounds: int) -> bool:
    engine, ring, fits = open_engine(url), key_ring(), list[bool]()
    migrate(engine)
    ratios, filled = list[float](), 0
    for size in sizes:
        fill(engine, ring, range(filled, size), single=single)
        ratio, verdict = _verify(engine, ring, size, rounds)
        ratios.append(ratio)
        fits += [verdict, *_pages(engine, size)]
        filled = size
    # measured by the bare work, so that what else the machine does meanwhile is no growth
    label = f"{engine.dialect.name}, from {sizes[0]:,} to {sizes[-1]:,}"
    fits.append(_say(label, ratios[-1] / ratios[0], GROWTH_LIMIT, "of the first ratio"))
    engine.dispose()
    return all(fits)


def _verify(engine: Engine, ring: KeyRing, size: int, rounds: int) -> tuple[float, bool]:
    """The median ratio, bare and proof in turn, and whether it is within the limit."""
    made, workers = signatures(engine, ring), cores_for(size)
    with snapshot(engine) as session:
        trust = trust_of(session, ring)
    ours, bare = list[Effort](), [_bare(made, workers)]
    for _ in range(rounds):
        ours.append(proof(engine.url, trust, workers))
        bare.append(_bare(made, workers))
    ratio = median(
        each.seconds * 2 / (before[0] + after[0])
        for each, before, after in zip(ours, bare, bare[1:], strict=False)
    )
    took, alone = (median(each.seconds for each in ours), median(each[0] for each in bare))
    processors = median(each.processors for each in ours) / median(each[1] for each in bare)
    about = (
        f"{took:.1f} s, bare {alone:.1f} s, {workers} cores; processors {processors:.2f}; memory "
        f"{max(each.parent for each in ours):.0f} MiB, {max(each.worker for each in ours):.0f} "
        "each worker"
    )
    label = f"{engine.dialect.name}, {size:,}, register verify"
    return ratio, _say(label, ratio, VERIFY_LIMIT, about)


def _bare(made: Sequence[Signature], workers: int) -> tuple[float, float]:
    """The same signatures, from memory, on as many cores: verifying lets other threads run.

    Seconds on the clock, and of all processors.
    """

    def run(part: Sequence[tuple[Ed25519PublicKey, bytes, bytes]]) -> None:
        for key, signature, message in part:
            key.verify(signature, message)

    loaded = {raw: Ed25519PublicKey.from_public_bytes(raw) for raw, _s, _m in made}
    ready = [(loaded[raw], signature, message) for raw, signature, message in made]
    parts = [ready[start::workers] for start in range(workers)]
    began, used = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run, parts))
    return time.perf_counter() - began, time.process_time() - used


def _pages(engine: Engine, size: int) -> list[bool]:
    dialect = engine.dialect.name
    return [
        _say(
            f"{dialect}, {size:,}, {name}",
            ours / bare,
            PAGE_LIMIT,
            f"{ours * 1000:.2f} ms, bare {bare * 1000:.2f} ms",
        )
        for name, ours, bare in pages(engine)
    ]


def _say(label: str, ratio: float, limit: float, about: str) -> bool:
    verdict = "ok" if ratio <= limit else "TOO SLOW"
    print(f"{label:<46} {ratio:>6.2f}   {limit:.2f}   {verdict:<8} {about}", flush=True)
    return ratio <= limit
