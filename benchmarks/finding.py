"""`opskit vault find` in a safe of 10,000 entries, warm against `show`, cold against a bare SCAN.

The bare program sends the request, reads the body and parses it; it searches and keeps nothing.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.full_safe import FOUND, MISSPELT, SIZE, WORDS, directory, fill
from benchmarks.home import BenchHome, program
from benchmarks.start_up import HEADING, Contest, Result, hold, report

BARE_SCAN = """
import json, os
from http.client import HTTPConnection
from urllib.parse import urlsplit

server = HTTPConnection(urlsplit(os.environ["BAO_ADDR"]).netloc)
headers = {"X-Vault-Token": os.environ["BAO_TOKEN"]}
server.request("SCAN", "/v1/clients/detailed-metadata/", headers=headers)
reply = json.loads(server.getresponse().read())
assert len(reply["data"]["key_info"]) > 1
"""


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="opskit-bench-"))
    try:
        with BenchHome(folder / "home", keep_in="file") as home:
            fill(home.environment["BAO_ADDR"], home.environment["BAO_TOKEN"])
            clients = folder / "directory.csv"
            clients.write_text(directory(), encoding="utf-8")
            home.opskit("client", "import", str(clients))
            print(f"\n{SIZE:,} entries\n{HEADING}")
            return report([_find(home, WORDS), _find(home, MISSPELT, limit=2.0), _cold(home)])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _find(home: BenchHome, words: str, *, limit: float = 1.3) -> Result:
    return hold(
        Contest(
            f"vault find {words}",
            [program(), "vault", "find", *words.split()],
            "opskit vault show",
            [program(), "vault", "show", FOUND],
            home.environment,
            limit=limit,
        )
    )


def _cold(home: BenchHome) -> Result:
    return hold(
        Contest(
            "vault find --fresh",
            [program(), "vault", "find", "--fresh", *WORDS.split()],
            "python: one bare SCAN",
            [sys.executable, "-c", BARE_SCAN],
            home.environment,
            limit=2.0,
            runs=7,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
