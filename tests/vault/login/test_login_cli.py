"""`opskit login` by each of its ways, typed in a home of a team."""

import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from opskit.core.config import Home, Settings, load_settings, render_settings
from opskit.core.errors import ExitCode
from opskit.core.private_files import write_private
from opskit.core.secret import Secret
from tests.support.home import Result, run_opskit, sealed_environment
from tests.support.login_page import MACHINE, Admin
from tests.support.terminal import sit_before
from tests.vault.conftest import PASSWORD, People, Person
from vault.errors import LoginNeededError
from vault.finding.index_file import Index, IndexFile
from vault.login.session import look_up
from vault.login.tokens import open_token_store
from vault.ports import Connection
from vault.store.hvac_client import SafeClient
from vault.store.lean_store import open_http


def team_home(folder: Path, settings: Settings) -> Home:
    """A home without a database: it is not needed for logging in."""
    home = Home(folder / "home")
    team = replace(settings, profile="team", token_store="file")
    write_private(home.settings_file, render_settings(team).encode())
    home.ready_marker.touch()
    return home


@pytest.fixture
def home(tmp_path: Path, connection: Connection) -> Home:
    return team_home(tmp_path, Settings(vault_address=connection.address))


@pytest.fixture(scope="module")
def agent(person: People) -> Person:
    return person("agent")


def login(home: Home, *words: str, typed: str = "") -> Result:
    return run_opskit(home.folder, "login", *words, stdin=typed)


def kept(home: Home) -> Secret | None:
    return open_token_store(home, load_settings(home), say=print).load()


def test_the_usual_way_is_name_and_password(home: Home, agent: Person) -> None:
    done = login(home, agent.login, "--password-file", "-", "--json", typed=PASSWORD)
    assert done.code == ExitCode.OK, done.err
    row = done.json
    assert (row["name"], row["entity_id"]) == (agent.login, agent.entity_id)
    assert row["roles"] == ["agent"]
    assert run_opskit(home.folder, "whoami", "--json").json == row


def test_a_token_is_taken_over(home: Home, agent: Person) -> None:
    token = agent.token.reveal()
    done = login(home, "--method", "token", "--password-file", "-", typed=f"{token}\n")
    assert done.code == ExitCode.OK, done.err
    assert done.err.startswith(f"logged in as {agent.login} until ")
    assert (kept(home) or Secret("")).reveal() == token


def test_a_token_that_the_safe_does_not_know_is_not_kept(home: Home, agent: Person) -> None:
    login(home, "--method", "token", "--password-file", "-", typed=agent.token.reveal())
    done = login(home, "--method", "token", "--password-file", "-", typed="s.of-elsewhere")
    assert done.code == ExitCode.DENIED
    assert "error[login-refused]" in done.err
    assert "s.of-elsewhere" not in done.err
    assert (kept(home) or Secret("")).reveal() == agent.token.reveal()


def test_a_machine_as_the_setup_says(
    home: Home, root: SafeClient, connection: Connection, token: Secret, agent: Person
) -> None:
    admin = Admin(connection.address, token, home.folder)
    try:
        admin.types(MACHINE, 0, {"ENTITY_ID": agent.entity_id})
        role_id = root.api.adapter.get("/v1/auth/approle/role/night/role-id")["data"]["role_id"]
        source = str(home.folder / "secret-id.txt")
        done = login(home, "--method", "approle", role_id, "--password-file", source, "--json")
    finally:
        root.api.sys.disable_auth_method("approle")
    assert done.code == ExitCode.OK, done.err
    assert (done.json["entity_id"], done.json["roles"]) == (agent.entity_id, ["agent"])


def test_what_the_team_has_set_is_the_usual_way(
    tmp_path: Path, root: SafeClient, connection: Connection, agent: Person
) -> None:
    """And where the server has it counts for that way alone."""
    root.api.sys.enable_auth_method("approle", path="robots")
    role = "/v1/auth/robots/role/night"
    root.api.adapter.post(role, json={"token_ttl": "1h"})
    role_id = root.api.adapter.get(f"{role}/role-id")["data"]["role_id"]
    secret_id = root.api.adapter.post(f"{role}/secret-id")["data"]["secret_id"]
    home = team_home(
        tmp_path,
        Settings(vault_address=connection.address, login_method="approle", login_mount="robots"),
    )
    machine = login(home, role_id, "--password-file", "-", typed=secret_id)
    by_name = ("--method", "userpass", agent.login, "--password-file", "-")
    assert (machine.code, login(home, *by_name, typed=PASSWORD).code) == (0, 0)
    root.api.sys.disable_auth_method("robots")


@pytest.mark.parametrize("way", ["userpass", "approle"])
def test_without_a_name_a_pipe_is_told_so(home: Home, way: str) -> None:
    done = login(home, "--method", way, "--password-file", "-", typed="x")
    assert done.code == ExitCode.USAGE
    assert "'NAME' is missing" in done.err


def test_on_a_terminal_what_is_missing_is_asked_for(home: Home, agent: Person) -> None:
    screen = sit_before(
        [sys.executable, "-m", "opskit", "login"],
        {**sealed_environment(), "OPSKIT_HOME": str(home.folder), "OPSKIT_LANGUAGE": "en"},
        answers=[("Your login", agent.login), ("Password", PASSWORD)],
    )
    assert screen.code == ExitCode.OK, screen.text
    assert f"logged in as {agent.login}" in screen.text
    assert PASSWORD not in screen.text


def test_there_is_no_such_way(home: Home) -> None:
    done = login(home, "--method", "ldap")
    assert done.code == ExitCode.INVALID
    assert "userpass oidc approle token" in done.err


def test_past_half_of_its_life_whatever_is_typed_renews_it(
    home: Home, root: SafeClient, agent: Person
) -> None:
    """Seen from outside: only the two times beside the token change, and they do it once."""
    login(home, "--method", "token", "--password-file", "-", typed=agent.token.reveal())
    (file,) = home.token_folder.iterdir()
    token, _began, ends = file.read_text(encoding="ascii").split()
    run_opskit(home.folder, "whoami")
    assert file.read_text(encoding="ascii").split()[0] == token
    now = int(time.time())
    file.write_text(f"{token} {now - 86400} {now - 40000}\n", encoding="ascii")
    assert run_opskit(home.folder, "whoami").code == ExitCode.OK
    renewed = file.read_text(encoding="ascii").split()
    assert renewed[0] == token
    assert abs(int(renewed[2]) - int(ends)) <= 5


def test_logout_ends_the_token_and_drops_what_was_read_with_it(
    home: Home, connection: Connection, agent: Person
) -> None:
    login(home, agent.login, "--password-file", "-", typed=PASSWORD)
    token, index = kept(home), IndexFile(home, load_settings(home))
    assert token is not None
    index.save(Index(index.holder(token), 0.0, []))
    assert index.load() is not None
    done = run_opskit(home.folder, "logout")
    assert (done.code, done.err) == (ExitCode.OK, "logged out\n")
    assert (index.load(), kept(home)) == (None, None)
    with open_http(connection, token) as http, pytest.raises(LoginNeededError):
        look_up(http)
