"""The access report on a log of 1 GB, against a bare loop over the same lines; and its memory.

Exit code 1 when a ratio or the memory is above its limit. The first argument is another size in MB.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.home import BenchHome, program
from tests.support.audit_log import write_log

MB = 1_000_000
SIZE, SMALL, PACKED = 1000 * MB, 5 * MB, 500 * MB
RUNS = 3
MOST_GROWTH = 10  # MB of memory more than for the small log
PARSE = "import json, sys\nfor line in open(sys.argv[1], 'rb'): json.loads(line)"
UNPACK = "import gzip, json, sys\nfor line in gzip.open(sys.argv[1]): json.loads(line)"


@dataclass(frozen=True, slots=True)
class Contest:
    """Our report of a log, and the loop in bare Python that it is held against."""

    name: str
    log: Path
    peer: str
    loop: str
    limit: float


@dataclass(frozen=True, slots=True)
class Run:
    """One whole process: seconds on the clock, and the most memory it held, in MB."""

    seconds: float
    peak: float


def main(arguments: list[str]) -> int:
    size = int(arguments[0]) * MB if arguments else SIZE
    folder = Path(tempfile.mkdtemp(prefix="opskit-bench-"))
    try:
        with BenchHome(folder / "home", keep_in="file") as home:
            return _measure(folder, size, home.environment)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(folder: Path, size: int, environment: Mapping[str, str]) -> int:
    small = write_log(folder / "small.log", size=SMALL)
    large = write_log(folder / "large.log", size=size)
    packed = write_log(folder / "packed.log", size=min(size, PACKED))
    subprocess.run(["gzip", "-1", packed], check=True)
    packed = packed.with_suffix(".log.gz")
    parsing = Contest(f"access-report, {size // MB} MB", large, "json.loads a line", PARSE, 1.0)
    unpacking = Contest("access-report, gzip", packed, "gzip.open, json.loads", UNPACK, 1.0)
    fits = [_hold(contest, environment) for contest in (parsing, unpacking)]
    peaks = [_run(_report(log), environment).peak for log in (small, large)]
    growth = peaks[1] - peaks[0]
    verdict = "ok" if growth <= MOST_GROWTH else "TOO MUCH"
    print(f"memory: {peaks[0]:.0f} MB for {SMALL // MB} MB of log, {peaks[1]:.0f} MB for ", end="")
    print(f"{size // MB} MB; growth {growth:.1f}, limit {MOST_GROWTH}   {verdict}")
    return 0 if all(fits) and growth <= MOST_GROWTH else 1


def _hold(contest: Contest, environment: Mapping[str, str]) -> bool:
    """In turn, after one run of each that warms the file cache up."""
    commands = (_report(contest.log), [sys.executable, "-c", contest.loop, str(contest.log)])
    runs = [[_run(each, environment).seconds for each in commands] for _ in range(RUNS + 1)][1:]
    ours, theirs = (median(each) for each in zip(*runs, strict=True))
    fits = bool(ours <= contest.limit * theirs)
    print(
        f"{contest.name:<28} {ours * 1000:>5.0f} ms   "
        f"{contest.peer:<26} {theirs * 1000:>5.0f} ms   "
        f"{ours / theirs:>5.2f}   {contest.limit:.2f}   {'ok' if fits else 'TOO SLOW'}",
        flush=True,
    )
    return fits


def _report(log: Path) -> Sequence[str]:
    return [program(), "vault", "access-report", str(log), "--format", "csv"]


def _run(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        env={**BenchHome.bare_environment(), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return Run(time.perf_counter() - began, used.ru_maxrss / 1000)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
