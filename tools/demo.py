"""One client's story, told by opskit itself: `make demo`.

Every command is shown before its result, as a person would type it, and must end with the exit code
that the story expects. All of it happens in `.demo/`, which each telling makes anew.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FOLDER = Path(".demo")
HOME = FOLDER / "home"
SAMPLES = "examples/demo"
PROGRAMS = Path(sys.executable).parent
DENIED, UNAVAILABLE, NOT_FOUND, CHECK_FAILED = 6, 7, 3, 8
SEALED_OFF = ("VAULT_", "BAO_", "OPSKIT_")  # what the shell has set must not change the story


class StoryBrokenError(Exception):
    """A command did not end as it should."""


def tell(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()  # before what a command writes


def chapter(title: str, text: str) -> None:
    tell(f"\n=== {title}\n\n{text}")


def opskit(line: str, *, typed: str | None = None, ends_with: int = 0) -> None:
    """Show a command, run it, and hold it to the exit code that the story needs."""
    pipe = "" if typed is None else f"printf {shlex.quote(typed)} | "
    tell(f"\n$ {pipe}opskit {line}")
    code = _run(line, typed=typed or "").returncode
    if code != ends_with:
        raise StoryBrokenError(f"exit code {code} instead of {ends_with}")
    if code:
        tell(f"(exit code {code}, as it should be)")


def ask(line: str) -> Any:  # noqa: ANN401 (whatever the command's JSON holds)
    """What a command says in JSON, without showing it."""
    return json.loads(_run(f"{line} --json", capture_output=True).stdout)


def start_over() -> None:
    stop()
    shutil.rmtree(FOLDER, ignore_errors=True)
    HOME.mkdir(parents=True, mode=0o700)


def stop() -> None:
    """Stop the server of this home, or of an earlier telling; harmless where there is none."""
    if HOME.is_dir():
        _run("local stop", capture_output=True)


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    if "--stop" in arguments:
        stop()
        return 0
    start_over()
    try:
        story()
    except StoryBrokenError as err:
        tell(f"\nThe demo stops here: {err}.")
        return 1
    except KeyboardInterrupt:
        tell("\nStopped.")
        return 1
    finally:
        stop()
    tell(GOODBYE)
    return 0


def story() -> None:
    tell(WELCOME)
    the_house()
    the_clients()
    the_safe()
    the_licence()
    the_patch()
    the_newcomer()
    the_proof()
    the_end()


def the_house() -> None:
    chapter(
        "1. A home: safe, database, first admin",
        "A real OpenBao starts on this machine. Alice becomes its first admin; the root token is\n"
        "revoked before anybody sees it. Her password comes from a pipe, never from the command\n"
        "line. --keep-in file keeps keys and logins in 0600 files of this folder; without it they\n"
        "would go to your keyring.",
    )
    opskit("init --admin alice --keep-in file --password-file -", typed="alice goes skiing")
    opskit("doctor")


def the_clients() -> None:
    chapter(
        "2. Clients",
        "Four client companies come from a CSV file. Importing it again changes nothing.",
    )
    opskit(f"client import {SAMPLES}/clients.csv")
    opskit(f"client import {SAMPLES}/clients.csv")
    tell("\nÉlan's maintenance lapsed at the end of 2025. We shall see who notices.")
    opskit("client show ELAN")


def the_safe() -> None:
    chapter(
        "3. The safe",
        "Bob joins: he issues licences and prepares patches. A credential of Élan's goes into the\n"
        "safe. It is found without showing it, and read with the ticket as the reason, which the\n"
        "server's audit log keeps.",
    )
    roles = "--role license-issuer --role agent"
    opskit(f"user add bob {roles} --password-file -", typed="bob goes sailing")
    opskit(
        "vault add ELAN/common/vpn --kind vpn --host vpn.elan.example --username support"
        " --password-file -",
        typed="s3cret-du-vpn",
    )
    opskit(
        "vault add ELAN/prod/erp-db --kind database --engine oracle --service ERP"
        " --host db.elan.example --username SYSTEM --via common/vpn --password-file -",
        typed="s3cret-très-long",
    )
    opskit("vault find elan databse")
    opskit("vault get ELAN/prod/erp-db --ticket CS-1001")
    tell("\nThe way there, step by step, without a secret:")
    opskit("vault connect ELAN/prod/erp-db")
    tell("\nA new password waits beside the old one until the client's system has it:")
    opskit("vault rotate ELAN/prod/erp-db --generate --ticket CS-1001")
    opskit("vault rotate ELAN/prod/erp-db --confirm --ticket CS-1001")
    opskit("vault history ELAN/prod/erp-db")
    tell("\nWho read what, and for which ticket:")
    opskit("vault access-report --client ELAN --person alice")
    tell("\nA name that is not there gets the nearest one:")
    opskit("vault get ELAN/prod/erp-bd --ticket CS-1001", ends_with=NOT_FOUND)


def the_licence() -> None:
    chapter(
        "4. A licence, by two people",
        "Alice asks for a licence. Nobody approves their own request: red on purpose.",
    )
    opskit(
        'license request ELAN --modules "FIN AP AR PAY LOG STK PRD QRB" --named-users 45'
        " --maintenance-until 2035-12-31 --ticket CS-1002"
    )
    request = ask("license list --client ELAN")[0]["number"]
    opskit(f"license approve {request}", ends_with=DENIED)
    tell(
        "\nBob can. His approval is a signature over the exact licence, made with his own key in\n"
        "the safe; the licence is signed there too, and verified before it is shown."
    )
    opskit("login bob --password-file -", typed="bob goes sailing")
    opskit(f"license approve {request}")
    opskit(f"license issue {request} --out {FOLDER}/elan.lic")
    tell("\nVerifying needs no server and no database, only the public keys:")
    opskit(f"license verify {FOLDER}/elan.lic")
    tell("\nWith one letter of it changed (red on purpose):")
    opskit(f"license verify {forge(FOLDER / 'elan.lic')}", ends_with=CHECK_FAILED)


def forge(genuine: Path) -> Path:
    """A copy with one letter of the key's body changed."""
    lines = genuine.read_text(encoding="utf-8").splitlines()
    first = lines.index("") + 1
    letter = "B" if lines[first][20] == "A" else "A"
    lines[first] = lines[first][:20] + letter + lines[first][21:]
    forged = genuine.with_name("forged.lic")
    forged.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return forged


def the_patch() -> None:
    chapter(
        "5. A patch that prepares itself",
        "Nineteen steps, dated back from the patch in business days of Élan's canton. Some check\n"
        "themselves: the licence covers the version and the safe has the way in, but the\n"
        "maintenance contract has lapsed. Red on purpose:",
    )
    opskit("patch prepare ELAN --to 12.4 --on +30bd --ticket CS-1003")
    run = ask("patch list --client ELAN")[0]["number"]
    opskit(f"patch check {run}", ends_with=CHECK_FAILED)
    tell("\nThe contract is renewed, Alice enters it, and the next check sees it.")
    opskit("login alice --password-file -", typed="alice goes skiing")
    opskit(f"client import {SAMPLES}/renewal.csv")
    opskit(f"patch check {run}")
    opskit(f"patch show {run}")


def the_newcomer() -> None:
    chapter(
        "6. A newcomer",
        "Alice enters the team, and a new consultant begins the back-office path.",
    )
    opskit(f"staff import {SAMPLES}/staff.csv")
    opskit('onboarding start "Maëlle Bovet" --path back-office --start +10bd --mentor jperrenoud')
    opskit("onboarding board")


def the_proof() -> None:
    chapter(
        "7. The proof",
        "Every change stands in one log, each line bound to the one before.",
    )
    opskit("audit list --client ELAN")
    opskit("audit verify")


def the_end() -> None:
    chapter(
        "8. The server stops",
        "So that the demo leaves nothing running. A command that needs it then says how to go on\n"
        "(red on purpose).",
    )
    opskit("local status")
    opskit("local stop")
    opskit("vault get ELAN/prod/erp-db", ends_with=UNAVAILABLE)


WELCOME = f"""\
opskit: one client's story.

Everything happens in {FOLDER}/: the server's data, the database, and, since this is only a demo,
the unseal key and the logins too, in files that only you can read (0600). Real work keeps those
in the keyring of your system. Companies and people are invented."""

GOODBYE = f"""
=== Explore further

    export OPSKIT_HOME={HOME.absolute()}
    export PATH={PROGRAMS}:$PATH
    opskit local start
    opskit --help                 # in French: LANG=fr_CH.UTF-8 opskit --help
    opskit client list
    opskit vault find prod

Alice is logged in; the passwords are 'alice goes skiing' and 'bob goes sailing'.
To stop the server: opskit local stop. To remove everything: make clean, or delete {FOLDER}/."""


def _run(
    line: str, *, typed: str = "", capture_output: bool = False
) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("opskit", path=str(PROGRAMS))
    if program is None:
        raise StoryBrokenError(f"there is no opskit in {PROGRAMS}")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SEALED_OFF)}
    # Unbuffered, so that what it says and what it answers come in the order it wrote them.
    own = {"OPSKIT_HOME": str(HOME.absolute()), "PYTHONUNBUFFERED": "1"}
    return subprocess.run(
        [program, *shlex.split(line)],
        env={**kept, **own},
        input=typed.encode(),
        capture_output=capture_output,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
