"""`opskit init`: a whole home from one command, however often it was interrupted before."""

import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opskit.core.config import Home, Settings, load_settings
from opskit.core.errors import ExitCode
from opskit.core.identity import ROLES
from opskit.local.lifetimes import strays_in
from tests.support.home import (
    DATA,
    PASSWORDS,
    House,
    Result,
    place_for_homes,
    run_opskit,
    sealed_environment,
)
from tests.support.terminal import CTRL_C, sit_before

INIT = ("init", "--admin", "alice", "--keep-in", "file", "--password-file", "-")
Moment = Callable[[Path], bool]


def made(name: str) -> Moment:
    """The moment at which this file is there."""
    return lambda home: (home / name).exists()


def logged(words: str) -> Moment:
    """The moment at which the server says so."""

    def reached(home: Path) -> bool:
        log = home / "safe" / "server.log"
        return log.exists() and words in log.read_text(errors="replace")

    return reached


def after_a_while(home: Path) -> bool:
    """Any moment at all, another one in each run of the tests."""
    del home
    return random.random() < 0.003


MOMENTS = {
    "the settings are written": made("settings.toml"),
    "some moment": after_a_while,
    "the server makes its first keys": logged("security barrier initialized"),
    "the safe is ready": made("safe/ready"),
    "alice is logged in": made("tokens/local"),
    "the database is begun": made("opskit.db"),
}


def kill_at(home: Path, reached: Moment) -> bool:
    """Run `opskit init` and kill it at the moment; False when it had come to its end."""
    with subprocess.Popen(
        [sys.executable, "-m", "opskit", *INIT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**sealed_environment(), "OPSKIT_HOME": str(home)},
    ) as program:
        assert program.stdin is not None
        program.stdin.write(PASSWORDS["alice"].encode())
        program.stdin.close()
        while not reached(home) and program.poll() is None:
            time.sleep(0.002)
        program.kill()
    return program.returncode == -signal.SIGKILL


@pytest.fixture(scope="module")
def survivor() -> Iterator[tuple[House, Result]]:
    """A home whose `init` was killed at every moment, one after the other, and then finished."""
    with place_for_homes() as place:
        home = place / "home"
        for name, moment in MOMENTS.items():
            killed = kill_at(home, moment)
            assert killed or moment is after_a_while, name
        house = House(Home(home))
        yield house, house.opskit(*INIT, stdin=PASSWORDS["alice"])


def test_an_interrupted_init_is_run_again_until_it_works(survivor: tuple[House, Result]) -> None:
    house, result = survivor
    address = house.done("local", "status", "--json").json["address"]
    assert result == Result(ExitCode.OK, f"{address}\n", talk(house.folder))
    assert len(strays_in(house.home.safe_folder)) == 1


def test_the_story_goes_on_in_an_interrupted_home(survivor: tuple[House, Result]) -> None:
    house, _result = survivor
    assert house.done("doctor", "--json").json
    house.done("client", "import", DATA / "clients.csv")
    add = ("vault", "add", "DELEZE/prod/erp-db", "--kind", "database", "--password-file", "-")
    house.done(*add, stdin="s3cret")
    house.done("local", "stop")
    house.done("local", "start")
    assert house.done("vault", "get", "DELEZE/prod/erp-db").out == "s3cret\n"
    assert house.done("audit", "verify").err == "the chain holds\n"


def test_interruptions_leave_no_trace_in_the_log(survivor: tuple[House, Result]) -> None:
    house, _result = survivor
    events = house.done("audit", "list", "--json", "--action", "home").json
    assert [each["action"] for each in events] == ["home.initialised"]
    people = house.done("staff", "list", "--json").json
    assert [each["login"] for each in people] == ["alice"]


def test_an_uninterrupted_init_says_the_same(house_pattern: House) -> None:
    assert house_pattern.made is not None
    assert house_pattern.made.code == ExitCode.OK
    assert house_pattern.made.out.startswith("http://127.0.0.1:")
    assert house_pattern.made.out.count("\n") == 1
    assert house_pattern.made.err == talk(house_pattern.folder)


def talk(folder: Path) -> str:
    return f"""\
starting the safe (the first start takes some seconds)
logging in as alice
making the database
giving the safe its engines, policies, roles and keys
the home is {folder}
no keyring is used: the safe's key and the login are in files only you can read
alice is logged in, with every role
one forgotten password must not close the safe: opskit local recovery-key
next: opskit doctor
"""


def test_the_first_admin_has_every_role(house: House) -> None:
    who = house.done("whoami", "--json").json
    assert (who["name"], who["roles"]) == ("alice", sorted(ROLES))


def test_a_home_is_its_owners_alone(house: House) -> None:
    open_to_others = {
        str(path.relative_to(house.folder)): oct(mode)
        for path in (house.folder, *house.folder.rglob("*"))
        if (mode := stat.S_IMODE(path.stat().st_mode)) & 0o077
    }
    assert open_to_others == {}


def test_the_settings_say_where_the_login_is_kept(house: House) -> None:
    assert load_settings(house.home) == Settings(token_store="file")


@pytest.mark.parametrize("args", [INIT, ("init", "--admin", "eve"), ("init",), ("init", "--team")])
def test_a_finished_home_is_left_alone(house: House, args: tuple[str, ...]) -> None:
    result = house.opskit(*args, stdin="another password")
    assert result == Result(
        ExitCode.CONFLICT,
        "",
        f"error[conflict]: {house.folder} is an opskit home already\n"
        "hint: opskit login NAME, or choose another OPSKIT_HOME\n",
    )
    assert house.opskit("whoami").code == 0


@pytest.mark.parametrize(
    ("args", "stdin", "code", "message"),
    [
        (("init",), "", 2, "the first admin's login is missing"),
        (("init", "--admin", "alice"), "", 2, "a secret is needed and stdin is no terminal"),
        ((*INIT, "--keep-in", "head"), "pw", 2, "--keep-in is keyring or file"),
        (INIT, "", 5, "the secret is empty"),
        (INIT, "x" * 73, 5, "a password has 1 to 72 bytes"),
        ((*INIT, "--admin", "a b"), "pw", 5, "'a b' is no login"),
        ((*INIT, "--admin", "../x"), "pw", 5, "'../x' is no login"),
        ((*INIT, "--admin", ""), "pw", 5, "'' is no login"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_init_refuses_it_refuses_before_it_begins(
    tmp_path: Path, args: tuple[str, ...], stdin: str, code: int, message: str
) -> None:
    home = tmp_path / "home"
    result = run_opskit(home, *args, stdin=stdin)
    assert (result.code, result.out) == (code, "")
    assert f"]: {message}\n" in result.err
    assert not home.exists()


def test_on_a_terminal_it_asks_and_shows_no_password(tmp_path: Path) -> None:
    too_long = "geheim" * 13
    screen = sit_before(
        [sys.executable, "-m", "opskit", "init"],
        {**sealed_environment(), "OPSKIT_HOME": str(tmp_path / "home")},
        answers=[
            ("Login of the first admin [admin]:", ""),
            ("New password of admin:", too_long),
            ("Once more:", too_long),
        ],
    )
    assert screen.code == ExitCode.INVALID
    assert "a password has 1 to 72 bytes" in screen.text
    assert "geheim" not in screen.text


def test_a_mistyped_new_password_is_noticed(tmp_path: Path) -> None:
    screen = sit_before(
        [sys.executable, "-m", "opskit", "init", "--admin", "alice"],
        {**sealed_environment(), "OPSKIT_HOME": str(tmp_path / "home")},
        answers=[
            ("New password of alice:", "geheim"),
            ("Once more:", "geheum"),
            ("type the same one twice\r\nNew password of alice:", CTRL_C),
        ],
    )
    assert screen.code == ExitCode.UNEXPECTED
    assert screen.text.rstrip().endswith("stopped; nothing more was done")
    assert not (tmp_path / "home").exists()


def test_another_admin_cannot_finish_what_alice_began(own_house: House) -> None:
    """The safe is there and knows alice only; a wrong password is refused as well."""
    own_house.home.ready_marker.unlink()
    wrong = own_house.opskit(*INIT, stdin="not hers")
    assert wrong.code == ExitCode.DENIED
    other = own_house.opskit(*INIT[:2], "eve", *INIT[3:], stdin="not hers")
    assert other.code == ExitCode.DENIED
    assert "hint: give the login and the password of the first opskit init here\n" in other.err
    again = own_house.opskit(*INIT, stdin=PASSWORDS["alice"])
    assert again.code == ExitCode.OK
    assert own_house.done("client", "list").out.count("\n") == 40
