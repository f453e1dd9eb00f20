"""The second person by OpenBao's control groups (since 2.7), over http.client.

Verified with 2.7.2: a guarded read answers with a wrapping token and no data; it can be opened
again and again until its time is over, hence `end`; used too early it stays whole. The server
refuses the requester's own approval. HashiCorp Vault's open edition parses the stanza in a policy
and hands out the plain text as if it were not there: whatever comes without a wrapping is dropped.
"""

from opskit.core.http import TICKET_HEADER, Reply, VaultHttp, raise_for
from opskit.core.i18n import _
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret
from vault.breakglass.errors import NotApprovedError, no_second_person, own_access
from vault.breakglass.ports import Asked, Standing
from vault.entries import EntryRef, EntryValue
from vault.ports import Connection
from vault.store.lean_store import READERS, holder_of, is_logged_out, open_http
from vault.store.metadata import GUARDED, data_path
from vault.store.refusals import denial

REQUEST = "v1/sys/control-group/request"
AUTHORIZE = "v1/sys/control-group/authorize"
NO_ACCESSOR = "none"
BAD_REQUEST, FORBIDDEN, NOT_FOUND = 400, 403, 404


class ControlGroups:
    """A SecondPerson, for whoever holds the token."""

    def __init__(self, connection: Connection, token: Secret | None) -> None:
        self._connection = connection
        self._token = token

    def exists(self) -> bool:
        """Asked about a request that does not exist, who knows requests says that it is none."""
        with self._open() as http:
            return _knows_requests(http)

    def ask(self, ref: EntryRef, ticket: TicketKey) -> Asked:
        with self._open() as http:
            headers = {TICKET_HEADER: ticket.value}
            reply = http.request("GET", data_path(ref, mount=GUARDED), headers=headers)
            if reply.status == FORBIDDEN and not is_logged_out(http) and not _knows_requests(http):
                raise no_second_person()
            _refuse(http, reply, _("cannot ask for {entry}").format(entry=ref), READERS)
        wrapped = reply.data.get("wrap_info")
        if not wrapped:
            raise no_second_person()
        return Asked(Secret(wrapped["token"]), wrapped["accessor"], int(wrapped["ttl"]))

    def look(self, accessor: str) -> Standing | None:
        with self._open() as http:
            reply = http.request("POST", REQUEST, {"accessor": accessor})
            if _names_no_request(reply):
                return None
            _refuse(http, reply, _("cannot look at the request"), READERS)
        found = reply.data["data"]
        return Standing(
            path=found["request_path"].removeprefix(f"{GUARDED}/data/"),
            entity_id=found["request_entity"]["ID"],
            approved=bool(found["approved"]),
        )

    def approve(self, accessor: str) -> None:
        with self._open() as http:
            reply = http.request("POST", AUTHORIZE, {"accessor": accessor})
            if "owner cannot be approver" in reply.reason:
                raise own_access()
            if "already authorized" in reply.reason:
                return
            _refuse(http, reply, _("cannot approve the request"), ("safe-keeper",))
            if not reply.data["data"]["approved"]:
                raise denial(_("cannot approve the request"), ("safe-keeper",), holder_of(http))

    def read(self, asked: Secret, ticket: TicketKey) -> EntryValue | None:
        with self._open() as http:
            reply = http.request(
                "POST",
                "v1/sys/wrapping/unwrap",
                {"token": asked.reveal()},
                headers={TICKET_HEADER: ticket.value},
            )
            if reply.status == BAD_REQUEST:
                raise NotApprovedError(
                    _("the safe does not give it out: {why}").format(why=reply.reason),
                    hint="opskit vault break-glass list",
                )
            _refuse(http, reply, _("cannot read the entry"), READERS)
        found = reply.data.get("data") or {}
        if not found.get("data"):
            return None
        about = found["metadata"]
        return EntryValue.from_data(
            found["data"], version=about["version"], mirrored=about["custom_metadata"] or {}
        )

    def end(self, asked: Secret) -> None:
        with open_http(self._connection, asked) as http:
            reply = http.request("POST", "v1/auth/token/revoke-self")
        if reply.status != FORBIDDEN:  # it had ended already
            raise_for(reply, _("cannot end the request"))

    def _open(self) -> VaultHttp:
        return open_http(self._connection, self._token)


def _knows_requests(http: VaultHttp) -> bool:
    """Raises DeniedError: this person may not even ask."""
    reply = http.request("POST", REQUEST, {"accessor": NO_ACCESSOR})
    if reply.status in (BAD_REQUEST, NOT_FOUND):
        return _names_no_request(reply)
    _refuse(http, reply, _("cannot tell whether the safe knows control groups"), ("admin",))
    return False


def _names_no_request(reply: Reply) -> bool:
    return reply.status == BAD_REQUEST and "invalid accessor" in reply.reason


def _refuse(http: VaultHttp, reply: Reply, what: str, roles: tuple[str, ...]) -> None:
    """Pass a good answer on. Raises DeniedError, UnavailableError and the like for any other."""
    if reply.status == FORBIDDEN:
        raise denial(what, roles, holder_of(http))
    raise_for(reply, what)
