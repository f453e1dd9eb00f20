"""KeePass databases, kdbx 3 and 4, read with pykeepass.

pykeepass holds the XML of the whole database as a tree. It is walked here by hand: its own
properties search that tree anew for each field, and copy every attachment for each one
(docs/adr/0014-pykeepass.md).
"""

import base64
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from opskit.core.i18n import _
from opskit.core.secret import Secret
from vault.importing.errors import UnreadableFileError, damaged
from vault.importing.otp import TIME_OTP, from_otp_field, from_time_otp
from vault.importing.records import (
    Attachment,
    CustomField,
    Leftover,
    Record,
    is_recycled,
    secret_or_none,
)

Node = Any  # of pykeepass or lxml, neither of which has types
STANDARD = ("Title", "UserName", "Password", "URL", "Notes")
REFERENCE = re.compile(r"\{REF:([TUPAN])@I:([0-9A-Fa-f]{32})\}")
REFERRED = dict(zip("TUPAN", STANDARD, strict=True))
MOST_REFERENCES = 10  # one to another to another; more than that is a circle


class WrongKeyError(UnreadableFileError):
    """The password or the key file is not the one of this file."""

    reference = "wrong-key"


class KeePassFile:
    """An opened kdbx: a `Source`."""

    format = "kdbx"

    def __init__(self, database: Node) -> None:
        self.skipped = 0
        self._database = database
        self._by_uuid: Mapping[str, Node] = {}

    def __iter__(self) -> Iterator[Record | Leftover]:
        return (self._read(entry, path) for entry, path in self._entries())

    def groups(self) -> Iterator[tuple[str, ...]]:
        return (path for _entry, path in self._entries())

    def _entries(self) -> Iterator[tuple[Node, tuple[str, ...]]]:
        self.skipped = 0
        tree = self._database.tree
        return self._walk(tree.find("Root/Group"), (), tree.findtext("Meta/RecycleBinUUID"))

    def _walk(
        self, group: Node, path: tuple[str, ...], bin_id: str
    ) -> Iterator[tuple[Node, tuple[str, ...]]]:
        if group.findtext("UUID") == bin_id or is_recycled(path):
            self.skipped += sum(each.getparent().tag == "Group" for each in group.iter("Entry"))
            return
        for entry in group.iterfind("Entry"):  # an entry's history lies deeper
            yield entry, path
        for each in group.iterfind("Group"):
            yield from self._walk(each, (*path, each.findtext("Name") or ""), bin_id)

    def _read(self, entry: Node, path: tuple[str, ...]) -> Record | Leftover:
        strings = {
            each.findtext("Key") or "": each.find("Value") for each in entry.iterfind("String")
        }
        texts = {key: value.text or "" for key, value in strings.items() if value is not None}
        title = texts.get("Title", "")
        try:
            texts = {key: self._followed(text) for key, text in texts.items()}
        except LookupError:
            return Leftover(path, title, _("it refers to an entry that is not there"))
        hidden = {
            key for key, value in strings.items() if value is not None and _is_protected(value)
        }
        seed, of_seed = _seed_of(texts)
        expires, modified = self._times(entry)
        return Record(
            group=path,
            title=title,
            username=texts.get("UserName", ""),
            password=secret_or_none(texts.get("Password")),
            url=texts.get("URL", ""),
            note=secret_or_none(texts.get("Notes")),
            totp=secret_or_none(seed),
            fields=tuple(
                CustomField(key, Secret(text), key in hidden)
                for key, text in texts.items()
                if key not in STANDARD and key not in of_seed and text
            ),
            files=tuple(self._files(entry)),
            tags=tuple(tag.strip() for tag in re.split("[;,]", entry.findtext("Tags") or "")),
            expires=expires,
            modified=modified,
        )

    def _followed(self, text: str) -> str:
        """With `{REF:P@I:...}`, another entry's field, replaced. Raises LookupError: a dead end."""
        for _step in range(MOST_REFERENCES):
            if "{REF:" not in text:
                return text
            followed = REFERENCE.sub(lambda found: self._referred(found[1], found[2]), text)
            if followed == text:
                break
            text = followed
        raise LookupError

    def _referred(self, letter: str, uuid: str) -> str:
        if not self._by_uuid:
            entries = self._database.tree.iterfind("Root//Group/Entry")
            self._by_uuid = {each.findtext("UUID"): each for each in entries}
        entry = self._by_uuid[base64.b64encode(bytes.fromhex(uuid)).decode()]
        for each in entry.iterfind("String"):
            if each.findtext("Key") == REFERRED[letter]:
                return each.findtext("Value") or ""
        return ""

    def _times(self, entry: Node) -> tuple[date | None, datetime | None]:
        from pykeepass.entry import Entry

        known = Entry(element=entry, kp=self._database)
        with suppress(AttributeError, ValueError, OverflowError, TypeError):  # left out, or no time
            expires = known.expiry_time if known.expires else None
            # The day as it stands on the clock of whoever typed it.
            return (expires.astimezone().date() if expires else None), known.mtime
        return None, None

    def _files(self, entry: Node) -> Iterator[Attachment]:
        for each in entry.iterfind("Binary"):
            yield Attachment(each.findtext("Key") or "", self._content(each.find("Value")))

    def _content(self, value: Node) -> bytes:
        number = value.get("Ref")
        if number is None:
            return _unpacked(value)
        if self._database.version >= (4, 0):
            flagged: bytes = self._database.payload.inner_header.binary[int(number)].data
            return flagged[1:]
        return _unpacked(self._database.tree.find(f"Meta/Binaries/Binary[@ID='{int(number)}']"))


def open_keepass(path: Path, *, password: Secret | None, key: bytes | None) -> KeePassFile:
    """Open it with its password, its key file's content, or both.

    Raises:
        WrongKeyError: not with these. UnreadableFileError: damaged, cut off, or of KeePass 1.
    """
    from pykeepass import PyKeePass
    from pykeepass.exceptions import CredentialsError

    try:
        return KeePassFile(
            PyKeePass(
                path,
                password=None if password is None else password.reveal(),
                keyfile=None if key is None else BytesIO(key),
            )
        )
    except CredentialsError:
        raise WrongKeyError(
            _("{file} does not open with this password").format(file=path),
            hint=_("type it again; a file that has a key file too needs --key-file FILE"),
        ) from None
    except Exception:  # noqa: BLE001 (whatever its parsers raise on a damaged file)
        # What the parsers say may quote what they read.
        raise damaged(path, _("take another copy of it, or save it once more in KeePass")) from None


def _is_protected(value: Node) -> bool:
    return str(value.get("Protected", value.get("ProtectInMemory", ""))) == "True"


def _unpacked(element: Node) -> bytes:
    raw = base64.b64decode(element.text or "")
    return zlib.decompress(raw, zlib.MAX_WBITS | 32) if element.get("Compressed") == "True" else raw


def _seed_of(texts: Mapping[str, str]) -> tuple[str | None, frozenset[str]]:
    """The seed of its one-time passwords, and the fields that it was read from."""
    if text := texts.get("otp"):
        return from_otp_field(text), frozenset({"otp"})
    names = frozenset(name for name in texts if name.lower().startswith(TIME_OTP))
    seed = from_time_otp({name.lower(): texts[name] for name in names})
    return seed, names if seed else frozenset()
