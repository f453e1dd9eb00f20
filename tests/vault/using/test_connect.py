"""`opskit vault connect`: the chain in a real safe, and what it starts."""

import secrets
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from tests.support.home import House, Result
from tests.support.terminal import sit_before

OPSKIT = (sys.executable, "-m", "opskit")
SECRET = f"connect-{secrets.token_hex(6)}"
WAY_TO_LOST = """\
1. DELEZE/prod/c-lost (web)
   URL: https://x.example
   password: opskit vault get DELEZE/prod/c-lost --clip
"""
DATABASE = "--kind database --host db.x --username erp --engine"


@pytest.fixture(scope="module")
def furnished(house: House) -> House:
    """A database behind a jump host behind a VPN, and entries whose way leads nowhere."""
    house.login("alice")
    for line in (
        "common/c-vpn --kind vpn --host vpn.deleze.example --username bob --field totp-seed",
        "common/c-jump --kind ssh --host jump.deleze.example --username ops --via common/c-vpn",
        f"prod/c-db {DATABASE} oracle --service ORCL --via common/c-jump",
        "prod/c-ssh --kind ssh --host -oProxyCommand=id",
        "prod/c-lost --kind web --url https://x.example --via common/nowhere",
        "prod/c-round --kind web --url https://x.example --via common/c-circle",
        "common/c-circle --kind vpn --via DELEZE/prod/c-round",
        "prod/c-ts --kind rdp --host ts.x --username anna",
        "prod/c-web --kind web --url https://x.example/login",
        f"prod/c-pg {DATABASE} postgresql --service sales",
    ):
        house.done("vault", "add", *f"DELEZE/{line}".split(), "--password-file", "-", stdin=SECRET)
    return house


def connect(house: House, name: str, *more: str) -> Result:
    return house.opskit("vault", "connect", f"DELEZE/{name}", *more)


def test_the_chain_is_shown_in_its_order(furnished: House) -> None:
    assert connect(furnished, "prod/c-db", "--ticket", "CS-1001").out == (
        "1. DELEZE/common/c-vpn (vpn)\n"
        "   Host: vpn.deleze.example\n"
        "   User name: bob\n"
        "   totp-seed: opskit vault totp DELEZE/common/c-vpn --clip --ticket CS-1001\n"
        "2. DELEZE/common/c-jump (ssh)\n"
        "   leave this open in a window of its own\n"
        "   ssh -N -L 127.0.0.1:11521:db.x:1521 -- ops@jump.deleze.example\n"
        "   password: opskit vault get DELEZE/common/c-jump --clip --ticket CS-1001\n"
        "3. DELEZE/prod/c-db (database)\n"
        "   sqlplus erp@//127.0.0.1:11521/ORCL\n"
        "   password: opskit vault get DELEZE/prod/c-db --clip --ticket CS-1001\n"
    )


def test_the_commands_that_it_names_can_be_typed(furnished: House) -> None:
    rows = connect(furnished, "prod/c-pg", "--json").json
    assert [row["ref"] for row in rows] == ["DELEZE/prod/c-pg"]
    assert rows[0]["command"][0] == "psql"
    shown = connect(furnished, "prod/c-pg").out
    (line,) = [each for each in shown.splitlines() if "vault run" in each]
    words = shlex.split(line.partition(": ")[2])
    assert words[1:6] == ["vault", "run", "DELEZE/prod/c-pg", "--", "psql"]
    assert SECRET not in shown


def test_one_step_alone(furnished: House) -> None:
    rows = connect(furnished, "prod/c-db", "--step", "2", "--json").json
    assert [row["ref"] for row in rows] == ["DELEZE/common/c-jump"]
    assert connect(furnished, "prod/c-db", "--step", "4").code == 2


def test_no_secret_is_read(furnished: House) -> None:
    log = furnished.home.safe_folder / "audit.log"
    before = log.read_text(encoding="utf-8").count("clients/data")
    assert connect(furnished, "prod/c-db").code == 0
    assert log.read_text(encoding="utf-8").count("clients/data") == before


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("prod/c-round", 5, "goes by way of DELEZE/prod/c-round, which leads back to it"),
        ("prod/c-ssh", 5, "opskit vault set DELEZE/prod/c-ssh --host HOST"),
        ("prod/c-dc", 3, "did you mean DELEZE/prod/c-db"),
    ],
)
def test_a_way_that_leads_nowhere(furnished: House, name: str, code: int, said: str) -> None:
    done = connect(furnished, name)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


def test_a_broken_way_shows_what_is_known_of_it(furnished: House) -> None:
    done = connect(furnished, "prod/c-lost")
    assert (done.code, done.out) == (3, WAY_TO_LOST)
    assert "goes by way of DELEZE/common/nowhere, which the safe does not hold" in done.err
    assert "--via ENTRY" in done.err
    assert connect(furnished, "prod/c-lost", "--json").out == ""


def test_a_removed_step_says_how_it_comes_back(furnished: House) -> None:
    vpn = "DELEZE/common/c-gone"
    add = ("vault", "add", vpn, "--kind", "vpn", "--host", "gone.x", "--generate")
    furnished.done(*add)
    furnished.done("vault", "set", "DELEZE/prod/c-ts", "--via", "common/c-gone")
    furnished.done("vault", "remove", vpn, "--yes")
    done = connect(furnished, "prod/c-ts")
    furnished.done("vault", "set", "DELEZE/prod/c-ts", "--via", "")
    assert done.code == 3
    assert "1. DELEZE/prod/c-ts (rdp)" in done.out
    assert f"hint: opskit vault undelete {vpn}\n" in done.err


@pytest.mark.parametrize("words", ["set DELEZE/prod/c-ts", "add DELEZE/prod/c-new --kind web"])
def test_a_way_that_leads_nowhere_is_said_when_it_is_named(furnished: House, words: str) -> None:
    more = ("--generate",) if words.startswith("add") else ()
    done = furnished.done("vault", *words.split(), "--via", "common/nix", *more)
    assert "leads nowhere: the safe holds no entry DELEZE/common/nix\n" in done.err
    furnished.done("vault", "set", words.split()[1], "--via", "")
    known = furnished.done("vault", "set", words.split()[1], "--via", "common/c-vpn")
    assert "leads nowhere" not in known.err
    furnished.done("vault", "set", words.split()[1], "--via", "")


def test_the_rdp_file_is_written(furnished: House, tmp_path: Path) -> None:
    file = tmp_path / "ts.rdp"
    done = connect(furnished, "prod/c-ts", "--out", str(file))
    assert (done.code, done.out, done.err) == (0, "", f"{file} written\n")
    assert file.read_bytes().startswith(b"full address:s:ts.x:3389\r\nusername:s:anna\r\n")
    assert connect(furnished, "prod/c-web", "--out", str(tmp_path / "x")).code == 5


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """Stand-ins for what others make: each writes down the words it was started with."""
    for name in ("ssh", "sqlplus", "xdg-open"):
        program = tmp_path / name
        program.write_text('#!/bin/sh\nprintf "%s|" "$0" "$@" > "$0.log"\nexit 7\n', "utf-8")
        program.chmod(0o755)
    return tmp_path


def opened(house: House, programs: Path, *words: str, enter: bool = False) -> tuple[int, str]:
    path = f"{programs}:{house.environment()['PATH']}"
    screen = sit_before(
        [*OPSKIT, "vault", "connect", *words, "--open"],
        house.environment(PATH=path),
        answers=[("press Enter", "")] if enter else [],
    )
    return screen.code, screen.text


def test_opening_becomes_the_program(furnished: House, programs: Path) -> None:
    code, text = opened(furnished, programs, "DELEZE/prod/c-db", enter=True)
    assert code == 7
    assert "1. DELEZE/common/c-vpn (vpn)" in text
    said = (programs / "sqlplus.log").read_text(encoding="utf-8").split("|")[1:-1]
    assert said == ["erp@//127.0.0.1:11521/ORCL"]


def test_opening_a_step_of_the_way(furnished: House, programs: Path) -> None:
    assert opened(furnished, programs, "DELEZE/prod/c-db", "--step", "2")[0] == 7
    said = (programs / "ssh.log").read_text(encoding="utf-8").split("|")[1:-1]
    assert said == ["-N", "-L", "127.0.0.1:11521:db.x:1521", "--", "ops@jump.deleze.example"]


def test_opening_a_page_and_a_remote_desktop(furnished: House, programs: Path) -> None:
    assert opened(furnished, programs, "DELEZE/prod/c-web")[0] == 0
    log = programs / "xdg-open.log"
    assert log.read_text(encoding="utf-8").split("|")[1:-1] == ["https://x.example/login"]
    assert opened(furnished, programs, "DELEZE/prod/c-ts")[0] == 0
    (file,) = log.read_text(encoding="utf-8").split("|")[1:-1]
    assert Path(file).read_bytes().startswith(b"full address:s:ts.x:3389\r\n")


def test_what_cannot_be_opened_says_so(furnished: House) -> None:
    done = connect(furnished, "common/c-vpn", "--open")
    assert (done.code, done.out) == (5, "")
    assert "opskit cannot open DELEZE/common/c-vpn by itself" in done.err


def test_a_program_that_is_not_installed_says_so(furnished: House) -> None:
    if shutil.which("sqlplus") is not None:
        pytest.skip("sqlplus is installed here")
    done = connect(furnished, "prod/c-db", "--open")
    assert (done.code, done.out) == (3, "")
    assert "there is no program 'sqlplus' here" in done.err
