"""A secret is nowhere but in the safe: every command is typed, then everything is searched.

Three marked words (an entry's password, a login's, the first admin's) go through the whole
program. The only place where one may be seen is the stdout of `opskit vault get`.
"""

import base64
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from opskit.core.config import Home
from opskit.core.errors import ExitCode
from opskit.local.state import read_state
from tests.support.home import DATA, House, Result, place_for_homes

WORDS = {name: f"SENTINEL-{name}-{secrets.token_hex(8)}" for name in ("admin", "login", "entry")}
OTHERS = {name: f"SENTINEL-{name}-{secrets.token_hex(8)}" for name in ("wrong", "new", "refused")}
ALL = {**WORDS, **OTHERS}
ENTRY = "DELEZE/prod/erp-db"
BREAK = """
import http.client, sys

def broken(self, *args, **kwargs):
    raise RuntimeError("provoked")

http.client.HTTPConnection.getresponse = broken
from opskit.__main__ import main
main(sys.argv[1:])
"""


@dataclass
class Evidence:
    """Everything that was said, and where the rest is to be searched."""

    place: Path
    house: House
    said: list[tuple[str, Result]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    processes: list[bytes] = field(default_factory=list)

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
            self.tokens.add(token.read_text(encoding="ascii").strip())
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


@pytest.fixture(scope="module")
def evidence() -> Iterator[Evidence]:
    """A home in which every command was typed."""
    with place_for_homes() as place, pytest.MonkeyPatch.context() as patch:
        (place / "tmp").mkdir()
        patch.setattr(tempfile, "tempdir", str(place / "tmp"))
        evidence = Evidence(place, House(Home(place / "home")))
        everything_that_works(evidence)
        everything_that_is_refused(evidence)
        what_nobody_foresaw(evidence)
        a_slow_and_a_stopped_server(evidence)
        yield evidence


def everything_that_works(e: Evidence) -> None:
    """The issue's story, each command as it is meant."""
    sample = e.place / "clients.csv"
    sample.write_bytes((DATA / "clients.csv").read_bytes())
    people = e.place / "staff.csv"
    people.write_bytes((DATA / "staff.csv").read_bytes())
    key = e.place / "deleze.lic"
    e.type("init --admin alice --keep-in file --password-file -", stdin=WORDS["admin"])
    e.type("doctor")
    e.type("client import", sample)
    e.type(
        "user add bob --role license-issuer --role agent --password-file -", stdin=WORDS["login"]
    )
    e.type(
        f"vault add {ENTRY} --kind database --host db.deleze.example --password-file -",
        stdin=WORDS["entry"],
    )
    assert e.type(f"vault get {ENTRY} --ticket CS-1001").out == WORDS["entry"] + "\n"
    for line in (f"vault show {ENTRY}", "vault find deleze database", "vault list DELEZE"):
        e.type(line)
        e.type(f"{line} --json")
    e.type("client show DELEZE --json")
    terms = "--modules FIN --named-users 60 --maintenance-until +200bd --ticket CS-1002"
    number = e.type(f"license request DELEZE {terms} --json").json["number"]
    e.type(f"license approve {number}", code=ExitCode.DENIED)
    e.type("login bob --password-file -", stdin=WORDS["login"])
    e.type(f"license approve {number}")
    e.type(f"license issue {number} --out {key}")
    e.type(f"license verify {key}")
    run = e.type("patch prepare DELEZE --to 12.4 --on +30bd --json").json["number"]
    e.house.opskit("patch", "check", run)
    e.type(f"patch show {run}")
    e.type("whoami --json")
    e.type("logout")
    e.type("login alice --password-file -", stdin=WORDS["admin"])
    e.type("staff import", people)
    e.type(
        "onboarding start",
        "Camille Perret",
        *("--path", "back-office", "--start", "+10bd", "--mentor", "alice"),
    )
    e.type("onboarding board")
    e.type("user reset bob --password-file -", stdin=OTHERS["new"])
    e.type("login bob --password-file -", stdin=OTHERS["new"])
    e.type("login alice --password-file -", stdin=WORDS["admin"])
    for line in ("user list", "user show bob", "staff list", "audit list --limit 1000"):
        e.type(f"{line} --json")
    e.type("audit verify")
    e.type(f"audit checkpoint --out {e.place / 'checkpoint.json'}")
    e.type("vault provision")
    e.type("upgrade")
    e.type("doctor --repair --json")
    e.type("local stop")
    e.type("local start")
    e.type("local status --json")


def everything_that_is_refused(e: Evidence) -> None:
    """A secret is on its way, and something is wrong."""
    refused = OTHERS["refused"]
    add = "vault add {} --kind {} --password-file -"
    for line, stdin, code in (
        ("login bob --password-file -", OTHERS["wrong"], ExitCode.DENIED),
        ("login nobody --password-file -", OTHERS["wrong"], ExitCode.DENIED),
        ("login ../x --password-file -", OTHERS["wrong"], ExitCode.INVALID),
        ("login bob --password-file -", refused * 3, ExitCode.INVALID),
        ("init --admin alice --password-file -", refused, ExitCode.CONFLICT),
        (add.format(ENTRY, "database"), refused, ExitCode.CONFLICT),
        (add.format("NOBODY/prod/db", "database"), refused, ExitCode.NOT_FOUND),
        (add.format("DELEZE/moon/db", "database"), refused, ExitCode.INVALID),
        (add.format("DELEZE/prod/../x", "database"), refused, ExitCode.INVALID),
        (add.format("DELEZE/prod/x", "nonsense"), refused, ExitCode.INVALID),
        (add.format("DELEZE/prod/x", "vpn --field nonsense"), refused, ExitCode.INVALID),
        (add.format("DELEZE/prod/big", "generic"), refused * 50_000, ExitCode.INVALID),
        ("user add eve --role nonsense --password-file -", refused, ExitCode.NOT_FOUND),
        ("user add bob --role agent --password-file -", refused, ExitCode.CONFLICT),
        ("user add long --role agent --password-file -", refused * 3, ExitCode.INVALID),
        ("user reset nobody --password-file -", refused, ExitCode.NOT_FOUND),
        ("vault get DELEZE/prod/erp", "", ExitCode.NOT_FOUND),
        (f"vault get {ENTRY} --field nonsense", "", ExitCode.NOT_FOUND),
        (f"vault get {ENTRY} --ticket nonsense", "", ExitCode.INVALID),
    ):
        e.type(line, stdin=stdin, code=code)
    e.type("login bob --password-file -", stdin=OTHERS["new"])
    e.type("user add eve --role agent --password-file -", stdin=refused, code=ExitCode.DENIED)
    e.type("login alice --password-file -", stdin=WORDS["admin"])


def what_nobody_foresaw(e: Evidence) -> None:
    """An exception out of the standard library, while a secret is in a variable."""
    for line, stdin in (
        ("login alice --password-file -", WORDS["admin"]),
        ("vault add DELEZE/prod/broken --kind generic --password-file -", OTHERS["refused"]),
        ("user reset bob --password-file -", OTHERS["refused"]),
        (f"vault get {ENTRY}", ""),
    ):
        result = e.run(line, stdin=stdin, code=ExitCode.UNEXPECTED, program=("-c", BREAK))
        assert "Traceback (most recent call last)" in result.err
        assert "RuntimeError: provoked" in result.err
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "opskit", "vault", "get", ENTRY],
            stdout=full,
            stderr=subprocess.PIPE,
            env=e.house.environment(),
            check=False,
        )
    assert done.returncode != 0
    e.said.append(("vault get > /dev/full", Result(done.returncode, "", done.stderr.decode())))


def a_slow_and_a_stopped_server(e: Evidence) -> None:
    """The secret was sent and no answer comes; then nobody is there at all."""
    state = read_state(e.house.home.safe_folder)
    assert state is not None
    settings = e.house.home.settings_file
    settings.write_text(settings.read_text("utf-8") + "vault_timeout = 0.5\n", "utf-8")
    slow = "vault add DELEZE/prod/slow --kind generic --password-file -"
    program = ("-m", "opskit")
    os.kill(state.pid, signal.SIGSTOP)
    try:
        e.run(slow, stdin=OTHERS["refused"], code=ExitCode.UNAVAILABLE, program=program)
    finally:
        os.kill(state.pid, signal.SIGCONT)
    e.run(
        "login alice --password-file -",
        stdin=WORDS["admin"],
        code=ExitCode.OK,
        program=program,
    )
    e.type("doctor --repair --json", code=ExitCode.OK)
    e.type("local stop")
    for line, stdin in (
        (slow, OTHERS["refused"]),
        ("login alice --password-file -", WORDS["admin"]),
        ("user add eve --role agent --password-file -", OTHERS["refused"]),
        (f"vault get {ENTRY}", ""),
    ):
        e.type(line, stdin=stdin, code=ExitCode.UNAVAILABLE)
    e.type("doctor", code=ExitCode.CHECK_FAILED)
    e.type("local start")


def files_of(e: Evidence) -> list[Path]:
    """Everything that was written, but the safe's own encrypted store."""
    return [
        file
        for file in e.place.rglob("*")
        if file.is_file() and "raft" not in file.relative_to(e.place).parts
    ]


@pytest.mark.parametrize("name", ALL)
def test_the_search_would_find_it(name: str) -> None:
    word = ALL[name]
    assert found_in(f"password: {word}\n".encode()) == [name]
    assert found_in(base64.b64encode(f"password: {word}".encode())) == [name]
    assert found_in(word.encode().hex().encode()) == [name]
    assert found_in(b"nothing here") == []


def test_it_is_in_the_safe(evidence: Evidence) -> None:
    """The searches below look for words that really were stored."""
    assert evidence.house.done("vault", "get", ENTRY).out == WORDS["entry"] + "\n"


def test_no_file_holds_it(evidence: Evidence) -> None:
    files = {file: found_in(file.read_bytes()) for file in files_of(evidence)}
    names = {str(file.relative_to(evidence.place)) for file in files}
    assert {"home/opskit.db", "home/safe/server.log", "home/safe/audit.log"} <= names
    assert {file: found for file, found in files.items() if found} == {}


def test_the_event_log_does_not_hold_it(evidence: Evidence) -> None:
    log = evidence.house.done("audit", "list", "--limit", 10_000, "--json").out
    assert ENTRY in log
    assert found_in(log.encode()) == []


def test_the_database_does_not_hold_it_while_it_is_open(evidence: Evidence) -> None:
    with evidence.house.context().transaction() as session:
        session.connection().exec_driver_sql("UPDATE core_event_head SET id = id")
        files = list(evidence.house.folder.glob("opskit.db*"))
        assert evidence.house.home.database_file.with_name("opskit.db-wal") in files
        assert [found_in(file.read_bytes()) for file in files] == [[]] * len(files)


def test_no_command_says_it(evidence: Evidence) -> None:
    for line, result in evidence.said:
        assert (line, found_in(result.err.encode())) == (line, [])
        if not line.startswith("vault get"):
            assert (line, found_in(result.out.encode())) == (line, [])
    assert len(evidence.said) > 70


def test_no_process_shows_it(evidence: Evidence) -> None:
    assert len(evidence.processes) > 6
    assert b"--password-file" in b"".join(evidence.processes)
    assert b"server\0-config=main.hcl" in b"".join(evidence.processes)
    assert [found for each in evidence.processes if (found := found_in(each))] == []


def test_a_token_is_where_the_login_is_kept_and_nowhere_else(evidence: Evidence) -> None:
    assert len(evidence.tokens) >= 5
    for line, result in evidence.said:
        said = result.out + result.err
        assert (line, [token for token in evidence.tokens if token in said]) == (line, [])
    for file in files_of(evidence):
        if file.parent != evidence.house.home.token_folder:
            content = file.read_bytes()
            assert (file, [t for t in evidence.tokens if t.encode() in content]) == (file, [])
    shown = b"".join(evidence.processes)
    assert [token for token in evidence.tokens if token.encode() in shown] == []


def test_the_key_of_the_safe_is_in_its_own_file_and_nowhere_else(evidence: Evidence) -> None:
    file = evidence.house.home.safe_folder / "unseal.key"
    key = file.read_bytes().strip()
    assert len(key) == 64
    holders = [each for each in files_of(evidence) if key in each.read_bytes()]
    assert holders == [file]
    assert key not in b"".join(evidence.processes)
    assert [line for line, result in evidence.said if key.decode() in result.out + result.err] == []
