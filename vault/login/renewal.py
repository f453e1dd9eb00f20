"""Renewal: a login past half of its life is lengthened by the next command that uses it.

Until then a command pays nothing for it: when the life began and ends is kept beside the token.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from opskit.core.errors import OpsError
from opskit.core.http import VaultHttp, raise_for
from opskit.core.i18n import _
from opskit.core.secret import Secret
from vault.login.life import Life
from vault.login.tokens import KeptLogin
from vault.ports import Connection
from vault.store.lean_store import open_http

RENEW = "v1/auth/token/renew-self"
PATIENCE = 2.0  # seconds; the command has its own errand
BAD_REQUEST, DENIED = 400, 403


class RenewedTokens:
    """LoginTokens that are always as fresh as the safe lets them be."""

    def __init__(
        self, kept: KeptLogin, connect: Callable[[], Connection], *, now: Callable[[], datetime]
    ) -> None:
        self._kept = kept
        self._connect = connect
        self._now = now

    def load(self) -> Secret | None:
        """The token, renewed where half of its life is gone. Raises as `TokenStore.load`."""
        token, life = self._kept.load_with_life()
        if token is not None and life is not None and life.is_half_gone(self._now()):
            self._try_to_renew(token, life)
        return token

    def save(self, token: Secret, life: Life | None = None) -> None:
        self._kept.save(token, life)

    def forget(self) -> None:
        self._kept.forget()

    def _try_to_renew(self, token: Secret, life: Life) -> None:
        """Nothing that goes wrong here is told: the command itself will find out and explain."""
        try:
            connection = self._connect()
            hurried = replace(connection, timeout=min(connection.timeout, PATIENCE))
            with open_http(hurried, token) as http:
                longer = renew(http, at=self._now())
            kept = self._kept.load()
            if kept is None or kept.reveal() != token.reveal():
                return  # somebody logged in or out meanwhile
            goes_on = longer is not None and life.is_lengthened_by(longer)
            self._kept.save(token, longer if goes_on else None)
        except (OpsError, OSError):
            return


def renew(http: VaultHttp, *, at: datetime) -> Life | None:
    """Let the life of the token begin anew; None where the safe refuses.

    Raises:
        UnavailableError: no answer, or sealed.
    """
    reply = http.request("POST", RENEW)
    if reply.status in (BAD_REQUEST, DENIED):
        return None
    raise_for(reply, _("cannot renew the login"))
    return Life.of(reply.data["auth"], at=at)
