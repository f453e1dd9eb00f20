"""The ways to log in, and those beside name and password and the browser (`vault.login.oidc`)."""

from enum import StrEnum
from typing import Self

from opskit.core.errors import InvalidError
from opskit.core.http import VaultHttp, api_path
from opskit.core.i18n import _
from opskit.core.secret import Secret
from vault.errors import LoginRefusedError
from vault.login.session import BAD_REQUEST, DENIED, token_of


class Method(StrEnum):
    """How one logs in; each but `token` is also the usual name of its mount."""

    USERPASS = "userpass"
    OIDC = "oidc"
    APPROLE = "approle"
    TOKEN = "token"  # noqa: S105 (a method, not a password)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises InvalidError: there is no such way."""
        try:
            return cls(text.casefold())
        except ValueError as err:
            raise InvalidError(
                _("there is no way to log in called {name}").format(name=repr(text)),
                hint=_("the ways are {names}").format(names=" ".join(cls)),
            ) from err


def log_in_with_role(
    http: VaultHttp, *, role_id: str, secret_id: Secret, mount: str = Method.APPROLE
) -> Secret:
    """Trade the id of a machine's role and one of its secret ids for a token.

    Raises:
        LoginRefusedError: the two do not belong together, or the secret id is used up.
        UnavailableError: no answer, or sealed.
    """
    body = {"role_id": role_id, "secret_id": secret_id.reveal()}
    reply = http.request("POST", api_path("auth", mount, "login"), body)
    if reply.status in (BAD_REQUEST, DENIED):
        raise LoginRefusedError(
            _("the safe does not take this secret id for this role"),
            hint=_(
                "an admin makes a new one: bao write -f auth/{mount}/role/NAME/secret-id"
            ).format(mount=mount),
        )
    return token_of(reply)
