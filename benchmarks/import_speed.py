"""`opskit vault import` of 10,000 entries, against a bare threaded loop of the same hvac writes.

Whole processes, in turn; ours opens the encrypted file, finds each entry its place and keeps the
event log besides. Exit code 1 when it is slower than the limit, or wants more memory than pykeepass
for the file alone and a fixed allowance.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.full_safe import CLIENTS, ENTRIES, SIZE, directory
from benchmarks.home import BenchHome, program
from tests.support.keepass_files import Sample, write_kdbx4

THREADS = 12
LIMIT = 0.8
ALLOWANCE = 60  # MB: hvac, SQLAlchemy and the entries on their way
PASSWORD = "a benchmark's own"
BARE, OPEN = "--bare", "--open"
MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)
"""


def main(arguments: list[str]) -> int:
    match arguments:
        case [flag, tag] if flag == BARE:
            return _bare_loop(tag)
        case [flag, file] if flag == OPEN:
            return _open(file)
    folder = Path(tempfile.mkdtemp(prefix="opskit-bench-"))
    try:
        with BenchHome(folder / "home", keep_in="file") as home:
            return _hold(folder, home)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _hold(folder: Path, home: BenchHome) -> int:
    clients = folder / "directory.csv"
    clients.write_text(
        directory().replace("C0001,1,", "C0001,501,"), encoding="utf-8"
    )  # BENCH is 1
    _seconds([program(), "client", "import", str(clients)], home)
    password = folder / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    file = write_kdbx4(folder / "team.kdbx", _groups(), password=PASSWORD, quick=False)
    words = [program(), "vault", "import", str(file), "--yes", "--password-file", str(password)]
    itself = [sys.executable, "-m", "benchmarks.import_speed"]
    # Half of the loop before and half after: what else the machine does meanwhile is shared.
    halves = [_seconds([*itself, BARE, "0"], home)[0]]
    ours, peak = _seconds(words, home)
    halves.append(_seconds([*itself, BARE, "1"], home)[0])
    alone = _seconds([*itself, OPEN, str(file)], home)[1]
    ratio, more = sum(halves) / ours, peak - alone
    print(
        f"opskit vault import, {SIZE} entries   {SIZE / ours:>5.0f} entries/s   "
        f"bare loop {SIZE / sum(halves):>5.0f} entries/s   {ratio:.2f}   at least {LIMIT:.2f}   "
        f"{'ok' if ratio >= LIMIT else 'TOO SLOW'}"
    )
    print(
        f"its memory {peak:.0f} MB, pykeepass alone {alone:.0f} MB; {more:.0f} more, at most "
        f"{ALLOWANCE}   {'ok' if more <= ALLOWANCE else 'TOO MUCH'}"
    )
    return 0 if ratio >= LIMIT and more <= ALLOWANCE else 1


def _groups() -> dict[str, list[Sample]]:
    """Twenty entries for each client, with what entries have."""
    return {
        f"C{client:04} - Atelier {client}/PROD": [
            Sample(
                title=f"DB {each}",
                username="SYSTEM",
                password=f"secret of {client} {each}",
                url=f"oracle://db{each}.c{client:04}.example:1521/PROD",
                notes="ask the client before connecting " * 2,
                hidden={"PIN": "5231"},
                tags="oracle;paie",
            )
            for each in range(ENTRIES)
        ]
        for client in range(1, CLIENTS + 1)
    }


def _bodies(tag: str) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """What the safe is sent for half of the same entries: path, value, metadata."""
    for client in range(1, CLIENTS + 1):
        for each in range(ENTRIES // 2):
            facts = {
                "kind": "database",
                "host": f"db{each}.c{client:04}.example",
                "port": "1521",
                "username": "SYSTEM",
                "engine": "oracle",
                "service": "PROD",
                "tags": "oracle paie",
            }
            secrets = {
                "password": f"secret of {client} {each}",
                "note": "ask the client before connecting " * 2,
                "pin": "5231",
            }
            stamps = {
                "rotated": "2025-03-01T12:00:00+00:00",
                "holds": "password,note,pin",
                "version": "1",
            }
            yield f"BENCH/test/db-{tag}-{client}-{each}", {**facts, **secrets}, {**facts, **stamps}


def _bare_loop(tag: str) -> int:
    import os

    import hvac
    import requests
    from requests.adapters import HTTPAdapter

    session = requests.Session()
    session.trust_env = False
    session.mount("http://", HTTPAdapter(pool_maxsize=THREADS))
    client = hvac.Client(url=os.environ["BAO_ADDR"], token=os.environ["BAO_TOKEN"], session=session)
    kv = client.secrets.kv.v2

    def write(each: tuple[str, dict[str, str], dict[str, str]]) -> None:
        path, value, about = each
        kv.create_or_update_secret(path, value, cas=0, mount_point="clients")
        kv.update_metadata(path, custom_metadata=about, mount_point="clients")

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, _bodies(tag)))
    return 0


def _open(file: str) -> int:
    """What holding the file costs by itself."""
    from pykeepass import PyKeePass

    return 0 if PyKeePass(file, password=PASSWORD).tree is not None else 1


def _seconds(command: list[str], home: BenchHome) -> tuple[float, float]:
    """Of one whole process: seconds on the clock, and the most memory that it held, in MB."""
    began = time.perf_counter()
    code = [sys.executable, "-c", MEASURED, *command]
    done = subprocess.run(
        code,
        env={**BenchHome.bare_environment(), **home.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"{' '.join(command[:3])}: {done.stderr}")
    return seconds, int(done.stdout) / 1000


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
