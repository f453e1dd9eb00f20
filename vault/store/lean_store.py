"""The reader behind `opskit vault get`: the standard library and nothing else."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opskit.core.errors import DeniedError, NotFoundError, UnavailableError
from opskit.core.http import TICKET_HEADER, Reply, VaultHttp, raise_for
from opskit.core.i18n import _
from opskit.core.refs import ClientCode, TicketKey
from opskit.core.secret import Secret
from vault.entries import Entry, EntryRef
from vault.errors import login_needed
from vault.ports import Connection
from vault.store.metadata import (
    GUARDED,
    MOUNT,
    Ask,
    NoShortcutError,
    data_path,
    entry_of,
    find_entries,
    find_names,
    metadata_path,
    secret_of,
)
from vault.store.refusals import Holder, denial

READERS = ("agent", "safe-keeper")
SEEKERS = ("agent", "safe-keeper", "manager")
NOT_ALLOWED, NOT_FOUND, NOT_KNOWN, TOO_MANY = 403, 404, 405, 429
REFUSED = (NOT_ALLOWED, NOT_KNOWN)


def open_http(connection: Connection, token: Secret | None) -> VaultHttp:
    """A connection with the kept token.

    Raises:
        LoginNeededError: there is none.
    """
    if token is None:
        raise login_needed()
    return _http(connection, token)


def anonymous_http(connection: Connection) -> VaultHttp:
    """A connection without a token, for the login itself."""
    return _http(connection, None)


def _http(connection: Connection, token: Secret | None) -> VaultHttp:
    return VaultHttp(
        connection.address,
        token=None if token is None else token.reveal(),
        namespace=connection.namespace,
        ca_file=connection.ca_file,
        timeout=connection.timeout,
        mend=connection.mend_hint,
    )


class LeanReader:
    """An EntryReader over http.client, which hangs up after each answer."""

    def __init__(self, http: VaultHttp, *, mount: str = MOUNT) -> None:
        self._http = http
        self._mount = mount

    def read_secret(self, ref: EntryRef, field: str, ticket: TicketKey | None) -> Secret:
        headers = {} if ticket is None else {TICKET_HEADER: ticket.value}
        with self._http as http:
            reply = http.request("GET", data_path(ref, mount=self._mount), headers=headers)
            found = _found(http, reply, _reading(ref), READERS)
        return secret_of(ref, found, field)

    def describe(self, ref: EntryRef) -> Entry:
        with self._http as http:
            reply = http.request("GET", metadata_path(ref, mount=self._mount))
            metadata = _found(http, reply, _reading(ref), SEEKERS)
        return entry_of(ref, metadata)

    def guards(self, ref: EntryRef) -> bool:
        try:
            LeanReader(self._http, mount=GUARDED).describe(ref)
        except (DeniedError, NotFoundError):
            return False
        return True

    def names(self) -> list[str]:
        with self._asking() as ask:
            return find_names(ask, mount=self._mount)

    def list_entries(self, client: ClientCode | None = None) -> list[Entry]:
        with self._asking() as ask:
            return find_entries(ask, client.value if client else "", mount=self._mount)

    @contextmanager
    def _asking(self) -> Iterator[Ask]:
        """A connection for each thread that asks, hung up at the end."""
        from threading import get_ident

        lines = {get_ident(): self._http}

        def ask(method: str, path: str, /, *, shortcut: bool = False) -> Mapping[str, Any] | None:
            http = lines.get(get_ident()) or lines.setdefault(get_ident(), self._http.twin())
            reply = http.request(method, path)
            if shortcut and (
                reply.status in REFUSED or (reply.status == NOT_FOUND and reply.errors)
            ):
                raise NoShortcutError
            return _found(http, reply, _("cannot list the entries"), SEEKERS)

        try:
            yield ask
        finally:
            for http in lines.values():
                http.close()


def _reading(ref: EntryRef) -> str:
    return _("cannot read {entry}").format(entry=ref)


def _found(
    http: VaultHttp, reply: Reply, what: str, roles: tuple[str, ...]
) -> Mapping[str, Any] | None:
    """The reply's data, None for a 404; but that of a deleted version tells about it."""
    if reply.status == NOT_FOUND and not reply.errors:
        about: Mapping[str, Any] | None = reply.data.get("data")
        return about
    if reply.status == NOT_ALLOWED:
        raise denial(what, roles, holder_of(http))
    if reply.status == TOO_MANY:
        raise UnavailableError(
            _("{what}: the safe is too busy").format(what=what), hint=_("try again in a minute")
        )
    raise_for(reply, what)
    data: Mapping[str, Any] | None = reply.data.get("data")
    return data


def holder_of(http: VaultHttp) -> Holder | None:
    """Whose token it is; None where the server knows it no longer, which a 403 does not say."""
    reply = http.request("GET", "v1/auth/token/lookup-self")
    if reply.status == NOT_ALLOWED:
        return None
    raise_for(reply, _("cannot tell who you are"))
    return Holder.of(reply.data["data"])


def is_logged_out(http: VaultHttp) -> bool:
    return holder_of(http) is None
