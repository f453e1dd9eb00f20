"""The key-value engine's metadata: read as entries, and found for a whole safe at once.

OpenBao answers SCAN with everything in one round trip. HashiCorp Vault does not know the method
(405): there the folders are listed one by one and the metadata read in a few threads.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from opskit.core.errors import InvalidError
from opskit.core.http import api_path
from vault.entries import Entry, EntryRef, Stamps
from vault.facts import EntryFacts

MOUNT = "clients"
WALKERS = 8

Data = Mapping[str, Any]
Ask = Callable[[str, str], Data | None]
"""Method and path to the reply's `data`, or None where there is nothing (404).

Raises `NoScanError` where the server does not know the method.
"""


class NoScanError(Exception):
    """The server does not know SCAN."""


def data_path(ref: EntryRef, *, mount: str = MOUNT) -> str:
    return api_path(mount, "data", ref.path)


def metadata_path(ref: EntryRef, *, mount: str = MOUNT) -> str:
    return api_path(mount, "metadata", ref.path)


def as_entry(ref: EntryRef, metadata: Data) -> Entry | None:
    """The entry, or None where its current version was deleted or destroyed."""
    version = int(metadata["current_version"])
    current = metadata["versions"].get(str(version))
    if current is None or current["deletion_time"] or current["destroyed"]:
        return None
    texts = metadata["custom_metadata"] or {}
    return Entry(ref, _facts(texts), version, metadata["updated_time"], Stamps.from_metadata(texts))


def find_names(ask: Ask, *, mount: str = MOUNT) -> list[str]:
    """The path of every entry, deleted ones too."""
    try:
        found = ask("SCAN", _folder(mount, "metadata", ""))
    except NoScanError:
        return list(_walk(ask, mount, ""))
    return list((found or {}).get("keys", ()))


def find_entries(ask: Ask, client: str = "", *, mount: str = MOUNT) -> list[Entry]:
    """The entries of one client, or of all, in the order of their names.

    Paths and metadata that are not of our making are left out, or shown without facts.
    """
    prefix = f"{client}/" if client else ""
    try:
        found = ask("SCAN", _folder(mount, "detailed-metadata", prefix)) or {}
        read = {prefix + path: info for path, info in found.get("key_info", {}).items()}
    except NoScanError:
        read = _read_all(ask, mount, list(_walk(ask, mount, prefix)))
    entries = (_entry_at(path, metadata) for path, metadata in read.items())
    return sorted((each for each in entries if each), key=lambda entry: entry.ref.path)


def _entry_at(path: str, metadata: Data) -> Entry | None:
    try:
        return as_entry(EntryRef.parse(path, environments=None), metadata)
    except InvalidError:
        return None


def _facts(values: Mapping[str, str]) -> EntryFacts:
    try:
        return EntryFacts.from_metadata(values)
    except InvalidError:
        return EntryFacts("generic")


def _walk(ask: Ask, mount: str, prefix: str) -> Iterator[str]:
    for key in (ask("LIST", _folder(mount, "metadata", prefix)) or {}).get("keys", ()):
        if key.endswith("/"):
            yield from _walk(ask, mount, prefix + key)
        else:
            yield prefix + key


def _read_all(ask: Ask, mount: str, paths: list[str]) -> dict[str, Data]:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(WALKERS) as pool:
        read = pool.map(lambda path: ask("GET", api_path(mount, "metadata", path)), paths)
        return {path: data for path, data in zip(paths, read, strict=True) if data}


def _folder(mount: str, kind: str, prefix: str) -> str:
    parts = [mount, kind, *([prefix.rstrip("/")] if prefix else [])]
    return api_path(*parts) + "/"
