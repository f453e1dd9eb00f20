"""Marked words that go through the whole program as secrets, and the search for them.

What is typed is kept with what it answered, and everything that was written meanwhile is at hand.
"""

import base64
import secrets
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.home import House, Result

ENTRY = "DELEZE/prod/erp-db"
WORDS = {name: f"SENTINEL-{name}-{secrets.token_hex(8)}" for name in ("admin", "login", "entry")}
OTHERS = {
    name: f"SENTINEL-{name}-{secrets.token_hex(8)}"
    for name in ("wrong", "new", "refused", "file", "sent", "imported", "guarded")
}
SEED = base64.b32encode(secrets.token_bytes(20)).decode()  # of one-time codes: only base32 can be
ALL = {**WORDS, **OTHERS, "seed": SEED}


@dataclass
class Evidence:
    """Everything that was said, and where the rest is to be searched.

    `own` holds what the person has or asks for in the clear: it is not searched.
    """

    place: Path
    house: House
    said: list[tuple[str, Result]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    processes: list[bytes] = field(default_factory=list)

    @property
    def own(self) -> Path:
        return self.place / "own"

    @property
    def files(self) -> list[Path]:
        """Everything that was written, but the safe's own encrypted store."""
        return [
            file
            for file in self.place.rglob("*")
            if file.is_file() and not {"raft", "own"} & set(file.relative_to(self.place).parts)
        ]

    @property
    def lines(self) -> list[str]:
        return [line for line, _result in self.said]

    def type(self, line: str, *more: object, stdin: str = "", code: int = 0) -> Result:
        """Run a command, which must end with that code, and keep what it said."""
        args = [*line.split(), *more]
        result = self.house.opskit(*args, stdin=stdin)
        return self._keep(line, result, code)

    def run(self, line: str, *, stdin: str, code: int, program: tuple[str, ...]) -> Result:
        """The same in a process of its own, looked at from outside as long as it lives."""
        with subprocess.Popen(
            [sys.executable, *program, *line.split()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.house.environment(TMPDIR=str(self.place / "tmp")),
        ) as process:
            assert process.stdin is not None
            process.stdin.write(stdin.encode())
            process.stdin.close()
            process.stdin = None
            while True:
                self.processes.append(what_ps_shows())
                try:
                    out, err = process.communicate(timeout=0.1)
                    break
                except subprocess.TimeoutExpired:
                    continue
        return self._keep(line, Result(process.returncode, out.decode(), err.decode()), code)

    def _keep(self, line: str, result: Result, code: int) -> Result:
        self.said.append((line, result))
        assert result.code == code, (line, result)
        if (token := self.house.home.token_folder / "local").exists():
            self.tokens.add(token.read_text(encoding="ascii").split()[0])
        return result


def what_ps_shows() -> bytes:
    """Command line and environment of every process of this machine that we may look at."""
    shown = []
    for process in Path("/proc").glob("[0-9]*"):
        for name in ("cmdline", "environ"):
            try:
                shown.append((process / name).read_bytes())
            except OSError:  # it has ended, or is not ours
                continue
    return b"\0".join(shown)


def forms_of(word: str) -> list[bytes]:
    """The word as it stands, in hexadecimal, and in base64 wherever it may begin."""
    raw = word.encode()
    in_base64 = [base64.b64encode(b"x" * shift + raw)[4:-4] for shift in range(3)]
    return [raw, raw.hex().encode(), *in_base64]


def found_in(content: bytes) -> list[str]:
    """Which of the secrets stand there."""
    return [name for name, word in ALL.items() if any(form in content for form in forms_of(word))]
