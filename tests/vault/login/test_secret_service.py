"""The login in a real Secret Service: gnome-keyring, on a session bus of the test's own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("jeepney", reason="the Secret Service is a Linux desktop's")
from tests.support.home import sealed_environment
from tests.support.openbao import SafeServer
from tests.vault.conftest import PASSWORD, People
from vault.login.secret_service import read_password
from vault.login.tokens import SECRET_SERVICE

PROGRAMS = ("dbus-run-session", "gnome-keyring-daemon")
MISSING = [each for each in PROGRAMS if shutil.which(each) is None]
ROOT = Path(__file__).parents[3]
UNLOCKED = (
    'printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$@"'
)
STORE_AND_READ = """
from keyring.backends.SecretService import Keyring
Keyring().set_password("opskit", "a home", "tokén-123")
from vault.login.secret_service import read_password
print([read_password("opskit", name) for name in ("a home", "another")])
"""
TYPE = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from tests.support.home import run_opskit
from tests.vault.login.test_secret_service import home_of, lock

folder, password = Path(sys.argv[1]), sys.stdin.read()
said = {}

def typed(name, place, *words):
    result = run_opskit(home_of(folder, place), *words, stdin=password)
    said[name] = asdict(result) | {"kept": kept(place)}

def kept(place):
    return sorted(path.name for path in (home_of(folder, place) / "tokens").glob("*"))

"""
TWO_SERVERS = """
typed("in one", "one", "login", sys.argv[2], "--password-file", "-")
typed("in two", "two", "login", sys.argv[2], "--password-file", "-")
typed("who in one", "one", "whoami", "--json")
typed("out of one", "one", "logout")
typed("who in one then", "one", "whoami", "--json")
typed("who in two then", "two", "whoami", "--json")
print(json.dumps(said))
"""
LOCKED = """
typed("in", "one", "login", sys.argv[2], "--password-file", "-")
lock()
typed("who", "one", "whoami", "--json")
typed("in again", "one", "login", sys.argv[2], "--password-file", "-")
typed("who then", "one", "whoami", "--json")
print(json.dumps(said))
"""

desktop = pytest.mark.skipif(
    bool(MISSING), reason=f"no Secret Service to start: there is no {', '.join(MISSING)}"
)


def test_without_a_bus_nothing_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")
    assert read_password("opskit", "a home") is None


@desktop
def test_what_keyring_stored_is_read(tmp_path: Path) -> None:
    assert on_a_desktop(tmp_path, STORE_AND_READ) == "['tokén-123', None]\n"


@desktop
@pytest.mark.parametrize("backend", ["", SECRET_SERVICE], ids=["found by keyring", "named"])
def test_one_token_a_server_and_logout_takes_its_own(
    tmp_path: Path, safe_server: SafeServer, person: People, backend: str
) -> None:
    someone = person("agent")
    port = safe_server.address.rpartition(":")[2]
    make_home(tmp_path, "one", f"http://127.0.0.1:{port}", backend)
    make_home(tmp_path, "two", f"http://localhost:{port}", backend)
    said = typed_there(tmp_path, TWO_SERVERS, someone.login)
    assert [each["code"] for each in said.values()] == [0, 0, 0, 0, 6, 0]
    assert [each["kept"] for each in said.values()] == [[]] * 6
    for name in ("who in one", "who in two then"):
        assert json.loads(said[name]["out"])["entity_id"] == someone.entity_id
    assert "error[login-needed]" in said["who in one then"]["err"]


@desktop
def test_a_keyring_that_is_locked_later(
    tmp_path: Path, safe_server: SafeServer, person: People
) -> None:
    """The kept login cannot be had; a new one goes into a file, and that is said."""
    make_home(tmp_path, "one", safe_server.address, SECRET_SERVICE)
    said = typed_there(tmp_path, LOCKED, person("agent").login)
    assert [each["code"] for each in said.values()] == [0, 7, 0, 0]
    assert "the keyring does not answer: KeyringLocked" in said["who"]["err"]
    assert "opskit login" in said["who"]["err"]
    assert "a file only you can read" in said["in again"]["err"]
    assert len(said["in again"]["kept"]) == 2


def make_home(folder: Path, place: str, address: str, backend: str) -> None:
    home = home_of(folder, place)
    home.mkdir()
    settings = {"profile": "team", "vault_address": address, "keyring_backend": backend}
    lines = [f'{name} = "{value}"\n' for name, value in settings.items()]
    (home / "settings.toml").write_text("".join(lines), encoding="utf-8")
    (home / "initialised").touch()


def home_of(folder: Path, place: str) -> Path:
    return folder / f"home-{place}"


def lock() -> None:
    """Close the keyring, as a desktop does when its screen locks."""
    from jeepney import new_method_call  # type: ignore[import-untyped]
    from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

    from vault.login.secret_service import SERVICE

    keyring = ["/org/freedesktop/secrets/collection/login"]
    with open_dbus_connection(bus="SESSION") as bus:
        done = bus.send_and_get_reply(new_method_call(SERVICE, "Lock", "ao", (keyring,)))
    assert done.body[0] == keyring


def typed_there(folder: Path, script: str, login: str) -> dict[str, Any]:
    """What each command of the script said, by its name there."""
    said: dict[str, Any] = json.loads(on_a_desktop(folder, TYPE + script, login))
    return said


def on_a_desktop(folder: Path, script: str, *words: str) -> str:
    """Run it where an unlocked keyring is; the machine's own stays untouched."""
    own = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    command = ["dbus-run-session", "--", "sh", "-c", UNLOCKED, "sh", sys.executable, "-c", script]
    done = subprocess.run(
        [*command, str(folder), *words],
        env={**sealed_environment(), **own, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        cwd=ROOT,
        input=PASSWORD,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
