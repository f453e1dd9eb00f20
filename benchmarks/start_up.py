"""Whole commands against a peer on the same server, in the same run, taken in turn: A B A B.

A ratio says more than milliseconds: it holds on a slow machine and on a busy one. The median of
the runs is compared. Exit code 1 when a ratio is above its limit.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.home import ENTRY, BenchHome, program
from opskit.local.binary import find_binary

SECRET_SERVICE = ("dbus-run-session", "gnome-keyring-daemon")
UNLOCKED = 'printf bench | gnome-keyring-daemon --unlock --components=secrets >&2 && exec "$@"'
INSIDE = "--inside-a-secret-service"


@dataclass(frozen=True, slots=True)
class Contest:
    """One of our commands, and what it is held against."""

    name: str
    ours: Sequence[str]
    peer_name: str
    peer: Sequence[str]
    environment: Mapping[str, str]
    limit: float = 1.5
    runs: int = 15


@dataclass(frozen=True, slots=True)
class Result:
    """Medians in milliseconds."""

    contest: Contest
    ours: float
    peer: float

    @property
    def ratio(self) -> float:
        return self.ours / self.peer

    @property
    def is_good(self) -> bool:
        return self.ratio <= self.contest.limit

    def __str__(self) -> str:
        return (
            f"{self.contest.name:<28} {self.ours:>5.0f} ms   "
            f"{self.contest.peer_name:<26} {self.peer:>5.0f} ms   "
            f"{self.ratio:>5.2f}   {self.contest.limit:.2f}   {self.contest.runs:>4}   "
            f"{'ok' if self.is_good else 'TOO SLOW'}"
        )


def main(arguments: list[str]) -> int:
    folder = tempfile.mkdtemp(prefix="opskit-bench-")
    try:
        if INSIDE in arguments:
            return report([_reading(Path(folder), "keyring")])
        print(HEADING)
        code = report([_helping(), _reading(Path(folder), "file")])
        return max(code, _reading_with_keyring(Path(folder)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


HEADING = (
    f"{'command':<28} {'median':>8}   {'against':<26} {'median':>8}   {'ratio':>5}   limit   runs"
)


def report(results: list[Result]) -> int:
    for result in results:
        print(result, flush=True)
    return 0 if all(result.is_good for result in results) else 1


def _helping() -> Result:
    peer = [sys.executable, "-c", "import typer"]
    return hold(Contest("opskit --help", [program(), "--help"], "python: import typer", peer, {}))


def _reading(folder: Path, keep_in: str) -> Result:
    with BenchHome(folder / keep_in, keep_in=keep_in) as home:
        return hold(
            Contest(
                f"opskit vault get ({keep_in})",
                [program(), "vault", "get", ENTRY],
                "bao kv get",
                [str(find_binary()), "kv", "get", "-mount=clients", "-field=password", ENTRY],
                home.environment,
            )
        )


def _reading_with_keyring(folder: Path) -> int:
    """In a session bus of its own, with a keyring of its own: the person's stays untouched."""
    missing = [each for each in SECRET_SERVICE if shutil.which(each) is None]
    if missing:
        print(f"opskit vault get (keyring): skipped, this machine has no {', '.join(missing)}")
        return 0
    again = [sys.executable, "-m", "benchmarks.start_up", INSIDE]
    own = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    inside = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", UNLOCKED, "sh", *again],
        env={**BenchHome.bare_environment(), **own},
        stderr=subprocess.PIPE,  # the bus and the daemon talk much, and matter only on a failure
        text=True,
        check=False,
    )
    if inside.returncode:
        sys.stderr.write(inside.stderr)
    return inside.returncode


def hold(contest: Contest) -> Result:
    """One run of each to warm up and to see that both do the same, then the real ones."""
    _seconds(contest.ours, contest.environment)
    _seconds(contest.peer, contest.environment)
    ours, peer = [], []
    for _run in range(contest.runs):
        ours.append(_seconds(contest.ours, contest.environment))
        peer.append(_seconds(contest.peer, contest.environment))
    return Result(contest, median(ours) * 1000, median(peer) * 1000)


def _seconds(command: Sequence[str], environment: Mapping[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(
        command,
        env={**BenchHome.bare_environment(), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
