"""`opskit vault get` with a token in a file loads no heavy library, and leaks no secret."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from opskit.core.config import Home, Settings, render_settings
from opskit.core.private_files import write_private
from tests.support.openbao import SafeServer
from tests.vault.conftest import People
from vault.login.tokens import open_token_store
from vault.store.hvac_client import SafeClient

HEAVY = (
    *("sqlalchemy", "alembic", "rich", "cryptography", "hvac", "requests", "keyring"),
    *("msgspec", "rapidfuzz", "yaml", "pydantic", "asyncio"),
)
SENTINEL = "s3cret-of-the-start"
SHOW_LOADED = """
import sys
from opskit.__main__ import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    print("--loaded--", *sys.modules, file=sys.stderr, sep="\\n")
    sys.exit(end.code)
"""


@pytest.fixture
def home(
    tmp_path: Path, safe_server: SafeServer, person: People, root: SafeClient
) -> Iterator[Home]:
    """A home in which an agent is logged in."""
    home = Home(tmp_path)
    settings = Settings(profile="team", vault_address=safe_server.address, token_store="file")
    write_private(home.settings_file, render_settings(settings).encode())
    home.ready_marker.touch()
    open_token_store(home, settings, say=print).save(person("agent").token)
    root.api.secrets.kv.v2.create_or_update_secret(
        "DELEZE/prod/start", {"password": SENTINEL}, mount_point="clients"
    )
    yield home
    root.api.secrets.kv.v2.delete_metadata_and_all_versions(
        "DELEZE/prod/start", mount_point="clients"
    )


def get(home: Home, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", SHOW_LOADED, "vault", "get", *args]
    environment = {**os.environ, "OPSKIT_HOME": str(home.folder)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_get_loads_nothing_heavy(home: Home) -> None:
    done = get(home, "DELEZE/prod/start", "--ticket", "CS-1001")
    assert (done.returncode, done.stdout) == (0, f"{SENTINEL}\n")
    said, _, loaded = done.stderr.partition("--loaded--\n")
    assert said == ""
    assert [name for name in HEAVY if name in loaded.split()] == []


def test_the_secret_goes_to_stdout_only(home: Home) -> None:
    done = get(home, "DELEZE/prod/start", "--field", "pin")
    assert done.returncode == 3
    assert SENTINEL not in done.stdout + done.stderr
    kept = [path.read_bytes() for path in home.folder.rglob("*") if path.is_file()]
    assert all(SENTINEL.encode() not in content for content in kept)
