"""A token that keyring stored in a real Secret Service is read back without keyring."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("jeepney", reason="the Secret Service is a Linux desktop's")
from vault.secret_service import read_password

PROGRAMS = ("dbus-run-session", "gnome-keyring-daemon")
UNLOCKED = (
    'printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$@"'
)
STORE_AND_READ = """
from keyring.backends.SecretService import Keyring
Keyring().set_password("opskit", "a home", "tokén-123")
from vault.secret_service import read_password
print([read_password("opskit", name) for name in ("a home", "another")])
"""


def test_without_a_bus_nothing_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")
    assert read_password("opskit", "a home") is None


@pytest.mark.skipif(
    any(shutil.which(each) is None for each in PROGRAMS), reason="no Secret Service to start here"
)
def test_what_keyring_stored_is_read(tmp_path: Path) -> None:
    own = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    command = ["dbus-run-session", "--", "sh", "-c", UNLOCKED, "sh", sys.executable, "-c"]
    done = subprocess.run(
        [*command, STORE_AND_READ],
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "['tokén-123', None]\n", done.stderr
