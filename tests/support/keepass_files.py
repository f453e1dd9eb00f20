"""KeePass files as their keepers write them, made for the tests: kdbx 4 and kdbx 3.

The second is written from the description of the format alone, so that reading it proves more
than that pykeepass understands itself.
"""

import base64
import gzip
import hashlib
import secrets
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from Cryptodome.Cipher import AES, Salsa20
from Cryptodome.Util.Padding import pad
from lxml import etree
from lxml.builder import E
from pykeepass import PyKeePass
from pykeepass.pykeepass import BLANK_DATABASE_LOCATION, BLANK_DATABASE_PASSWORD

CHANGED = datetime(2025, 3, 1, 12, tzinfo=UTC)
ROUNDS = 100
SALSA_NONCE = bytes.fromhex("e830094b97205d2a")
Node = Any


@dataclass(frozen=True)
class Sample:
    """One entry; `hidden` are protected fields, `raw` others."""

    title: str
    username: str = ""
    password: str = ""
    url: str = ""
    notes: str = ""
    raw: Mapping[str, str] = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    tags: str = ""
    expires: datetime | None = None
    uuid: bytes = field(default_factory=lambda: secrets.token_bytes(16))


Groups = Mapping[str, Iterable[Sample]]
"""Entries by the path of their group, such as `DELEZE/PROD`."""


def write_kdbx4(
    path: Path, groups: Groups, *, password: str, recycled: str = "", quick: bool = True
) -> Path:
    """As KeePassXC does; `quick` with a key derivation that takes no time."""
    database = PyKeePass(BLANK_DATABASE_LOCATION, BLANK_DATABASE_PASSWORD)
    database.password = password
    if quick:
        derivation = database.kdbx.header.value.dynamic_header.kdf_parameters.data.dict
        derivation["I"].value, derivation["M"].value = 1, 64 * 1024
    numbers: dict[bytes, int] = {}

    def put(content: bytes) -> int:
        numbers.setdefault(content, len(numbers))
        if len(numbers) > len(database.payload.inner_header.binary):
            database.add_binary(content)
        return numbers[content]

    def stamp(moment: datetime) -> str:
        return str(database._encode_time(moment))

    root = database.tree.find("Root/Group")
    bin_id = _fill(root, groups, put=put, stamp=stamp, recycled=recycled)
    database.tree.find("Meta/RecycleBinUUID").text = bin_id
    content = BytesIO()
    database.save(content)
    path.write_bytes(content.getvalue())
    return path


def write_kdbx3(path: Path, groups: Groups, *, password: str, key: bytes = b"") -> Path:
    """As KeePass 2.34 did: AES, Salsa20, hashed blocks, attachments in the XML."""
    binaries = E.Binaries()

    def put(content: bytes) -> int:
        number = len(binaries)
        packed = base64.b64encode(gzip.compress(content)).decode()
        binaries.append(E.Binary(packed, ID=str(number), Compressed="True"))
        return number

    root = E.Group(E.UUID(_some_id()), E.Name("Root"))
    _fill(root, groups, put=put, stamp=lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
    tree = E.KeePassFile(E.Meta(E.RecycleBinUUID(_id(bytes(16))), binaries), E.Root(root))
    header = _Header3()
    cipher = Salsa20.new(hashlib.sha256(header.stream_key).digest(), nonce=SALSA_NONCE)
    for value in tree.iter("Value"):
        if value.get("Protected") == "True" and value.text:
            value.text = base64.b64encode(cipher.encrypt(value.text.encode())).decode()
    path.write_bytes(header.seal(etree.tostring(tree), password=password, key=key))
    return path


class _Header3:
    def __init__(self) -> None:
        self.seed, self.transform, self.stream_key, self.start = (
            secrets.token_bytes(32) for _each in range(4)
        )
        self.iv = secrets.token_bytes(16)

    def seal(self, xml: bytes, *, password: str, key: bytes) -> bytes:
        parts = hashlib.sha256(password.encode()).digest() if password else b""
        parts += hashlib.sha256(key).digest() if key else b""
        transformed = hashlib.sha256(parts).digest()
        for _round in range(ROUNDS):
            transformed = AES.new(self.transform, AES.MODE_ECB).encrypt(transformed)
        transformed = hashlib.sha256(transformed).digest()
        master = hashlib.sha256(self.seed + transformed).digest()
        packed = gzip.compress(xml)
        blocks = struct.pack("<I", 0) + hashlib.sha256(packed).digest()
        blocks += struct.pack("<I", len(packed)) + packed
        blocks += struct.pack("<I", 1) + bytes(32) + struct.pack("<I", 0)
        plain = pad(self.start + blocks, 16)
        return self._bytes() + AES.new(master, AES.MODE_CBC, self.iv).encrypt(plain)

    def _bytes(self) -> bytes:
        fields = (
            (2, bytes.fromhex("31c1f2e6bf714350be5805216afc5aff")),  # AES-256
            (3, struct.pack("<I", 1)),  # gzip
            (4, self.seed),
            (5, self.transform),
            (6, struct.pack("<Q", ROUNDS)),
            (7, self.iv),
            (8, self.stream_key),
            (9, self.start),
            (10, struct.pack("<I", 2)),  # Salsa20
            (0, b"\r\n\r\n"),
        )
        signature = bytes.fromhex("03d9a29a67fb4bb5") + struct.pack("<HH", 1, 3)
        return signature + b"".join(
            struct.pack("<BH", number, len(content)) + content for number, content in fields
        )


def _fill(root: Node, groups: Groups, *, put: Any, stamp: Any, recycled: str = "") -> str:
    """Put the entries below the root; gives the id of the group that is the recycle bin."""
    nodes: dict[str, Node] = {"": root}
    for path, samples in groups.items():
        node = root
        for depth, name in enumerate(path.split("/") if path else ()):
            place = "/".join(path.split("/")[: depth + 1])
            if place not in nodes:
                nodes[place] = E.Group(E.UUID(_some_id()), E.Name(name))
                node.append(nodes[place])
            node = nodes[place]
        for sample in samples:
            node.append(_entry(sample, put, stamp))
    return str(nodes[recycled].findtext("UUID")) if recycled else _id(bytes(16))


def _entry(sample: Sample, put: Any, stamp: Any) -> Node:
    plain = {
        "Title": sample.title,
        "UserName": sample.username,
        "URL": sample.url,
        "Notes": sample.notes,
        **sample.raw,
    }
    hidden = {"Password": sample.password, **sample.hidden}
    return E.Entry(
        E.UUID(_id(sample.uuid)),
        E.Tags(sample.tags),
        E.Times(
            E.LastModificationTime(stamp(CHANGED)),
            E.ExpiryTime(stamp(sample.expires or CHANGED)),
            E.Expires(str(sample.expires is not None)),
        ),
        *(E.String(E.Key(key), E.Value(text)) for key, text in plain.items()),
        *(E.String(E.Key(key), E.Value(text, Protected="True")) for key, text in hidden.items()),
        *(
            E.Binary(E.Key(name), E.Value(Ref=str(put(content))))
            for name, content in sample.files.items()
        ),
        E.History(
            E.Entry(
                E.UUID(_id(sample.uuid)), E.String(E.Key("Title"), E.Value(f"old {sample.title}"))
            )
        ),
    )


def _some_id() -> str:
    return _id(secrets.token_bytes(16))


def _id(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
