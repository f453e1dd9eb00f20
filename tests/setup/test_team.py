"""`opskit init --team`: a home that only notes where the team's safe and database are."""

import stat
from pathlib import Path

import keyring
import pytest

from opskit.core.config import Home, Settings, load_settings
from opskit.core.errors import ExitCode
from tests.support.home import Result, run_opskit
from tests.vault.login.test_tokens import MemoryKeyring

SAFE = "http://127.0.0.1:1"
DATABASE = "postgresql+psycopg://opskit:geheim@127.0.0.1:1/opskit"
JOIN = ("init", "--team", "--vault-address", SAFE, "--database-url", DATABASE)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_it_notes_the_addresses_and_asks_nobody(home: Home) -> None:
    assert run_opskit(home.folder, *JOIN, "--keep-in", "file") == Result(
        ExitCode.OK,
        "",
        f"the home {home.folder} uses the team's safe\n"
        "next: opskit login NAME; the first time an admin also types:\n"
        "  opskit upgrade && opskit vault provision\n",
    )
    assert load_settings(home) == Settings(
        profile="team", token_store="file", vault_address=SAFE, database_url=DATABASE
    )
    assert not home.safe_folder.exists()


@pytest.mark.parametrize(("prepared", "kept"), [("", "keyring"), ('token_store = "file"', "file")])
def test_a_prepared_place_for_logins_is_respected(home: Home, prepared: str, kept: str) -> None:
    home.folder.mkdir(mode=0o700)
    home.settings_file.write_text(prepared, encoding="utf-8")
    before = keyring.get_keyring()
    keyring.set_keyring(MemoryKeyring())  # type: ignore[no-untyped-call]
    try:
        assert run_opskit(home.folder, *JOIN).code == ExitCode.OK
    finally:
        keyring.set_keyring(before)
    assert load_settings(home).token_store == kept


def test_a_password_in_the_database_address_stays_private(home: Home) -> None:
    result = run_opskit(home.folder, *JOIN)
    assert "geheim" not in result.out + result.err
    assert stat.S_IMODE(home.settings_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("args", [JOIN[:2], JOIN[:4], (*JOIN[:2], *JOIN[4:])], ids=str)
def test_both_addresses_are_needed(home: Home, args: tuple[str, ...]) -> None:
    result = run_opskit(home.folder, *args)
    assert result == Result(
        ExitCode.USAGE,
        "",
        "error[usage]: a team's home needs --vault-address and --database-url\n"
        "hint: opskit init --help\n",
    )
    assert not home.folder.exists()


@pytest.mark.parametrize(
    ("safe", "database"),
    [
        ("vault.example", DATABASE),
        ("ftp://vault.example", DATABASE),
        (SAFE, "nonsense"),
        (SAFE, "mysql://u:geheim@db.example/opskit"),
    ],
)
def test_an_address_that_cannot_be_one_is_refused(home: Home, safe: str, database: str) -> None:
    result = run_opskit(home.folder, *JOIN[:2], "--vault-address", safe, "--database-url", database)
    assert (result.code, result.out) == (ExitCode.INVALID, "")
    assert "geheim" not in result.err
    assert not home.folder.exists()


def test_a_home_joins_once(home: Home) -> None:
    run_opskit(home.folder, *JOIN)
    assert run_opskit(home.folder, *JOIN).code == ExitCode.CONFLICT
    assert run_opskit(home.folder, "init", "--admin", "alice").code == ExitCode.CONFLICT


def test_a_team_that_does_not_answer_is_explained(home: Home) -> None:
    run_opskit(home.folder, *JOIN, "--keep-in", "file")
    login = run_opskit(home.folder, "login", "bob", "--password-file", "-", stdin="pw")
    assert login.code == ExitCode.UNAVAILABLE
    assert SAFE in login.err
    clients = run_opskit(home.folder, "client", "list")
    assert clients.code == ExitCode.UNAVAILABLE
    assert "geheim" not in clients.err
    doctor = run_opskit(home.folder, "doctor")
    assert doctor.code == ExitCode.CHECK_FAILED
    assert "broken   database: the database does not answer" in doctor.out
    assert "local:" not in doctor.out
    assert "geheim" not in doctor.out + doctor.err
