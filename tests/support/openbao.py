"""A real OpenBao, started by opskit itself, one server a session."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from opskit.core.http import Reply, VaultHttp, api_path, raise_for
from opskit.core.secret import Secret
from opskit.local import services

ADMIN = "alice"
PASSWORD = "a long passphrase"


@dataclass(frozen=True, slots=True)
class SafeServer:
    """A running safe and its first admin."""

    address: str
    entity_id: str
    home: Path
    admin: str = ADMIN
    password: str = PASSWORD

    @property
    def folder(self) -> Path:
        return self.home / "safe"

    def token(self) -> str:
        """A new token of the admin."""
        return log_in(self.address, self.admin, self.password)


@pytest.fixture(scope="session")
def safe_server() -> Iterator[SafeServer]:
    """The session's safe. Leave it running and its admin able to log in."""
    home = Path(tempfile.mkdtemp(prefix="opskit-safe-"))
    try:
        yield new_safe(home)
    finally:
        services.stop(home / "safe")
        shutil.rmtree(home)


def new_safe(home: Path) -> SafeServer:
    """Make and start a safe in the home; the caller stops it."""
    made = services.initialize(
        home / "safe", admin=ADMIN, password=Secret(PASSWORD), use_keyring=False
    )
    return SafeServer(address=made.address, entity_id=made.entity_id, home=home)


def log_in(address: str, login: str, password: str) -> str:
    """A token; raises InvalidError when the safe refuses the password."""
    with VaultHttp(address) as http:
        reply = http.request("POST", api_path("auth/userpass/login", login), {"password": password})
        raise_for(reply, "login")
        return str(reply.data["auth"]["client_token"])


def ask(
    server: SafeServer, token: str, method: str, path: str, body: dict[str, Any] | None = None
) -> Reply:
    """One request with that token, on a connection of its own."""
    with VaultHttp(server.address, token=token) as http:
        return http.request(method, path, body)


def set_password(server: SafeServer, token: str, password: str) -> None:
    """Give the admin another password; what changes it puts it back."""
    path = api_path("auth/userpass/users", server.admin, "password")
    raise_for(ask(server, token, "POST", path, {"password": password}), "setting the password")
