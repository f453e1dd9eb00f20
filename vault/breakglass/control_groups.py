"""The second person for guarded entries, by OpenBao's control groups.

HashiCorp Vault's open edition parses the stanza in a policy and hands out the plain text as if it
were not there: whatever comes without a wrapping is dropped.
"""

from opskit.core.http import TICKET_HEADER
from opskit.core.i18n import _
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret
from vault.breakglass.errors import no_second_person
from vault.breakglass.held import FORBIDDEN, HeldRequests, knows_requests, refuse
from vault.breakglass.ports import Asked, Standing
from vault.entries import EntryRef, EntryValue
from vault.ports import Connection
from vault.store.lean_store import READERS, is_logged_out
from vault.store.metadata import GUARDED, data_path


class ControlGroups:
    """A SecondPerson, for whoever holds the token."""

    def __init__(self, connection: Connection, token: Secret | None) -> None:
        self._held = HeldRequests(connection, token, askers=READERS, approvers=("safe-keeper",))

    def exists(self) -> bool:
        return self._held.exists()

    def ask(self, ref: EntryRef, ticket: TicketKey) -> Asked:
        with self._held.open() as http:
            headers = {TICKET_HEADER: ticket.value}
            reply = http.request("GET", data_path(ref, mount=GUARDED), headers=headers)
            if reply.status == FORBIDDEN and not is_logged_out(http) and not knows_requests(http):
                raise no_second_person()
            refuse(http, reply, _("cannot ask for {entry}").format(entry=ref), READERS)
        wrapped = reply.data.get("wrap_info")
        if not wrapped:
            raise no_second_person()
        return Asked(Secret(wrapped["token"]), wrapped["accessor"], int(wrapped["ttl"]))

    def look(self, accessor: str) -> Standing | None:
        found = self._held.look(accessor)
        if found is None:
            return None
        return Standing(
            path=found["request_path"].removeprefix(f"{GUARDED}/data/"),
            entity_id=found["request_entity"]["ID"],
            approved=bool(found["approved"]),
        )

    def approve(self, accessor: str) -> None:
        self._held.approve(accessor)

    def read(self, asked: Secret, ticket: TicketKey) -> EntryValue | None:
        headers = {TICKET_HEADER: ticket.value}
        found = self._held.redeem(asked, _("cannot read the entry"), headers=headers)
        if not found.get("data"):
            return None
        about = found["metadata"]
        return EntryValue.from_data(
            found["data"], version=about["version"], mirrored=about["custom_metadata"] or {}
        )

    def end(self, asked: Secret) -> None:
        self._held.end(asked)
