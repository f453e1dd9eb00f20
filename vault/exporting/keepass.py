"""Entries as a KeePass database, kdbx 4, encrypted: groups `CODE - Name` and environment.

The XML is made by hand: pykeepass's own `add_entry` searches the whole group for each entry, with
the title put unquoted into its question. Opened again, `vault.importing` finds everything.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.secret import Secret
from vault.entries import FILE_PREFIX, Entry, EntryValue
from vault.facts import EntryFacts
from vault.importing.otp import as_address
from vault.kinds import NOTE, PASSWORD, TOTP_SEED

BESIDE = ("kind", "host", "port", "domain", "engine", "service", "via")

Node = Any  # of pykeepass or lxml, neither of which has types
Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Exported:
    """An entry with its secrets, on its way into a file."""

    entry: Entry
    value: EntryValue


def as_kdbx(
    found: Mapping[str, Sequence[Exported]],
    names: Mapping[str, str],
    *,
    password: Secret,
    random: Random,
) -> bytes:
    """The whole file; `found` and `names` are by client code.

    Raises:
        InvalidError: a secret has characters that XML cannot hold.
    """
    from pykeepass import create_database

    database = create_database(BytesIO(), password=password.reveal())
    for code, entries in found.items():
        group = database.add_group(database.root_group, f"{code} - {names[code]}")
        environments: dict[str, Node] = {}
        for each in entries:
            environment = each.entry.ref.environment
            if environment not in environments:
                environments[environment] = database.add_group(group, environment)
            environments[environment]._element.append(_element(database, each, random))  # noqa: SLF001
    content = BytesIO()
    database.save(content)
    return content.getvalue()


def _element(database: Node, exported: Exported, random: Random) -> Node:
    from lxml.builder import E

    facts, secrets = exported.value.facts, exported.value.secrets
    try:
        strings = [
            E.String(E.Key(key), E.Value(text, **({"Protected": "True"} if hidden else {})))
            for key, text, hidden in _strings(exported)
        ]
        files = [
            E.Binary(
                E.Key(name.removeprefix(FILE_PREFIX)),
                E.Value(Ref=str(database.add_binary(b64decode(secret.reveal())))),
            )
            for name, secret in secrets.items()
            if name.startswith(FILE_PREFIX)
        ]
    except ValueError:  # of lxml, or of base64; its words may hold the secret
        raise InvalidError(
            _("{entry} holds signs that no KeePass file can hold").format(entry=exported.entry.ref),
            hint=f"opskit vault show {exported.entry.ref}",
        ) from None
    return E.Entry(
        E.UUID(b64encode(UUID(bytes=random(16), version=4).bytes).decode()),
        E.Tags(";".join(facts.tags)),
        _times(database, exported),
        *strings,
        *files,
    )


def _strings(exported: Exported) -> Iterator[tuple[str, str, bool]]:
    """Key, text, and whether KeePass should hide it."""
    facts, secrets = exported.value.facts, exported.value.secrets
    texts = {name: secret.reveal() for name, secret in secrets.items()}
    seed = texts.pop(TOTP_SEED, "")
    yield "Title", exported.entry.ref.name, False
    yield "UserName", facts.username, False
    yield "Password", texts.pop(PASSWORD, ""), True
    yield "URL", facts.url or _address(facts), False
    yield "Notes", texts.pop(NOTE, ""), False
    if seed:
        yield "otp", as_address(seed), True
    yield "ref", exported.entry.ref.path, False
    known = facts.to_metadata()
    for name in BESIDE:
        if name in known:
            yield name, known[name], False
    for name, text in texts.items():
        if not name.startswith(FILE_PREFIX):
            yield name, text, True


def _address(facts: EntryFacts) -> str:
    """What KeePass can open, where the entry has no address of its own."""
    scheme = {"rdp": "rdp", "ssh": "ssh", "database": facts.engine}.get(facts.kind, "")
    if not scheme or not facts.host:
        return ""
    port = f":{facts.port}" if facts.port else ""
    return f"{scheme}://{facts.host}{port}" + (f"/{facts.service}" if facts.service else "")


def _times(database: Node, exported: Exported) -> Node:
    from lxml.builder import E

    changed = exported.entry.stamps.rotated or exported.entry.updated_at
    expires = exported.value.facts.expires
    end = datetime.fromisoformat(f"{expires}T23:59:59").astimezone(UTC) if expires else None
    moment = database._encode_time(_moment(changed))  # noqa: SLF001 (it has no other way)
    return E.Times(
        E.CreationTime(moment),
        E.LastModificationTime(moment),
        E.LastAccessTime(moment),
        E.ExpiryTime(database._encode_time(end) if end else moment),  # noqa: SLF001
        E.Expires(str(end is not None)),
        E.UsageCount("0"),
        E.LocationChanged(moment),
    )


def _moment(text: str) -> datetime:
    """The server's times have nanoseconds, which Python's have not."""
    return datetime.fromisoformat(text[:19] + "+00:00")
