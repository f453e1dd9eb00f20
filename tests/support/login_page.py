"""A login page without a browser: OpenBao's own OpenID provider, and a person who logs in there.

The safe is both sides: its provider vouches for people, its `oidc` login method believes it. The
latter is set up by the very lines of docs/setup.md.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

from opskit.core.http import VaultHttp, raise_for
from opskit.core.secret import Secret
from opskit.local.binary import find_binary

SETUP = Path(__file__).parent.parent.parent / "docs" / "setup.md"
PAGE, MACHINE = "The company's login page", "A machine"
REDIRECT = "http://localhost:8250/oidc/callback"


@dataclass(frozen=True, slots=True)
class Admin:
    """Somebody at a shell with the server's own command line, and a folder to work in."""

    address: str
    token: Secret
    folder: Path

    def types(self, heading: str, block: int, words: Mapping[str, str]) -> None:
        """One block of docs/setup.md, with these words in the place of those in capitals."""
        text = SETUP.read_text(encoding="utf-8").partition(f"### {heading}\n")[2]
        lines = re.findall(r"```\n(.*?)```", text, re.DOTALL)[block]
        for name, value in words.items():
            assert name in lines
            lines = lines.replace(name, value)
        bao = {"BAO_ADDR": self.address, "BAO_TOKEN": self.token.reveal()}
        path = f"{Path(find_binary()).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["sh", "-eu", "-c", lines],
            cwd=self.folder,
            env={**os.environ, **bao, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


@dataclass(frozen=True, slots=True)
class LoginPage:
    """The provider, as a person meets it."""

    address: str

    def sign_in(self, url: str, token: Secret) -> dict[str, str]:
        """What the page sends to the callback, once the holder of the token has logged in."""
        asked = urlsplit(url)
        path = asked.path.removeprefix("/ui/vault/")
        with VaultHttp(self.address, token=token.reveal()) as http:
            reply = http.request("GET", f"v1/{path}?{asked.query}")
        raise_for(reply, "the login page")
        return {"code": reply.data["code"], "state": reply.data["state"]}


def make_login_page(api: Any, admin: Admin) -> LoginPage:
    """Make the provider, and let the admin tell the safe about it."""
    oidc, name = "/v1/identity/oidc", "company"
    api.adapter.post(f"{oidc}/key/{name}", json={"allowed_client_ids": ["*"]})
    client = {"redirect_uris": [REDIRECT], "assignments": ["allow_all"], "key": name}
    api.adapter.post(f"{oidc}/client/{name}", json=client)
    api.adapter.post(f"{oidc}/provider/{name}", json={"allowed_client_ids": ["*"]})
    known: Mapping[str, Any] = api.adapter.get(f"{oidc}/client/{name}")["data"]
    (admin.folder / "client-secret.txt").write_text(known["client_secret"], encoding="ascii")
    issuer = f"{admin.address}{oidc}/provider/{name}"
    admin.types(PAGE, 0, {"ISSUER": issuer, "CLIENT_ID": known["client_id"]})
    return LoginPage(admin.address)


def redirect_of(url: str) -> str:
    """Where the page sends the browser back to."""
    return parse_qs(urlsplit(url).query)["redirect_uri"][0]


def knock(address: str, brought: Mapping[str, str]) -> str:
    """What the browser shows after it was sent back."""
    with urlopen(f"{address}?{urlencode(brought)}", timeout=5) as shown:
        return str(shown.read().decode())
