"""What a record becomes in the safe: facts that everyone may see, secrets, files.

Nothing is lost on the way: what fits no fact of the kind becomes a field of the entry's own.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.secret import Secret
from opskit.core.text import fold
from vault.entries import FILE_PREFIX, EntryRef, EntrySecrets
from vault.facts import FACTS, EntryFacts
from vault.importing.addresses import ENGINE_OF, Address, holds_secret, parse_address
from vault.importing.records import CustomField, Record
from vault.kinds import KINDS, NOTE, PASSWORD, TOTP_SEED

ROOM = 1_000_000  # bytes; the safe takes a little more, which the names and the JSON need
LONGEST_FIELD = 64
ENVIRONMENT_FIELDS = ("env", "environment", "environnement", "umgebung")
FACT_OF: Mapping[str, str] = {
    **{name: name for name in FACTS},
    "server": "host",
    "serveur": "host",
    "hostname": "host",
    "domaine": "domain",
    "sid": "service",
    "service-name": "service",
}
SECRET_OF: Mapping[str, str] = {
    "psk": "shared-key",
    "preshared-key": "shared-key",
    "pre-shared-key": "shared-key",
    "cle-partagee": "shared-key",
    "privatekey": "private-key",
    "cle-privee": "private-key",
}


@dataclass(frozen=True, slots=True)
class Contents:
    """An entry to be. `too_large` names the files that the safe has no room for."""

    facts: EntryFacts
    secrets: EntrySecrets
    too_large: tuple[str, ...]


def contents_of(record: Record, kind: str) -> Contents:
    """Sort the parts of a record into an entry of that kind."""
    address = parse_address(record.url)
    said = {**_given(record, kind, address), **_said_beside(record)}
    facts, odd = _sorted(kind, said)
    secrets = dict(_standard(record, address))
    for each in (*_beside(record, said), *odd):
        secrets[_free(_field_name(each.name), secrets)] = each.value
    too_large = tuple(_pack(record, secrets))
    return Contents(facts, secrets, too_large)


def slug(text: str) -> str:
    """Small letters, digits, dots and dashes: readable, and easily typed."""
    return re.sub(r"[^\w.]+", "-", fold(text)).strip("-._")


def _given(record: Record, kind: str, address: Address | None) -> dict[str, str]:
    """The facts in what every keeper has."""
    username = record.username or (address.username if address else "")
    given = {"username": username}
    in_domain = re.fullmatch(r"([^\\]+)\\([^\\]+)", username)
    if in_domain and "domain" in KINDS[kind].facts:
        given = {"domain": in_domain[1], "username": in_domain[2]}
    tags = dict.fromkeys("-".join(tag.split()) for tag in record.tags)
    given |= _where(record.url.strip(), kind, address)
    given |= {"tags": " ".join(tag for tag in tags if tag)}
    given |= {"expires": record.expires.isoformat() if record.expires else ""}
    if holds_secret(record.url, address):
        given["url"] = ""  # it is kept as a secret
    return {name: text for name, text in given.items() if text}


def _where(url: str, kind: str, address: Address | None) -> dict[str, str]:
    if address is None:
        return {"url": url}
    place = {"host": address.host, "port": str(address.port or "")}
    has_more = address.path or "?" in address.text or ";" in address.text
    if kind == "database" and (address.scheme in ENGINE_OF or not address.scheme):
        whole = {"engine": ENGINE_OF.get(address.scheme, ""), "service": address.path}
        is_odd = "/" in address.path or "?" in address.text or "\\" in address.text
        return {**place, **whole, "url": address.text if is_odd else ""}
    if "url" not in KINDS[kind].facts or not address.scheme:
        return {**place, "url": address.text if has_more else ""}
    return {"url": address.text}


def _said_beside(record: Record) -> dict[str, str]:
    """The facts in fields of the users' own; a hidden field is never a fact."""
    said = {}
    for each in record.fields:
        fact = FACT_OF.get(slug(each.name))
        text = each.value.reveal().strip()
        is_known = (fact == "username" and record.username) or (fact == "url" and record.url)
        is_secret = each.protected or (fact == "url" and _opens_a_door(text))
        if fact and not is_secret and not is_known and fact not in ("kind", "tags"):
            said[fact] = text
    return said


def _opens_a_door(url: str) -> bool:
    address = parse_address(url)
    return holds_secret(url, address) or bool(address and address.password)


def _beside(record: Record, said: Mapping[str, str]) -> Iterator[CustomField]:
    """The fields of the users' own that became no fact."""
    for each in record.fields:
        name = slug(each.name)
        text = each.value.reveal().strip()
        is_fact = not each.protected and said.get(FACT_OF.get(name, "")) == text
        is_aside = name in ENVIRONMENT_FIELDS or _is_place(name, text)
        if text and not is_fact and (each.protected or not is_aside):
            yield each


def _is_place(name: str, text: str) -> bool:
    return (name == "kind" and text.lower() in KINDS) or (name == "ref" and bool(said_ref(text)))


def said_ref(text: str) -> EntryRef | None:
    """The entry that an export of our own names in the field `ref`; None where it names none."""
    try:
        return EntryRef.parse(text)
    except InvalidError:
        return None


def _standard(record: Record, address: Address | None) -> Iterator[tuple[str, Secret]]:
    password = record.password
    if address and address.password:
        if password is None:
            password = Secret(address.password)
        elif password.reveal() != address.password:
            yield "url-password", Secret(address.password)
    if password is not None:
        yield PASSWORD, password
    if holds_secret(record.url, address):
        yield "address", Secret(record.url.strip())
    if record.totp is not None:
        yield TOTP_SEED, record.totp
    if record.note is not None:
        yield NOTE, Secret(record.note.reveal().replace("\r\n", "\n"))


def _pack(record: Record, secrets: dict[str, Secret]) -> Iterator[str]:
    """Put the files beside the other secrets, and give the names of those that are too large."""
    room = ROOM - sum(len(each.reveal().encode()) for each in secrets.values())
    for each in record.files:
        packed = b64encode(each.content).decode()
        if len(packed) > room:
            yield each.name
            continue
        room -= len(packed)
        secrets[_free(FILE_PREFIX + _file_name(each.name), secrets)] = Secret(packed)


def _sorted(kind: str, said: Mapping[str, str]) -> tuple[EntryFacts, list[CustomField]]:
    """The facts that an entry of that kind may have, and as fields what else is said."""
    if whole := _facts(kind, said):
        return whole, []
    fitting = {name: text for name, text in said.items() if _facts(kind, {name: text})}
    odd = [CustomField(name, Secret(text)) for name, text in said.items() if name not in fitting]
    return EntryFacts.from_metadata({"kind": kind, **fitting}), odd


def _facts(kind: str, said: Mapping[str, str]) -> EntryFacts | None:
    """None where an entry of that kind cannot say all of this of itself."""
    known = {"kind": kind, **said}
    try:
        facts = EntryFacts.from_metadata(known)
    except InvalidError:
        return None
    return facts if facts.to_metadata() == known else None


def _field_name(text: str) -> str:
    if re.fullmatch(r"[a-z0-9][^,:/\sA-Z]{0,63}", text):
        return SECRET_OF.get(text, text)
    name = slug(text.replace("_", "-"))[:LONGEST_FIELD].strip("-._")
    return SECRET_OF.get(name, name) or "field"


def _file_name(text: str) -> str:
    name = re.sub(r"[,:/\\\s]+", " ", text).strip()[-LONGEST_FIELD:]
    return re.sub(r"^[\W_]+", "", name) or "file"


def _free(name: str, taken: Mapping[str, Secret]) -> str:
    """The name, or with a number where it is a fact's or stands already."""
    number, free = 1, name
    while free in taken or free in (*FACTS, PASSWORD, NOTE):
        number += 1
        free = f"{name}-{number}"
    return free


def no_room(name: str) -> str:
    return _("the file {name} is too large: the safe takes 1 MB an entry").format(name=name)
