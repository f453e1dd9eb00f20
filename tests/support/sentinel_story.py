"""What is typed: a team's first weeks, then everything that can be refused or broken."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from opskit.core.errors import ExitCode
from opskit.local.state import read_state
from tests.support.home import DATA, Result
from tests.support.sentinel import ENTRY, OTHERS, WORDS, Evidence
from tests.support.sentinel_safe import (
    VPN,
    a_second_person,
    an_entry_changed_in_every_way,
    an_entry_used_in_every_way,
    files_of_other_keepers,
    what_a_client_sends_in,
)

BREAK = """
import http.client, sys

answer, left = http.client.HTTPConnection.getresponse, [{answered}]

def broken(self, *args, **kwargs):
    if left[0] == 0:
        raise RuntimeError("provoked")
    left[0] -= 1
    return answer(self, *args, **kwargs)

http.client.HTTPConnection.getresponse = broken
from opskit.__main__ import main
main(sys.argv[1:])
"""
MUTE = """
import sys

class Broken:
    def write(self, text):
        raise RuntimeError("provoked")

    def flush(self):
        pass

    def isatty(self):
        return False

from opskit.__main__ import main
sys.stdout = Broken()
main(sys.argv[1:])
"""


def everything_that_works(e: Evidence) -> None:
    """A team's first weeks, each command as it is meant."""
    sample = e.place / "clients.csv"
    sample.write_bytes((DATA / "clients.csv").read_bytes())
    people = e.place / "staff.csv"
    people.write_bytes((DATA / "staff.csv").read_bytes())
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
    token = e.type(f"vault share {ENTRY} --ticket CS-1001").out
    assert e.type("vault receive --token-file -", stdin=token).out == WORDS["entry"] + "\n"
    e.type("vault receive --token-file -", stdin=token, code=ExitCode.NOT_FOUND)
    for line in (
        *(f"vault show {ENTRY}", "vault find deleze database", "vault list DELEZE"),
        *("vault tree DELEZE", "vault sheet DELEZE"),
    ):
        e.type(line)
        e.type(f"{line} --json")
    an_entry_changed_in_every_way(e)
    an_entry_used_in_every_way(e)
    files_of_other_keepers(e)
    what_a_client_sends_in(e)
    licences_and_patches(e)
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
    a_second_person(e)
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


def licences_and_patches(e: Evidence) -> None:
    key = e.place / "deleze.lic"
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


def everything_that_is_refused(e: Evidence) -> None:
    """A secret is on its way, and something is wrong."""
    refused = OTHERS["refused"]
    add = "vault add {} --kind {} --password-file -"
    for line, stdin, code in (
        ("login bob --password-file -", OTHERS["wrong"], ExitCode.DENIED),
        ("login nobody --password-file -", OTHERS["wrong"], ExitCode.DENIED),
        ("login ../x --password-file -", OTHERS["wrong"], ExitCode.INVALID),
        ("login bob --password-file -", refused * 3, ExitCode.INVALID),
        ("login --method token --password-file -", refused, ExitCode.DENIED),
        ("login --method approle night --password-file -", refused, ExitCode.DENIED),
        ("vault receive --token-file -", f"s.{refused}", ExitCode.NOT_FOUND),
        ("init --admin alice --password-file -", refused, ExitCode.CONFLICT),
        (add.format(ENTRY, "database"), refused, ExitCode.CONFLICT),
        (add.format("NOBODY/prod/db", "database"), refused, ExitCode.NOT_FOUND),
        (add.format("DELEZE/moon/db", "database"), refused, ExitCode.INVALID),
        (add.format("DELEZE/prod/../x", "database"), refused, ExitCode.INVALID),
        (add.format("DELEZE/prod/x", "nonsense"), refused, ExitCode.INVALID),
        (add.format("DELEZE/prod/x", "vpn --field host"), refused, ExitCode.INVALID),
        (add.format("DELEZE/prod/x", "vpn --field a,b"), refused, ExitCode.INVALID),
        (add.format("DELEZE/prod/big", "generic"), refused * 50_000, ExitCode.INVALID),
        ("user add eve --role nonsense --password-file -", refused, ExitCode.NOT_FOUND),
        ("user add bob --role agent --password-file -", refused, ExitCode.CONFLICT),
        ("user add long --role agent --password-file -", refused * 3, ExitCode.INVALID),
        ("user reset nobody --password-file -", refused, ExitCode.NOT_FOUND),
        ("vault set DELEZE/prod/none --password-file -", refused, ExitCode.NOT_FOUND),
        (f"vault set {ENTRY} --field host --password-file -", refused, ExitCode.INVALID),
        (f"vault rotate {ENTRY} --field nonsense --password-file -", refused, ExitCode.NOT_FOUND),
        ("vault note DELEZE/prod/none --file -", refused, ExitCode.NOT_FOUND),
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
    refused = OTHERS["refused"]
    for line, stdin, answered in (
        ("login alice --password-file -", WORDS["admin"], 0),
        ("vault add DELEZE/prod/broken --kind generic --password-file -", refused, 0),
        ("user reset bob --password-file -", refused, 0),
        (f"vault get {ENTRY}", "", 0),
        (f"vault share {ENTRY}", "", 4),
        ("vault receive --token-file -", f"s.{refused}", 0),
        ("login --method token --password-file -", refused, 0),
        (f"vault set {ENTRY} --field pin --password-file -", refused, 5),
        (f"vault note {ENTRY} --file -", refused, 5),
        (f"vault restore {ENTRY} --version 1", "", 6),
        (f"vault rotate {ENTRY} --password-file -", refused, 5),
        (f"vault move {VPN} {VPN}-2", "", 4),
        (f"vault check {ENTRY}", "", 1),
        (f"vault export DELEZE --out {e.place / 'never.kdbx'} --password-file -", refused, 5),
        ("vault health DELEZE", "", 2),
    ):
        program = ("-X", "dev", "-c", BREAK.format(answered=answered))
        _broken(e, line, stdin, program)
    for line in (f"vault get {ENTRY}", f"vault diff {ENTRY} --from 2 --reveal"):
        _broken(e, line, "", ("-X", "dev", "-c", MUTE))
    e.type("doctor --repair", code=ExitCode.OK)
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


def _broken(e: Evidence, line: str, stdin: str, program: tuple[str, ...]) -> None:
    result = e.run(line, stdin=stdin, code=ExitCode.UNEXPECTED, program=program)
    assert "Traceback (most recent call last)" in result.err
    assert "RuntimeError: provoked" in result.err


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
    e.type("vault list --fresh --json")
