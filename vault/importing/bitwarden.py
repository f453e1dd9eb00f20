"""What Bitwarden and Vaultwarden export as JSON, unencrypted.

https://bitwarden.com/help/condition-bitwarden-import/ shows the form. Every item is decoded when
its turn comes, from the bytes of the file.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from opskit.core.i18n import _
from opskit.core.secret import Secret
from vault.importing.errors import UnreadableFileError, damaged
from vault.importing.otp import from_otp_field
from vault.importing.records import (
    CustomField,
    GroupsByReading,
    Leftover,
    Record,
    moment_of,
    secret_or_none,
)

LOGIN, NOTE, CARD, IDENTITY, SSH_KEY = 1, 2, 3, 4, 5
HIDDEN = 1


class Folder(msgspec.Struct):
    id: str
    name: str


class Uri(msgspec.Struct):
    uri: str | None = None


class LoginPart(msgspec.Struct, rename="camel"):
    uris: list[Uri] | None = None
    username: str | None = None
    password: str | None = None
    totp: str | None = None
    fido2_credentials: list[msgspec.Raw] | None = None


class KeyPart(msgspec.Struct, rename="camel"):
    private_key: str | None = None
    public_key: str | None = None


class Field(msgspec.Struct):
    name: str | None = None
    value: str | None = None
    type: int = 0


class Item(msgspec.Struct, rename="camel"):
    type: int
    name: str | None = None
    notes: str | None = None
    folder_id: str | None = None
    collection_ids: list[str] | None = None
    fields: list[Field] | None = None
    login: LoginPart | None = None
    ssh_key: KeyPart | None = None
    deleted_date: str | None = None
    revision_date: str | None = None


class Export(msgspec.Struct):
    items: list[msgspec.Raw] | None = None
    encrypted: bool = False
    folders: list[Folder] | None = None
    collections: list[Folder] | None = None


class BitwardenFile(GroupsByReading):
    """The bytes of such a file: a `Source`."""

    format = "bitwarden"

    def __init__(self, path: Path, content: bytes) -> None:
        """Raises UnreadableFileError: encrypted, damaged, or something else in JSON."""
        self.skipped = 0
        try:
            export = msgspec.json.decode(content, type=Export)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise damaged(path) from None  # the reason might quote the file
        if export.encrypted:
            raise UnreadableFileError(
                _("{file} is an encrypted export").format(file=path),
                hint=_("export it again in Bitwarden with the format .json, and delete it later"),
            )
        if export.items is None:
            raise UnreadableFileError(
                _("{file} is no export of Bitwarden").format(file=path),
                hint=_("export it in Bitwarden with the format .json"),
            )
        folders = (*(export.folders or ()), *(export.collections or ()))
        self._folders = {each.id: tuple(each.name.split("/")) for each in folders}
        self._items = export.items

    def __iter__(self) -> Iterator[Record | Leftover]:
        self.skipped = 0
        for number, raw in enumerate(self._items, start=1):
            try:
                item = msgspec.json.decode(raw, type=Item)
            except msgspec.MsgspecError:
                yield Leftover((), _("item {number}").format(number=number), _("it is damaged"))
                continue
            if item.deleted_date:
                self.skipped += 1
                continue
            yield from self._read(item)

    def _read(self, item: Item) -> Iterator[Record | Leftover]:
        place = item.folder_id or next(iter(item.collection_ids or ()), "")
        group = self._folders.get(place, ())
        title = item.name or ""
        if item.type not in (LOGIN, NOTE, SSH_KEY):
            yield Leftover(group, title, _no_credential(item.type))
            return
        yield _record(item, group, title)
        if item.login and item.login.fido2_credentials:
            yield Leftover(group, title, _("its passkey stays behind: the safe holds none"))


def _record(item: Item, group: tuple[str, ...], title: str) -> Record:
    login = item.login or LoginPart()
    first, *others = [each.uri for each in login.uris or () if each.uri] or [""]
    key = item.ssh_key or KeyPart()
    made = [
        *((f"url-{number}", url, False) for number, url in enumerate(others, start=2)),
        ("private-key", key.private_key, True),
        ("public-key", key.public_key, False),
        *((each.name or "field", each.value, each.type == HIDDEN) for each in item.fields or ()),
    ]
    return Record(
        group=group,
        title=title,
        username=login.username or "",
        password=secret_or_none(login.password),
        url=first,
        note=secret_or_none(item.notes),
        totp=secret_or_none(from_otp_field(login.totp) if login.totp else None),
        fields=tuple(
            CustomField(name, Secret(value), protected) for name, value, protected in made if value
        ),
        modified=moment_of(item.revision_date),
    )


def _no_credential(kind: int) -> str:
    match kind:
        case 3:
            return _("a payment card is no credential of a client")
        case 4:
            return _("an identity is no credential of a client")
        case _:
            return _("opskit does not know this kind of item")
