"""One client's story, typed into the installed `opskit` in the order of the README's short tour."""

import json
import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.home import DATA, place_for_homes, sealed_environment

OPSKIT = Path(sysconfig.get_path("scripts")) / ("opskit.exe" if os.name == "nt" else "opskit")
ALICE, BOB = "a long passphrase", "pass of bob"


@dataclass(frozen=True)
class Shell:
    """A shell in a folder, with OPSKIT_HOME=$PWD/.try and no keyring."""

    folder: Path

    def opskit(self, *words: str, typed: str = "", code: int = 0) -> tuple[str, str]:
        """Run one command that must end with that exit code; its stdout and stderr."""
        done = subprocess.run(
            [OPSKIT, *words],
            cwd=self.folder,
            env={
                **sealed_environment(),
                "OPSKIT_HOME": str(self.folder / ".try"),
                "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            },
            input=typed,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == code, f"opskit {' '.join(words)}: {done.stderr}"
        return done.stdout, done.stderr

    def asked(self, *words: str) -> Any:
        return json.loads(self.opskit(*words, "--json")[0])


@pytest.fixture(scope="module")
def shell() -> Iterator[Shell]:
    """A folder with the files that the story imports, and a fresh home after its first command."""
    with place_for_homes() as folder:
        for name in ("clients.csv", "clients-excel-fr.csv", "staff.csv"):
            shutil.copy(DATA / name, folder)
        shell = Shell(folder)
        shell.opskit("init", "--admin", "alice", "--password-file", "-", typed=ALICE)
        yield shell
        shell.opskit("local", "stop")


def test_the_story(shell: Shell) -> None:
    the_house(shell)
    the_clients(shell)
    the_safe(shell)
    the_licence(shell)
    the_patch(shell)
    the_newcomer(shell)
    the_proof(shell)
    the_server(shell)


def the_house(shell: Shell) -> None:
    said = shell.opskit("doctor")
    assert not re.search(r"error|Traceback", "".join(said))


def the_clients(shell: Shell) -> None:
    out, _ = shell.opskit("client", "import", "clients.csv")
    assert out == "40 added, 0 changed, 0 unchanged, 0 rejected\n"
    out, _ = shell.opskit("client", "import", "clients.csv")
    assert out == "0 added, 0 changed, 40 unchanged, 0 rejected\n"
    out, err = shell.opskit("client", "import", "clients-excel-fr.csv", code=5)
    assert out.endswith(", 5 rejected\n")
    assert err.count("clients-excel-fr.csv:") >= 5
    page, _ = shell.opskit("client", "show", "DELEZE")
    assert "Délèze Outillage SA" in page
    assert "lapsed" in page


def the_safe(shell: Shell) -> None:
    roles = ("--role", "license-issuer", "--role", "agent")
    shell.opskit("user", "add", "bob", *roles, "--password-file", "-", typed=BOB)
    entry = "DELEZE/prod/erp-db"
    shell.opskit(
        *("vault", "add", entry, "--kind", "database", "--host", "db.deleze.example"),
        *("--port", "1521", "--engine", "oracle", "--service", "ERP"),
        *("--username", "SYSTEM", "--password-file", "-"),
        typed="s3cret",
    )
    assert shell.opskit("vault", "get", entry, "--ticket", "CS-1001") == ("s3cret\n", "")
    shown = shell.opskit("vault", "show", entry)
    assert "db.deleze.example" in shown[0]
    found = shell.opskit("vault", "find", "deleze", "database")
    assert entry in found[0]
    assert "s3cret" not in "".join((*shown, *found))


def the_licence(shell: Shell) -> None:
    out, _ = shell.opskit(
        *("license", "request", "DELEZE", "--modules", "FIN AP AR", "--named-users", "60"),
        *("--maintenance-until", "2027-11-04", "--ticket", "CS-1002"),
    )
    assert out == "R1\n"
    _, err = shell.opskit("license", "approve", "R1", code=6)
    assert err.startswith("error[own-request]: alice made this request and cannot approve it\n")
    shell.opskit("login", "bob", "--password-file", "-", typed=BOB)
    shell.opskit("license", "approve", "R1")
    assert shell.opskit("license", "issue", "R1", "--out", "deleze.lic")[0] == "L1001\n"
    out, err = shell.opskit("license", "verify", "deleze.lic")
    assert out.startswith("valid\n  Licence            L1001\n")
    assert err == ""
    bad = shell.folder / "bad.lic"
    text = (shell.folder / "deleze.lic").read_text(encoding="utf-8")
    block = text.split("\n\n")[1]
    bad.write_text(text.replace(block[:8], block[:8].swapcase()), encoding="utf-8")
    _, err = shell.opskit("license", "verify", "bad.lic", code=8)
    assert err.startswith("error[license-refused]: bad.lic: ")


def the_patch(shell: Shell) -> None:
    out, _ = shell.opskit("patch", "prepare", "DELEZE", "--to", "12.4", "--on", "2027-01-20")
    assert out == "P1\n"
    out, err = shell.opskit("patch", "check", "P1", code=8)
    found = dict(line.split("\t")[:2] for line in out.splitlines())
    assert found["contract-active"] == "failed"  # lapsed on 2026-11-04, on purpose
    assert found["credentials"] == "ok"
    assert "L1001: " in out
    assert err.startswith("error[check-failed]: P1: ")
    page, _ = shell.opskit("patch", "show", "P1")
    assert "[!]  2  Maintenance contract active on the patch date" in page
    assert "[x] 10  Credentials of the environment available in the safe" in page


def the_newcomer(shell: Shell) -> None:
    shell.opskit("login", "alice", "--password-file", "-", typed=ALICE)
    assert shell.opskit("staff", "import", "staff.csv")[0].startswith("18 added, ")
    out, _ = shell.opskit(
        *("onboarding", "start", "Camille Perret", "--path", "back-office"),
        *("--start", "2026-12-01", "--mentor", "echatriant0"),
    )
    assert out == "O1\n"
    board, _ = shell.opskit("onboarding", "board")
    assert board.startswith("Camille Perret\tback-office\t")
    assert board.endswith("\tEthan Chatriant\n")


def the_proof(shell: Shell) -> None:
    told = shell.asked("audit", "list", "--client", "DELEZE")
    assert {"client.added", "license.approved", "license.issued", "patch.started"} <= {
        each["action"] for each in told
    }
    assert {each["who"] for each in told} == {"alice", "bob"}
    shell.opskit("audit", "verify")


def the_server(shell: Shell) -> None:
    address = shell.asked("local", "status")["address"]
    assert address.startswith("http://127.0.0.1:")
    shell.opskit("local", "stop")
    shell.opskit("vault", "get", "DELEZE/prod/erp-db", "--ticket", "CS-1001", code=7)
    assert shell.opskit("license", "verify", "deleze.lic")[0].startswith("valid\n")
    shell.opskit("local", "start")
    assert shell.opskit("vault", "get", "DELEZE/prod/erp-db")[0] == "s3cret\n"


def test_nothing_outside_its_folder_and_no_secret_inside(shell: Shell) -> None:
    """The safe's own storage is encrypted, so the password must be in no file at all."""
    found = [
        str(file.relative_to(shell.folder))
        for file in shell.folder.rglob("*")
        if file.is_file() and b"s3cret" in file.read_bytes()
    ]
    assert found == []


def test_the_help_in_french() -> None:
    english, french = _commands_in_help("en_GB.UTF-8"), _commands_in_help("fr_CH.UTF-8")
    assert french["vault"] == "Le coffre numérique\u00a0: les accès des clients."
    assert list(french) == list(english)
    assert [name for name in french if french[name] == english[name]] == []


def _commands_in_help(lang: str) -> dict[str, str]:
    """The commands that `opskit --help` lists, with what it says of each."""
    environment = sealed_environment()
    for name in ("OPSKIT_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        environment.pop(name, None)
    done = subprocess.run(
        [OPSKIT, "--help"],
        env={**environment, "LANG": lang, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return dict(re.findall(r"^  ([a-z]+) {2,}(.+)$", done.stdout, re.MULTILINE))
