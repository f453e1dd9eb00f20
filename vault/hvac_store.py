"""The whole safe over hvac."""

import json
from collections.abc import Mapping
from typing import Any

from hvac import exceptions as refused

from opskit.core.errors import ConflictError, InvalidError
from opskit.core.http import TICKET_HEADER
from opskit.core.i18n import _
from opskit.core.refs import ClientCode, TicketKey
from opskit.core.secret import Secret
from vault.entries import Entry, EntryFacts, EntryRef, EntrySecrets
from vault.errors import EntryExistsError, no_entry, no_field
from vault.hvac_client import SafeClient
from vault.lean_store import READERS, SEEKERS
from vault.metadata import (
    MOUNT,
    NoScanError,
    as_entry,
    data_path,
    find_entries,
    find_names,
    metadata_path,
)

LARGEST = 1_047_000  # bytes; the server answers 500 to more than 1 MiB with its own wrapping


class HvacStore:
    """An EntryStore over hvac."""

    def __init__(self, safe: SafeClient, *, mount: str = MOUNT) -> None:
        self._safe = safe
        self._mount = mount

    def read_secret(self, ref: EntryRef, field: str, ticket: TicketKey | None) -> Secret:
        headers = {} if ticket is None else {TICKET_HEADER: ticket.value}
        path = data_path(ref, mount=self._mount)
        with self._safe.explaining(_("cannot read {entry}").format(entry=ref), *READERS):
            fields = (self._get("GET", path, headers=headers) or {}).get("data")
        if not fields:
            raise no_entry(ref.path)
        if field not in fields:
            raise no_field(ref.path, field, list(fields))
        return Secret(str(fields[field]))

    def describe(self, ref: EntryRef) -> Entry:
        with self._safe.explaining(_("cannot read {entry}").format(entry=ref), *SEEKERS):
            metadata = self._get("GET", metadata_path(ref, mount=self._mount))
        entry = as_entry(ref, metadata) if metadata else None
        if entry is None:
            raise no_entry(ref.path)
        return entry

    def names(self) -> list[str]:
        with self._safe.explaining(_("cannot list the entries"), *SEEKERS):
            return find_names(self._get, mount=self._mount)

    def list_entries(self, client: ClientCode | None = None) -> list[Entry]:
        with self._safe.explaining(_("cannot list the entries"), *SEEKERS):
            return find_entries(self._get, client.value if client else "", mount=self._mount)

    def create(self, ref: EntryRef, secrets: EntrySecrets) -> int:
        body = {
            "data": {name: secret.reveal() for name, secret in secrets.items()},
            "options": {"cas": 0},
        }
        _refuse_large(body)
        try:
            with self._safe.explaining(_("cannot write {entry}").format(entry=ref), *READERS):
                reply = self._post(data_path(ref, mount=self._mount), body)
        except ConflictError as err:
            raise EntryExistsError(
                _("{entry} exists already").format(entry=ref), hint=f"opskit vault show {ref}"
            ) from err
        return int(reply["data"]["version"])

    def write_facts(self, ref: EntryRef, facts: EntryFacts) -> None:
        body = {"custom_metadata": facts.to_metadata()}
        with self._safe.explaining(_("cannot write {entry}").format(entry=ref), *READERS):
            self._post(metadata_path(ref, mount=self._mount), body)

    def _get(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None
    ) -> Mapping[str, Any] | None:
        try:
            reply = self._safe.api.adapter.request(method, f"/{path}", headers=headers)
        except refused.InvalidPath as err:
            if err.errors:  # "no handler for route": the mount itself is missing
                raise
            return None
        except refused.UnexpectedError as err:
            if _is_unknown_method(method, err):
                raise NoScanError from err
            raise
        data: Mapping[str, Any] | None = reply.get("data")
        return data

    def _post(self, path: str, body: Mapping[str, Any]) -> Any:  # noqa: ANN401 (as hvac has it)
        return self._safe.api.adapter.request("POST", f"/{path}", json=body)


def _is_unknown_method(method: str, err: refused.VaultError) -> bool:
    # hvac has no class of its own for 405; a refusal without words to SCAN is nothing else.
    return method == "SCAN" and not err.errors


def _refuse_large(body: Mapping[str, Any]) -> None:
    text = json.dumps(body, ensure_ascii=False)
    escaped = sum(text.count(each) for each in "<>&")  # stored by the server as \u003c
    if len(text.encode()) + 5 * escaped > LARGEST:
        raise InvalidError(
            _("the secret is too large"), hint=_("the safe takes up to 1 MB an entry")
        )
