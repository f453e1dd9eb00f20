"""A program with credentials in its environment: what it sees, and what its output shows."""

import os
import secrets
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.support.home import House, Result
from tests.support.terminal import sit_before
from tests.vault.conftest import PASSWORD

OPSKIT = (sys.executable, "-m", "opskit")
RUN = (*OPSKIT, "vault", "run")
SECRET = f"run-{secrets.token_hex(6)}"
OTHER = f"other-{secrets.token_hex(6)}"
KEY = f"{secrets.token_hex(12)}\n{secrets.token_hex(12)}"
DATABASE, MAIL, TOKEN = "DELEZE/prod/run-db", "DELEZE/common/run-mail", "DELEZE/prod/run-api"


@pytest.fixture(scope="module")
def furnished(house: House) -> House:
    """Three entries: a database, a mailbox, and a key of several lines."""
    house.login("alice")
    facts = "--kind database --engine postgresql --host db.example --port 5433 --username erp"
    add = ("vault", "add", DATABASE, *facts.split(), "--service", "sales", "--password-file", "-")
    house.done(*add, stdin=SECRET)
    add = ("vault", "add", MAIL, "--kind", "generic", "--username", "box", "--password-file", "-")
    house.done(*add, stdin=OTHER)
    add = ("vault", "add", TOKEN, "--kind", "generic", "--field", "api-key", "--password-file", "-")
    house.done(*add, stdin=KEY)
    return house


def run(house: House, *words: str, stdin: str = "") -> Result:
    done = subprocess.run(
        [*RUN, *words],
        env=house.environment(),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def python(code: str) -> tuple[str, ...]:
    return ("--", sys.executable, "-c", code)


def environment(house: House, *words: str) -> dict[str, str]:
    """What the program got beyond our own."""
    shown = run(house, *words, "--no-mask", "--", "env", "-0").out.split("\0")
    pairs = dict(line.split("=", 1) for line in shown if line)
    ours = house.environment()
    return {name: text for name, text in pairs.items() if ours.get(name) != text}


def test_one_entry_is_in_the_environment(furnished: House) -> None:
    assert environment(furnished, MAIL) == {"USERNAME": "box", "PASSWORD": OTHER}
    assert environment(furnished, MAIL, "--prefix", "SMTP_") == {
        "SMTP_USERNAME": "box",
        "SMTP_PASSWORD": OTHER,
    }


def test_a_postgresql_entry_speaks_to_its_tools(furnished: House) -> None:
    assert environment(furnished, DATABASE) == {
        "HOST": "db.example",
        "PORT": "5433",
        "USERNAME": "erp",
        "SERVICE": "sales",
        "PASSWORD": SECRET,
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "erp",
        "PGDATABASE": "sales",
        "PGPASSWORD": SECRET,
    }


def test_several_entries_are_told_apart_by_their_names(furnished: House) -> None:
    names = environment(furnished, DATABASE, MAIL)
    assert (names["RUN_DB_PASSWORD"], names["RUN_MAIL_PASSWORD"]) == (SECRET, OTHER)
    assert names["PGPASSWORD"] == SECRET
    assert "PASSWORD" not in names


def test_any_field_by_any_name(furnished: House) -> None:
    wanted = ("--env", f"KEY={TOKEN}#api-key", "--env", f"BOX={MAIL}#username", "--env")
    assert environment(furnished, *wanted, f"PW={MAIL}") == {"KEY": KEY, "BOX": "box", "PW": OTHER}


def test_what_it_prints_is_masked_on_both_outputs(furnished: House) -> None:
    code = (
        "import os, sys, time\n"
        "for part in os.environ['PASSWORD']:\n"
        "    sys.stdout.write(part); sys.stdout.flush(); time.sleep(0.01)\n"
        "sys.stderr.write('E ' + os.environ['PASSWORD'] + ' end')\n"
        "print(' for', os.environ['USERNAME'])"
    )
    assert run(furnished, MAIL, *python(code)) == Result(0, "*** for box\n", "E *** end")
    shown = run(furnished, "--env", f"KEY={TOKEN}#api-key", "--", "sh", "-c", 'echo "$KEY"')
    assert shown.out == "***\n"
    assert run(furnished, MAIL, "--no-mask", "--", "printenv", "PASSWORD").out == f"{OTHER}\n"


def test_the_exit_code_is_handed_on(furnished: House) -> None:
    assert run(furnished, MAIL, "--", "sh", "-c", "exit 42").code == 42
    assert run(furnished, MAIL, "--", "sh", "-c", "exit 130") == Result(130, "", "")
    assert run(furnished, MAIL, "--", "sh", "-c", "kill -9 $$").code == 137
    assert run(furnished, MAIL, "--no-mask", "--", "sh", "-c", "exit 7").code == 7


def test_stdin_is_the_programs(furnished: House) -> None:
    assert run(furnished, MAIL, "--", "cat", stdin=f"say {OTHER}\n").out == "say ***\n"


def test_its_words_are_its_own(furnished: House) -> None:
    shown = run(furnished, MAIL, "--", "printf", "%s|", "--json", "--", "-x")
    assert shown == Result(0, "--json|--|-x|", "")


def test_a_reader_that_has_enough_ends_it(furnished: House) -> None:
    line = f"{' '.join(RUN)} {MAIL} -- yes | head -1"
    done = subprocess.run(
        ["sh", "-c", line],
        env=furnished.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert (done.stdout, done.stderr) == ("y\n", "")


def test_a_full_disk_ends_it(furnished: House) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*RUN, MAIL, "--", "yes"],
            env=furnished.environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=20,
        )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr


def test_a_signal_is_handed_on(furnished: House) -> None:
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))\n"
        "print('ready', flush=True); time.sleep(30)"
    )
    with subprocess.Popen(
        [*RUN, MAIL, *python(code)], env=furnished.environment(), stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 5


def test_the_secret_is_in_the_environment_of_the_program_alone(furnished: House) -> None:
    with subprocess.Popen(
        [*RUN, MAIL, "--", "sh", "-c", "echo $$; sleep 5"],
        env=furnished.environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        child = Path("/proc") / process.stdout.readline().strip()
        ours = Path("/proc") / str(process.pid)
        assert OTHER.encode() in (child / "environ").read_bytes()
        for each in (child / "cmdline", ours / "cmdline", ours / "environ"):
            assert OTHER.encode() not in each.read_bytes()
        process.terminate()


def test_on_a_terminal_the_program_has_one_too(furnished: House) -> None:
    code = (
        "import os, sys\n"
        "size = os.get_terminal_size()\n"
        "print(sys.stdin.isatty(), sys.stdout.isatty(), sys.stderr.isatty())\n"
        "name = input('name? ')\n"
        "print('hello', name, os.environ['PASSWORD'])\n"
        "sys.exit(3)"
    )
    screen = sit_before(
        [*RUN, MAIL, *python(code)], furnished.environment(), answers=[("name? ", "bob")]
    )
    assert screen.text == "True True True\nname? bob\nhello bob ***\n"
    assert screen.code == 3


def test_a_prompt_that_ends_like_a_secret_begins_is_seen(furnished: House) -> None:
    code = f"print(input({'give ' + OTHER[0]!r}) == 'x')"
    screen = sit_before(
        [*RUN, MAIL, *python(code)], furnished.environment(), answers=[(f"give {OTHER[0]}", "x")]
    )
    assert screen.text.endswith("True\n")


def test_ctrl_c_is_the_programs(furnished: House) -> None:
    code = (
        "import sys, time\n"
        "try:\n"
        "    print('waiting', flush=True); time.sleep(30)\n"
        "except KeyboardInterrupt:\n"
        "    print('heard'); sys.exit(9)"
    )
    screen = sit_before(
        [*RUN, MAIL, *python(code)], furnished.environment(), answers=[("waiting", "\x03")]
    )
    assert "heard" in screen.text
    assert screen.code == 9


def test_the_terminal_is_as_it_was_afterwards(furnished: House) -> None:
    inside = f"stty -g; {' '.join(RUN)} {MAIL} -- true; stty -g"
    screen = sit_before(["/bin/sh", "-c", inside], furnished.environment())
    before, after = screen.text.split()
    assert before == after


def test_a_pipe_into_it_stays_a_pipe_before_a_terminal(furnished: House) -> None:
    inside = f"printf '%s' {OTHER} | {' '.join(RUN)} {MAIL} -- cat"
    screen = sit_before(["/bin/sh", "-c", inside], furnished.environment())
    assert (screen.text, screen.code) == ("***", 0)


def test_an_stderr_that_goes_elsewhere_is_masked_there(furnished: House, tmp_path: Path) -> None:
    file = tmp_path / "errors"
    code = "import os, sys; sys.stderr.write(os.environ['PASSWORD']); print('out')"
    inside = f"{shlex.join([*RUN, MAIL, *python(code)])} 2> {file}"
    screen = sit_before(["/bin/sh", "-c", inside], furnished.environment())
    assert (screen.text, screen.code) == ("out\n", 0)
    assert file.read_text(encoding="utf-8") == "***"


def test_closed_outputs_are_no_trouble(furnished: House) -> None:
    line = f"{' '.join(RUN)} {MAIL} -- sh -c 'echo x; exit 6' >&-"
    done = subprocess.run(["sh", "-c", line], env=furnished.environment(), check=False)
    assert done.returncode == 6


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((MAIL,), 2, "hint: opskit vault run"),
        (("--", "true"), 2, "hint: opskit vault run"),
        ((MAIL, "--"), 2, "hint: opskit vault run"),
        ((MAIL, "--", "no-such-program"), 3, "there is no program 'no-such-program' here"),
        (("DELEZE/prod/run-dc", "--", "true"), 3, "did you mean DELEZE/prod/run-db"),
        (("--env", "1X=DELEZE/prod/run-db", "--", "true"), 5, "names no variable"),
        (("--env", f"X={DATABASE}#pin", "--", "true"), 3, "it keeps"),
        (("--env", f"X={MAIL}#host", "--", "true"), 3, "does not say its host"),
        ((MAIL, DATABASE, "--prefix", "X_", "--", "true"), 4, "called X_USERNAME"),
        ((MAIL, "--ticket", "soon", "--", "true"), 5, "ticket"),
        ((MAIL, "--prefix", "A=B", "--", "true"), 5, "begins no name of a variable"),
        ((MAIL, "--prefix", "1_", "--", "true"), 5, "begins no name of a variable"),
        (("--nope", MAIL, "--", "true"), 2, "--nope"),
    ],
    ids=str,
)
def test_what_is_refused(furnished: House, words: tuple[str, ...], code: int, said: str) -> None:
    done = run(furnished, *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err.replace("--help", "")
    assert SECRET not in done.err
    assert OTHER not in done.err


def test_a_program_that_is_not_there_costs_no_reading(furnished: House) -> None:
    log = furnished.home.safe_folder / "audit.log"
    before = log.read_text(encoding="utf-8").count("clients/data")
    assert run(furnished, MAIL, "--", "no-such-program").code == 3
    assert log.read_text(encoding="utf-8").count("clients/data") == before


def test_the_demanded_ticket_is_demanded(own_house: House) -> None:
    with own_house.home.settings_file.open("a", encoding="utf-8") as settings:
        settings.write("ticket_required = true\n")
    for words in (("run", MAIL, "--", "true"), ("totp", MAIL), ("get", MAIL, "--clip")):
        done = own_house.opskit("vault", *words)
        assert (done.code, done.out) == (2, "")
        assert "--ticket CS-1234" in done.err


@pytest.fixture
def sales(furnished: House, postgres_server: URL) -> Iterator[str]:
    """An entry for the real PostgreSQL."""
    ref = f"DELEZE/test/run-{secrets.token_hex(3)}"
    host = postgres_server.host or str(postgres_server.query["host"])
    facts = ("--kind", "database", "--engine", "postgresql", "--host", host)
    where = ("--username", str(postgres_server.username), "--service", "postgres")
    furnished.done("vault", "add", ref, *facts, *where, "--password-file", "-", stdin=PASSWORD)
    yield ref
    assert os.environ.get("PGPASSWORD") is None


def test_a_client_of_postgresql_connects_with_it(furnished: House, sales: str) -> None:
    code = "import psycopg; print(psycopg.connect().execute('select 40 + 2').fetchone())"
    started = time.monotonic()
    done = run(furnished, sales, *python(code))
    assert (done.code, done.out, done.err) == (0, "(42,)\n", "")
    assert time.monotonic() - started < 15
