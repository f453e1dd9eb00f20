"""People who use the safe past opskit, with the rights that they have."""

import base64
from collections.abc import Mapping
from typing import Any

from opskit.core.http import Reply, VaultHttp
from opskit.core.signing import LICENSE_KEY
from tests.support.home import PASSWORDS, House
from vault.ports import Login


def meet(house: House, name: str, *roles: str) -> None:
    """A new person; the password is in PASSWORDS, which the fixture restores."""
    words = [word for role in roles for word in ("--role", role)]
    add = ("user", "add", name, *words, "--password-file", "-")
    house.done(*add, stdin=PASSWORDS[name], as_user="alice")


def asked_raw(
    house: House,
    who: str,
    path: str,
    body: Mapping[str, Any] | None = None,
    *,
    method: str = "POST",
    headers: dict[str, str] | None = None,
) -> Reply:
    """One request of that person, past opskit."""
    house.login(who)
    login = house.context().plug(Login)
    token = login.tokens.load()
    assert token is not None
    with VaultHttp(login.connection.address, token=token.reveal()) as http:
        return http.request(method, f"v1/{path}", dict(body or {}), headers=headers)


def signed_raw(house: House, who: str, *messages: bytes, **more: Any) -> Reply:
    """Have the safe sign these bytes, as one batch or alone."""
    inputs = [{"input": base64.b64encode(each).decode()} for each in messages]
    asked = inputs[0] if len(inputs) == 1 else {"batch_input": inputs}
    body = {"key_version": 1, **asked, **more}
    return asked_raw(house, who, f"transit/sign/{LICENSE_KEY}", body)
