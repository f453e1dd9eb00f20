"""The whole safe over hvac."""

import json
from collections.abc import Mapping
from typing import Any

from hvac import exceptions as refused

from opskit.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError
from opskit.core.http import TICKET_HEADER, api_path
from opskit.core.i18n import _
from opskit.core.refs import ClientCode, TicketKey
from opskit.core.secret import Secret
from vault.entries import Entry, EntryRef, EntryValue, Stamps
from vault.errors import entry_changed, entry_exists, no_entry
from vault.facts import FACTS, EntryFacts
from vault.ports import Version
from vault.store.hvac_client import SafeClient, is_check_and_set
from vault.store.lean_store import READERS, SEEKERS
from vault.store.metadata import (
    GUARDED,
    MOUNT,
    NoShortcutError,
    data_path,
    entry_of,
    find_entries,
    find_names,
    metadata_path,
    missing,
    secret_of,
)

STALE = (*FACTS, "rotated", "pending", "holds")  # goes where the new version has none
LARGEST = 1_047_000  # bytes; the server answers 500 to more than 1 MiB with its own wrapping


class HvacStore:
    """An EntryStore over hvac."""

    def __init__(self, safe: SafeClient, *, mount: str = MOUNT) -> None:
        self._safe = safe
        self._mount = mount
        self._checks_metadata = False  # until it is seen: HashiCorp Vault has no `metadata_cas`

    def read_secret(self, ref: EntryRef, field: str, ticket: TicketKey | None) -> Secret:
        path = data_path(ref, mount=self._mount)
        with self._safe.explaining(_("cannot read {entry}").format(entry=ref), *READERS):
            found = self._get("GET", path, headers=_ticket_header(ticket))
        return secret_of(ref, found, field)

    def describe(self, ref: EntryRef) -> Entry:
        with self._safe.explaining(_("cannot read {entry}").format(entry=ref), *SEEKERS):
            metadata = self._get("GET", metadata_path(ref, mount=self._mount))
        return entry_of(ref, metadata)

    def guards(self, ref: EntryRef) -> bool:
        try:
            HvacStore(self._safe, mount=GUARDED).describe(ref)
        except (DeniedError, NotFoundError):
            return False
        return True

    def names(self) -> list[str]:
        with self._safe.explaining(_("cannot list the entries"), *SEEKERS):
            return find_names(self._ask, mount=self._mount)

    def list_entries(self, client: ClientCode | None = None) -> list[Entry]:
        with self._safe.explaining(_("cannot list the entries"), *SEEKERS):
            return find_entries(self._ask, client.value if client else "", mount=self._mount)

    def read(
        self, ref: EntryRef, ticket: TicketKey | None, *, version: int | None = None
    ) -> EntryValue:
        params = {} if version is None else {"version": version}
        path = data_path(ref, mount=self._mount)
        with self._safe.explaining(_("cannot read {entry}").format(entry=ref), *READERS):
            found = self._get("GET", path, headers=_ticket_header(ticket), params=params)
        if not found or not found.get("data"):
            raise missing(ref, found)
        about = found["metadata"]
        return EntryValue.from_data(
            found["data"], version=about["version"], mirrored=about["custom_metadata"] or {}
        )

    def write(self, ref: EntryRef, value: EntryValue) -> int:
        body = {"data": value.to_data(), "options": {"cas": value.version}}
        _refuse_large(body)
        try:
            with self._safe.explaining(_("cannot write {entry}").format(entry=ref), *READERS):
                return self._safe.persistence.write(
                    lambda: self._write_once(ref, body), lambda: self._landed(ref, value)
                )
        except ConflictError as err:
            raise (entry_changed(ref.path) if value.version else entry_exists(ref.path)) from err

    def mirror(self, ref: EntryRef, facts: EntryFacts, stamps: Stamps) -> None:
        wanted = facts.to_metadata() | stamps.to_metadata()
        wanted = {name: text for name, text in wanted.items() if text}
        with self._safe.explaining(_("cannot write {entry}").format(entry=ref), *READERS):
            if self._checks_metadata and stamps.version == 1 and self._mirror_first(ref, wanted):
                return
            while not self._mirror_again(ref, wanted, stamps.version):
                pass

    def mark(self, ref: EntryRef, *, checked: str, check: str) -> None:
        stamps = {"checked": checked, "check": check}
        with self._safe.explaining(_("cannot write {entry}").format(entry=ref), *READERS):
            self._patch(ref, {"custom_metadata": stamps})

    def history(self, ref: EntryRef) -> list[Version]:
        with self._safe.explaining(_("cannot read {entry}").format(entry=ref), *SEEKERS):
            metadata = self._get("GET", metadata_path(ref, mount=self._mount))
        if not metadata:
            raise no_entry(ref.path)
        found = sorted(metadata["versions"].items(), key=lambda each: int(each[0]))
        return [
            Version(int(number), each["created_time"], each["deletion_time"], each["destroyed"])
            for number, each in found
        ]

    def remove(self, ref: EntryRef) -> None:
        with self._safe.explaining(_("cannot remove {entry}").format(entry=ref), *READERS):
            self._send("DELETE", data_path(ref, mount=self._mount))

    def undelete(self, ref: EntryRef, version: int) -> None:
        path = api_path(self._mount, "undelete", ref.path)
        with self._safe.explaining(_("cannot bring {entry} back").format(entry=ref), *READERS):
            self._send("POST", path, {"versions": [version]})

    def purge(self, ref: EntryRef) -> None:
        with self._safe.explaining(_("cannot purge {entry}").format(entry=ref), "safe-keeper"):
            self._send("DELETE", metadata_path(ref, mount=self._mount))

    def _write_once(self, ref: EntryRef, body: Mapping[str, Any]) -> int:
        path = data_path(ref, mount=self._mount)
        reply = self._safe.api.adapter.request("POST", f"/{path}", json=body)
        return int(reply["data"]["version"])

    def _landed(self, ref: EntryRef, value: EntryValue) -> int | None:
        """The version after `value.version`, where it is the one that was sent.

        None also for a guarded entry, which the safe does not show to one person.
        """
        version = value.version + 1
        path = data_path(ref, mount=self._mount)
        params = {"version": version}
        found = self._safe.api.adapter.request("GET", f"/{path}", params=params)["data"] or {}
        return version if found.get("data") == value.to_data() else None

    def _mirror_first(self, ref: EntryRef, wanted: Mapping[str, str]) -> bool:
        """In one request, for an entry that has no metadata of anybody's yet."""
        body = {"custom_metadata": wanted, "metadata_cas": 0}
        try:
            self._send("POST", metadata_path(ref, mount=self._mount), body)
        except refused.InvalidRequest as err:
            if is_check_and_set(err):
                return False
            raise
        return True

    def _mirror_again(self, ref: EntryRef, wanted: Mapping[str, str], version: int) -> bool:
        """False where somebody wrote the metadata between looking and writing."""
        metadata = self._get("GET", metadata_path(ref, mount=self._mount))
        if metadata is None or metadata["current_version"] != version:
            return True
        body: dict[str, Any] = {"custom_metadata": {**dict.fromkeys(STALE), **wanted}}
        if "current_metadata_version" in metadata:
            self._checks_metadata = True
            body["metadata_cas"] = metadata["current_metadata_version"]
        try:
            self._patch(ref, body)
        except refused.InvalidRequest as err:
            if is_check_and_set(err):
                return False
            raise
        return True

    def _patch(self, ref: EntryRef, body: Mapping[str, Any]) -> None:
        headers = {"Content-Type": "application/merge-patch+json"}
        self._send("PATCH", metadata_path(ref, mount=self._mount), body, headers=headers)

    def _get(self, method: str, path: str, **sent: Mapping[str, Any]) -> Mapping[str, Any] | None:
        try:
            reply = self._safe.api.adapter.request(method, f"/{path}", **sent)
        except refused.InvalidPath as err:
            if err.errors:  # "no handler for route": the mount itself is missing
                raise
            reply = err.json or {}  # of a deleted version it tells about it
        data: Mapping[str, Any] | None = reply.get("data")
        return data

    def _ask(
        self, method: str, path: str, /, *, shortcut: bool = False
    ) -> Mapping[str, Any] | None:
        try:
            return self._get(method, path)
        except (refused.Forbidden, refused.InvalidPath, refused.UnexpectedError) as err:
            if shortcut:  # hvac has no class of its own for 405
                raise NoShortcutError from err
            raise

    def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:  # noqa: ANN401 (as hvac has it)
        def ask() -> Any:  # noqa: ANN401
            return self._safe.api.adapter.request(method, f"/{path}", json=body, headers=headers)

        # Done twice it does no harm, but for a removal: a colleague's version may have come.
        return ask() if method == "DELETE" else self._safe.persistence.repeat(ask)


def _ticket_header(ticket: TicketKey | None) -> dict[str, str]:
    return {} if ticket is None else {TICKET_HEADER: ticket.value}


def _refuse_large(body: Mapping[str, Any]) -> None:
    text = json.dumps(body, ensure_ascii=False)
    escaped = sum(text.count(each) for each in "<>&")  # stored by the server as \u003c
    if len(text.encode()) + 5 * escaped > LARGEST:
        raise InvalidError(
            _("the entry would be too large"),
            hint=_("the safe takes up to 1 MB an entry, its files and note included"),
        )
