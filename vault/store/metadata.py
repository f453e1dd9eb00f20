"""The key-value engine's metadata: read as entries, and found for a whole safe at once.

OpenBao answers SCAN with everything in one round trip. HashiCorp Vault does not know the method,
and a policy may withhold it: there the folders are listed in a few threads, with the metadata of
what is in them where the server has that (OpenBao since 2.3.1), else without, and then each entry
is asked for.
"""

from collections.abc import Mapping
from concurrent.futures import Executor
from contextlib import suppress
from typing import Any, Protocol

from opskit.core.errors import InvalidError
from opskit.core.http import api_path
from opskit.core.secret import Secret
from vault.entries import Entry, EntryRef, Stamps
from vault.errors import EntryNotFoundError, entry_removed, no_entry, no_field
from vault.facts import EntryFacts

MOUNT = "clients"
GUARDED = "guarded"
WALKERS = 8
DEPTH = 3  # client, environment, name

Data = Mapping[str, Any]


class NoShortcutError(Exception):
    """The server does not know this request, or does not let this person send it."""


class Ask(Protocol):
    """Sends one request; called from several threads where the folders are walked."""

    def __call__(self, method: str, path: str, /, *, shortcut: bool = False) -> Data | None:
        """The reply's `data`, None where there is nothing (404).

        Raises:
            NoShortcutError: refused, and `shortcut` says that there is another way.
        """
        ...


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


def missing(ref: EntryRef, found: Data | None) -> EntryNotFoundError:
    """Why a read found no value: it was removed and can come back, or there is none.

    `found` is what the server answered all the same, of the value or of the metadata.
    """
    if found is None:
        return no_entry(ref.path)
    about = found.get("metadata") or found["versions"].get(str(found["current_version"])) or {}
    is_removed = about.get("deletion_time") and not about.get("destroyed")
    return entry_removed(ref.path) if is_removed else no_entry(ref.path)


def secret_of(ref: EntryRef, found: Data | None, field: str) -> Secret:
    """One field of the value that the server answered, None for a 404.

    Raises:
        EntryNotFoundError: there is no value. NotFoundError: it keeps no such field.
    """
    fields = (found or {}).get("data")
    if not fields:
        raise missing(ref, found)
    if field not in fields:
        raise no_field(ref.path, field, list(fields))
    return Secret(str(fields[field]))


def entry_of(ref: EntryRef, metadata: Data | None) -> Entry:
    """The entry whose metadata the server answered. Raises EntryNotFoundError."""
    entry = as_entry(ref, metadata) if metadata else None
    if entry is None:
        raise missing(ref, metadata)
    return entry


def find_names(ask: Ask, *, mount: str = MOUNT) -> list[str]:
    """The path of every entry, deleted ones too."""
    with suppress(NoShortcutError):
        found = ask("SCAN", _folder(mount, "metadata", ""), shortcut=True)
        return list((found or {}).get("keys", ()))
    with _walkers() as pool:
        return list(_walk(ask, pool, mount, "metadata", ""))


def find_entries(ask: Ask, client: str = "", *, mount: str = MOUNT) -> list[Entry]:
    """The entries of one client, or of all, in the order of their names.

    Paths and metadata that are not of our making are left out, or shown without facts.
    """
    found = _read_all(ask, mount, f"{client}/" if client else "")
    entries = (_entry_at(path, metadata) for path, metadata in found.items())
    return sorted((each for each in entries if each), key=lambda entry: entry.ref.path)


def _read_all(ask: Ask, mount: str, prefix: str) -> Mapping[str, Data]:
    """The metadata of what is below the prefix, by its path; each way is slower than the last."""
    kind = "detailed-metadata"
    with suppress(NoShortcutError):
        found = ask("SCAN", _folder(mount, kind, prefix), shortcut=True) or {}
        return {prefix + path: info for path, info in found.get("key_info", {}).items()}
    with _walkers() as pool:
        with suppress(NoShortcutError):
            listed = _walk(ask, pool, mount, kind, prefix, shortcut=True)
            return {path: info for path, info in listed.items() if info}
        paths = list(_walk(ask, pool, mount, "metadata", prefix))
        read = pool.map(lambda path: ask("GET", api_path(mount, "metadata", path)), paths)
        return {path: info for path, info in zip(paths, read, strict=True) if info}


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


def _walk(
    ask: Ask, pool: Executor, mount: str, kind: str, prefix: str, *, shortcut: bool = False
) -> dict[str, Data | None]:
    """What is below the prefix, as deep as an entry can be, with what the lists say about it."""
    found: dict[str, Data | None] = {}
    folders = [prefix]
    while folders:
        lists = pool.map(
            lambda folder: ask("LIST", _folder(mount, kind, folder), shortcut=shortcut) or {},
            folders,
        )
        deeper = []
        for folder, listed in zip(folders, lists, strict=True):
            about = listed.get("key_info") or {}
            for key in listed.get("keys", ()):
                if not key.endswith("/"):
                    found[folder + key] = about.get(key)
                elif (folder + key).count("/") < DEPTH:
                    deeper.append(folder + key)
        folders = deeper
    return found


def _walkers() -> Executor:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(WALKERS)


def _folder(mount: str, kind: str, prefix: str) -> str:
    parts = [mount, kind, *([prefix.rstrip("/")] if prefix else [])]
    return api_path(*parts) + "/"
