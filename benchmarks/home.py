"""A home for one benchmark: a real safe with one credential, gone afterwards."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

ENTRY = "BENCH/prod/db"
PASSWORD = "a benchmark's own passphrase"
CLIENT = """\
code,number,name,city,canton,language,contact,email,contract,maintenance_until,erp_version,\
modules,named_users,pole
BENCH,1,Bench SA,Sonceboz,BE,fr,Ada Bench,ada@bench.example,gold,2035-12-31,12.4,FIN,1,logistics
"""


def program() -> str:
    """The `opskit` of this environment."""
    found = shutil.which("opskit", path=str(Path(sys.executable).parent))
    if found is None:
        sys.exit("there is no opskit beside this Python: make bench")
    return found


class BenchHome:
    """Made on entering, its server stopped on leaving."""

    def __init__(self, folder: Path, *, keep_in: str) -> None:
        self._folder = folder
        self._keep_in = keep_in
        self.environment = {"OPSKIT_HOME": str(folder)}

    def __enter__(self) -> Self:
        address = self.opskit(
            "init", "--admin", "bench", "--keep-in", self._keep_in, typed=PASSWORD
        )
        clients = self._folder / "clients.csv"
        clients.write_text(CLIENT, encoding="utf-8")
        self.opskit("client", "import", str(clients))
        self.opskit("vault", "add", ENTRY, "--kind", "database", typed="s3cret")
        # The peer is given the same login by the only way it has.
        self.environment |= {"BAO_ADDR": address.strip(), "BAO_TOKEN": self._token()}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.opskit("local", "stop")

    @staticmethod
    def bare_environment() -> dict[str, str]:
        """The shell's, without what leads to another safe or keeps Python from its byte code."""
        other = ("OPSKIT_", "BAO_", "VAULT_", "PYTHON")
        return {name: value for name, value in os.environ.items() if not name.startswith(other)}

    def opskit(self, *words: str, typed: str | None = None) -> str:
        secret = [] if typed is None else ["--password-file", "-"]
        done = subprocess.run(
            [program(), *words, *secret],
            env={**self.bare_environment(), **self.environment},
            input=typed or "",
            text=True,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"opskit {words[0]}: {done.stderr}")
        return done.stdout

    def _token(self) -> str:
        from opskit.core.config import Home, load_settings
        from vault.login.tokens import open_token_store

        home = Home(self._folder)
        token = open_token_store(home, load_settings(home), say=print).load()
        if token is None:
            sys.exit("nobody is logged in")
        return token.reveal()
