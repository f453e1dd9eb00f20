"""A team's first day, as docs/setup.md tells it: no password of the database on any machine."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import pytest

from opskit.core.errors import ExitCode
from opskit.core.http import raise_for
from tests.support.home import Result, run_opskit, sealed_environment
from tests.support.openbao import SafeServer, ask
from tests.support.team import MAKER, MAKERS_PASSWORD, TeamDatabase
from vault.provisioning.poles import POLE_GROUPS

MOUNT = "database"


@dataclass(frozen=True, slots=True)
class Laptop:
    """A machine of one person of the team."""

    folder: Path

    def opskit(self, *args: str, stdin: str = "") -> Result:
        """In a process of its own, which hangs up on PostgreSQL at its end."""
        done = subprocess.run(
            [sys.executable, "-m", "opskit", *args],
            input=stdin,
            env={**sealed_environment(), "OPSKIT_HOME": str(self.folder), "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def done(self, *args: str, stdin: str = "") -> Result:
        result = self.opskit(*args, stdin=stdin)
        assert result.code == 0, result.err
        return result

    def join(self, safe: SafeServer, database: TeamDatabase, *, login: str, password: str) -> None:
        """Make a home and log in, which does not ask PostgreSQL."""
        team = ("init", "--team", "--keep-in", "file", "--vault-address", safe.address)
        mount = ("--database-url", database.address, "--database-logins")
        assert run_opskit(self.folder, *team, *mount).code == 0
        name = ("login", login, "--password-file", "-")
        assert run_opskit(self.folder, *name, stdin=password).code == 0

    def log_out(self) -> None:
        assert run_opskit(self.folder, "logout").code == 0


@pytest.fixture
def rights_of_others(safe_server: SafeServer) -> Iterator[None]:
    """Provisioning with this team's empty directory takes every client away: they come back."""
    paths = [f"v1/sys/policies/acl/{group}" for group in POLE_GROUPS]
    before = {path: ask(safe_server, safe_server.token(), "GET", path) for path in paths}
    yield
    for path, reply in before.items():
        if reply.status == HTTPStatus.OK:
            policy = {"policy": reply.data["data"]["policy"]}
            raise_for(ask(safe_server, safe_server.token(), "POST", path, policy), path)


@pytest.fixture
def alices(
    tmp_path: Path, safe_server: SafeServer, team_database: TeamDatabase, rights_of_others: None
) -> Iterator[Laptop]:
    """An admin is logged in, and nothing is prepared but what the keeper did."""
    team_database.as_maker()
    laptop = Laptop(tmp_path / "alice")
    admin, password = safe_server.admin, safe_server.password
    laptop.join(safe_server, team_database, login=admin, password=password)
    yield laptop
    ask(safe_server, safe_server.token(), "DELETE", f"v1/sys/mounts/{MOUNT}")


def test_the_first_day(
    alices: Laptop, tmp_path: Path, safe_server: SafeServer, team_database: TeamDatabase
) -> None:
    early = alices.opskit("client", "list")
    assert early.code == ExitCode.UNAVAILABLE
    assert "docs/setup.md" in early.err

    as_maker = ("--username", MAKER, "--password-file", "-")
    alices.done("upgrade", *as_maker, stdin=MAKERS_PASSWORD)
    url = ("--url", team_database.address)
    alices.done("vault", "database", *url, *as_maker, "--rotate", stdin=MAKERS_PASSWORD)
    alices.done("vault", "provision")
    assert alices.done("vault", "provision", "--check").err == "the safe is as it should be\n"
    assert alices.done("upgrade").err == ""
    new = ("user", "add", "carol", "--role", "auditor", "--password-file", "-")
    alices.done(*new, stdin="pass of carol")

    carols = Laptop(tmp_path / "carol")
    carols.join(safe_server, team_database, login="carol", password="pass of carol")
    seen = carols.done("audit", "list").out
    assert "vault.database-configured" in seen
    assert "vault.database-rotated" in seen
    carols.done("audit", "verify")
    users = team_database.users()
    assert len(users) == 2
    assert [file for file in files_of(alices, carols) if file.stat().st_mode & 0o077] == []
    assert [file for file in files_of(alices, carols) if MAKERS_PASSWORD in file.read_text()] == []

    carols.log_out()
    alices.log_out()
    assert team_database.has_dropped(users)
    kept = {path.name for path in files_of(alices, carols)}
    assert kept == {"settings.toml", "initialised"}


def test_logged_out_nothing_of_the_database_is_seen(
    alices: Laptop, team_database: TeamDatabase
) -> None:
    alices.log_out()
    result = alices.opskit("client", "list")
    assert (result.code, result.out) == (ExitCode.DENIED, "")
    assert "opskit login" in result.err


def test_a_user_for_the_upgrade_of_a_file(tmp_path: Path) -> None:
    home = tmp_path / "own"
    result = run_opskit(home, "upgrade", "--username", "u", "--password-file", "-", stdin="x")
    assert result.code == ExitCode.USAGE
    assert not home.exists()


def files_of(*laptops: Laptop) -> list[Path]:
    return [
        Path(folder, name)
        for laptop in laptops
        for folder, _folders, names in os.walk(laptop.folder)
        for name in names
    ]
