"""Where a login is kept: the keyring, the file, and the way from one to the other."""

import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, NoKeyringError, PasswordDeleteError

from opskit.core.config import Home, Settings
from opskit.core.errors import InvalidError, UnavailableError
from opskit.core.secret import Secret
from vault.login.tokens import MARKER, open_database_login_store, open_token_store, token_key

TOKEN = Secret("s.of-a-login")


class MemoryKeyring(KeyringBackend):
    """A real backend, as far as keyring knows."""

    priority = 1
    kept: dict[tuple[str, str], str] = {}  # noqa: RUF012

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError


class ForgetfulKeyring(MemoryKeyring):
    """Takes everything and keeps nothing, as keyring's null backend does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class LockedKeyring(MemoryKeyring):
    def get_password(self, *_args: str) -> str | None:
        raise KeyringLocked

    def set_password(self, *_args: str) -> None:
        raise KeyringLocked


class NoKeyring(MemoryKeyring):
    def set_password(self, *_args: str) -> None:
        raise NoKeyringError


@pytest.fixture(autouse=True)
def empty_keyring() -> None:
    MemoryKeyring.kept.clear()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def said() -> list[str]:
    return []


def backed_by(backend: type) -> Settings:
    return Settings(keyring_backend=f"{__name__}:{backend.__name__}")


def revealed(token: Secret | None) -> str | None:
    return None if token is None else token.reveal()


def files_in(home: Home) -> list[str]:
    return [path.name for path in home.token_folder.iterdir()] if home.token_folder.exists() else []


def test_the_file_is_for_the_owner_only(home: Home, said: list[str]) -> None:
    store = open_token_store(home, Settings(token_store="file"), say=said.append)
    assert store.load() is None
    store.save(TOKEN)
    assert revealed(store.load()) == TOKEN.reveal()
    mode = (home.token_folder / "local").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert stat.S_IMODE(home.token_folder.stat().st_mode) == 0o700
    store.forget()
    store.forget()
    assert store.load() is None
    assert said == []


def test_the_keyring_keeps_it_and_no_file_does(home: Home, said: list[str]) -> None:
    store = open_token_store(home, backed_by(MemoryKeyring), say=said.append)
    assert store.load() is None
    store.save(TOKEN)
    assert revealed(store.load()) == TOKEN.reveal()
    assert files_in(home) == []
    store.forget()
    store.forget()
    assert store.load() is None
    assert said == []


@pytest.mark.parametrize("backend", [NoKeyring, ForgetfulKeyring, LockedKeyring])
def test_without_a_usable_keyring_the_file_serves_and_that_is_said_once(
    home: Home, said: list[str], backend: type
) -> None:
    store = open_token_store(home, backed_by(backend), say=said.append)
    store.save(TOKEN)
    store.save(TOKEN)
    assert len(said) == 1
    assert revealed(store.load()) == TOKEN.reveal()
    assert sorted(files_in(home)) == ["local", MARKER]
    store.forget()
    assert store.load() is None


def test_a_keyring_that_comes_back_takes_over(home: Home, said: list[str]) -> None:
    open_token_store(home, backed_by(NoKeyring), say=said.append).save(TOKEN)
    open_token_store(home, backed_by(MemoryKeyring), say=said.append).save(TOKEN)
    assert files_in(home) == []
    assert len(said) == 1


def test_a_locked_keyring_is_unavailable(home: Home, said: list[str]) -> None:
    store = open_token_store(home, backed_by(LockedKeyring), say=said.append)
    with pytest.raises(UnavailableError):
        store.load()


def test_a_backend_that_does_not_exist_is_named(home: Home, said: list[str]) -> None:
    settings = Settings(keyring_backend="no.such:Keyring")
    with pytest.raises(InvalidError, match="no keyring backend"):
        open_token_store(home, settings, say=said.append).save(TOKEN)


def test_two_homes_on_one_machine_have_two_logins(tmp_path: Path, said: list[str]) -> None:
    first, second = (
        open_token_store(Home(tmp_path / name), backed_by(MemoryKeyring), say=said.append)
        for name in ("one", "two")
    )
    first.save(TOKEN)
    assert second.load() is None


def test_the_local_safe_stays_the_same_and_a_team_has_one_login_a_namespace() -> None:
    team = Settings(profile="team", vault_address="https://v.example", vault_namespace="a")
    assert token_key(Settings()) == token_key(Settings(vault_address="http://127.0.0.1:8211"))
    assert token_key(team) != token_key(replace(team, vault_namespace="b"))


def test_the_login_to_the_database_is_kept_beside_the_token(home: Home, said: list[str]) -> None:
    for settings in (Settings(token_store="file"), backed_by(MemoryKeyring)):
        team = replace(settings, profile="team", vault_address="https://v.example")
        token = open_token_store(home, team, say=said.append)
        login = open_database_login_store(home, team)
        token.save(TOKEN)
        login.save(Secret("{}"))
        assert revealed(token.load()) == TOKEN.reveal()
        login.forget()
        assert login.load() is None
        assert revealed(token.load()) == TOKEN.reveal()


def test_where_one_of_the_two_lies_does_not_matter_to_the_other(
    home: Home, said: list[str]
) -> None:
    open_token_store(home, backed_by(NoKeyring), say=said.append).save(TOKEN)
    open_database_login_store(home, backed_by(MemoryKeyring)).save(Secret("{}"))
    assert revealed(open_token_store(home, backed_by(MemoryKeyring), say=print).load())
    login = open_database_login_store(home, backed_by(NoKeyring))
    login.save(Secret("{}"))
    assert revealed(login.load()) == "{}"
    assert len(said) == 1


@pytest.mark.parametrize("kept_in", ["file", "keyring"])
def test_a_login_in_a_file_is_read_without_keyring(
    home: Home, said: list[str], kept_in: str
) -> None:
    settings = replace(backed_by(NoKeyring), token_store=kept_in)
    open_token_store(home, settings, say=said.append).save(TOKEN)
    script = (
        "import sys; from pathlib import Path; from opskit.core.config import Home, Settings;"
        "from vault.login.tokens import open_token_store;"
        f"store = open_token_store(Home(Path({str(home.folder)!r})),"
        f" Settings(token_store={kept_in!r}), say=print);"
        "assert store.load(); sys.exit('keyring' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
