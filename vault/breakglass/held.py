"""Requests that OpenBao's control groups hold back (since 2.7), over http.client.

Verified with 2.7.2: such a request answers with a wrapping token and no data. The server keeps the
request as it was, shows all of it to whoever has the accessor, and runs just that once somebody
agreed; the token can be redeemed again and again until its time is over, hence `end`; used too
early it stays whole. The server refuses the requester's own approval.
"""

from collections.abc import Mapping
from typing import Any

from opskit.core.http import Reply, VaultHttp, raise_for
from opskit.core.i18n import _
from opskit.core.secret import Secret
from vault.breakglass.errors import NotApprovedError, own_access
from vault.ports import Connection
from vault.store.lean_store import holder_of, open_http
from vault.store.refusals import denial

REQUEST = "v1/sys/control-group/request"
AUTHORIZE = "v1/sys/control-group/authorize"
UNWRAP = "v1/sys/wrapping/unwrap"
NO_ACCESSOR = "none"
BAD_REQUEST, FORBIDDEN, NOT_FOUND = 400, 403, 404


class HeldRequests:
    """For whoever holds the token; `askers` and `approvers` are the roles that refusals name."""

    def __init__(
        self,
        connection: Connection,
        token: Secret | None,
        *,
        askers: tuple[str, ...],
        approvers: tuple[str, ...],
    ) -> None:
        self._connection = connection
        self._token = token
        self._askers = askers
        self._approvers = approvers

    def exists(self) -> bool:
        """Whether the server knows control groups at all."""
        with self.open() as http:
            return knows_requests(http)

    def look(self, accessor: str) -> Mapping[str, Any] | None:
        """The request itself, and who has agreed; None once it was ended or its time is over."""
        with self.open() as http:
            reply = http.request("POST", REQUEST, {"accessor": accessor})
            if _names_no_request(reply):
                return None
            refuse(http, reply, _("cannot look at the request"), self._askers)
        found: Mapping[str, Any] = reply.data["data"]
        return found

    def approve(self, accessor: str) -> None:
        """Agree, as the person who is logged in.

        Raises:
            OwnAccessError: that person made the request. DeniedError, UnavailableError.
        """
        what = _("cannot approve the request")
        with self.open() as http:
            reply = http.request("POST", AUTHORIZE, {"accessor": accessor})
            if "owner cannot be approver" in reply.reason:
                raise own_access()
            if "already authorized" in reply.reason:
                return
            refuse(http, reply, what, self._approvers)
            if not reply.data["data"]["approved"]:
                raise denial(what, self._approvers, holder_of(http))

    def redeem(
        self, asked: Secret, what: str, *, headers: dict[str, str] | None = None
    ) -> Mapping[str, Any]:
        """What the server answers now to the request that it held back; `what` could not be done.

        Raises:
            NotApprovedError: nobody has agreed, or it has ended: `look` tells which.
            DeniedError, UnavailableError.
        """
        with self.open() as http:
            reply = http.request("POST", UNWRAP, {"token": asked.reveal()}, headers=headers)
            if reply.status == BAD_REQUEST:
                raise NotApprovedError(
                    _("the safe does not give it out: {why}").format(why=reply.reason),
                    hint="opskit vault break-glass list",
                )
            refuse(http, reply, what, self._askers)
        return reply.data.get("data") or {}

    def end(self, asked: Secret) -> None:
        """Let the token be good for nothing any more; it may be that already."""
        with open_http(self._connection, asked) as http:
            reply = http.request("POST", "v1/auth/token/revoke-self")
        if reply.status != FORBIDDEN:  # it had ended already
            raise_for(reply, _("cannot end the request"))

    def open(self) -> VaultHttp:
        return open_http(self._connection, self._token)


def knows_requests(http: VaultHttp) -> bool:
    """Asked about a request that does not exist, who knows requests says that it is none.

    Raises:
        DeniedError: this person may not even ask.
    """
    reply = http.request("POST", REQUEST, {"accessor": NO_ACCESSOR})
    if reply.status in (BAD_REQUEST, NOT_FOUND):
        return _names_no_request(reply)
    refuse(http, reply, _("cannot tell whether the safe knows control groups"), ("admin",))
    return False


def refuse(http: VaultHttp, reply: Reply, what: str, roles: tuple[str, ...]) -> None:
    """Pass a good answer on. Raises DeniedError, UnavailableError and the like for any other."""
    if reply.status == FORBIDDEN:
        raise denial(what, roles, holder_of(http))
    raise_for(reply, what)


def _names_no_request(reply: Reply) -> bool:
    return reply.status == BAD_REQUEST and "invalid accessor" in reply.reason
